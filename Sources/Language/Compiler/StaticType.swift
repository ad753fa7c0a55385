/// The type of a value as far as it is certain before anything runs.
enum StaticType: Equatable {
    case null, bool, int, float, string, list, record, range, function
    /// A native type, by the name scripts see.
    case native(String)

    /// The type of a value that is there already.
    init?(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .float: self = .float
        case .object(let object):
            switch object.kind {
            case .string: self = .string
            case .list: self = .list
            case .record: self = .record
            case .range: self = .range
            case .function, .nativeFunction: self = .function
            case .native where !(object is UnknownValue): self = .native(object.typeName)
            default: return nil
            }
        }
    }

    /// What a function of the library declares to give, where that is one type.
    init?(returns name: String, registry: Registry) {
        switch name {
        case "Bool": self = .bool
        case "Int": self = .int
        case "Float": self = .float
        case "String": self = .string
        case "List": self = .list
        case "Record": self = .record
        case "Range": self = .range
        case "Function": self = .function
        default:
            guard registry.fields(of: name) != nil else { return nil }
            self = .native(name)
        }
    }

    var name: String {
        switch self {
        case .null: "Nil"
        case .bool: "Bool"
        case .int: "Int"
        case .float: "Float"
        case .string: "String"
        case .list: "List"
        case .record: "Record"
        case .range: "Range"
        case .function: "Function"
        case .native(let name): name
        }
    }

    var isNative: Bool { if case .native = self { true } else { false } }
    var isNumber: Bool { self == .int || self == .float }

    /// `an Int`, `a String`, `nil`
    var described: String {
        self == .null ? "nil" : ("AEIO".contains(name.first ?? "x") ? "an " : "a ") + name
    }

    /// What an operator gives for two types: a type, nothing certain, or an error.
    enum Outcome: Equatable { case type(StaticType), unknown, unsupported }

    static func binary(_ op: BinaryOperator, _ left: StaticType?, _ right: StaticType?) -> Outcome {
        guard let left, let right, !left.isNative, !right.isNative else { return .unknown }
        switch op {
        case .equal, .notEqual: return .type(.bool)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let isMixed = (left.isNumber && right == .string) || (left == .string && right.isNumber)
            return isMixed ? .unsupported : .unknown
        case .matrixMultiply: return .unsupported
        default: break
        }
        if left.isNumber, right.isNumber {
            if op == .divide || left == .float || right == .float { return .type(.float) }
            return op == .power ? .unknown : .type(.int)
        }
        switch (op, left, right) {
        case (.add, .string, .string), (.add, .list, .list): return .type(left)
        case (.multiply, .string, .int), (.multiply, .list, .int): return .type(left)
        case (.multiply, .int, .string), (.multiply, .int, .list): return .type(right)
        default: return .unsupported
        }
    }
}

extension ParameterType {
    func accepts(_ type: StaticType) -> Bool {
        if kinds.contains(.any) { return true }
        switch type {
        case .null: return kinds.contains(.null)
        case .bool: return kinds.contains(.bool)
        case .int: return kinds.contains(.int)
        case .float: return kinds.contains(.float)
        case .string: return kinds.contains(.string)
        case .list: return kinds.contains(.list)
        case .record: return kinds.contains(.record)
        case .range: return kinds.contains(.range)
        case .function: return kinds.contains(.function)
        case .native(let name): return objects.contains(name)
        }
    }
}
