/// Which values a parameter takes: a set of kinds, and the names of native types. Types join with `|`.
public struct ParameterType: Equatable, Sendable {
    struct Kinds: OptionSet, Sendable {
        let rawValue: UInt16
        static let null = Kinds(rawValue: 1)
        static let bool = Kinds(rawValue: 2)
        static let int = Kinds(rawValue: 4)
        static let float = Kinds(rawValue: 8)
        static let string = Kinds(rawValue: 16)
        static let list = Kinds(rawValue: 32)
        static let record = Kinds(rawValue: 64)
        static let range = Kinds(rawValue: 128)
        static let function = Kinds(rawValue: 256)
        static let any = Kinds(rawValue: 512)
    }

    let kinds: Kinds
    let objects: [String]

    private init(_ kinds: Kinds, objects: [String] = []) {
        self.kinds = kinds
        self.objects = objects
    }

    public static let any = ParameterType(.any)
    public static let null = ParameterType(.null)
    public static let bool = ParameterType(.bool)
    public static let int = ParameterType(.int)
    /// Int or Float.
    public static let number = ParameterType([.int, .float])
    public static let string = ParameterType(.string)
    public static let list = ParameterType(.list)
    public static let record = ParameterType(.record)
    public static let range = ParameterType(.range)
    public static let function = ParameterType(.function)
    /// List or Range.
    public static let sequence = ParameterType([.list, .range])

    /// A native type, by the name scripts see: `.object("Tensor")`.
    public static func object(_ typeName: String) -> ParameterType { ParameterType([], objects: [typeName]) }

    public static func | (left: ParameterType, right: ParameterType) -> ParameterType {
        ParameterType(left.kinds.union(right.kinds), objects: left.objects + right.objects)
    }

    public func accepts(_ value: Value) -> Bool {
        if kinds.contains(.any) { return true }
        switch value {
        case .null: return kinds.contains(.null)
        case .bool: return kinds.contains(.bool)
        case .int: return kinds.contains(.int)
        case .float: return kinds.contains(.float)
        case .object(let object): return accepts(object)
        }
    }

    private func accepts(_ object: Object) -> Bool {
        switch object.kind {
        case .string: kinds.contains(.string)
        case .list: kinds.contains(.list)
        case .record: kinds.contains(.record)
        case .range: kinds.contains(.range)
        case .function, .nativeFunction: kinds.contains(.function)
        default: objects.contains(object.typeName)
        }
    }

    /// The kinds it takes whatever a native object may be called.
    var acceptedKinds: UInt16 { kinds.contains(.any) ? .max : kinds.rawValue }

    /// The kind of a value as a set; the largest bit for native objects.
    @inline(__always)
    static func kind(of place: UnsafeMutablePointer<Value>) -> UInt16 {
        switch place.pointee {
        case .null: return Kinds.null.rawValue
        case .bool: return Kinds.bool.rawValue
        case .int: return Kinds.int.rawValue
        case .float: return Kinds.float.rawValue
        case .object(let object):
            switch object.kind {
            case .string: return Kinds.string.rawValue
            case .list: return Kinds.list.rawValue
            case .record: return Kinds.record.rawValue
            case .range: return Kinds.range.rawValue
            case .function, .nativeFunction: return Kinds.function.rawValue
            default: return 1 << 15
            }
        }
    }

    /// `Int or String`; `any value`.
    public var description: String { names.joined(separator: " or ") }

    var names: [String] {
        if kinds.contains(.any) { return ["any value"] }
        let all: [(Kinds, String)] = [
            (.null, "Nil"), (.bool, "Bool"), (.int, "Int"), (.float, "Float"), (.string, "String"), (.list, "List"),
            (.record, "Record"), (.range, "Range"), (.function, "Function"),
        ]
        return all.filter { kinds.contains($0.0) }.map(\.1) + objects
    }
}
