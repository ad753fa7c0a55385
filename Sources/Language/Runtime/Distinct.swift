import Interruption

/// Values without repetitions, found by hashing what `==` compares.
enum Distinct {
    /// Values that are equal have equal keys, and the other way round.
    private indirect enum Key: Hashable {
        case null
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string([UInt8])
        case list([Key])
        case record([String: Key])
        case range(start: Int, count: Int, step: Int)
        case library(String)
        case object(ObjectIdentifier)
    }

    static func elements(_ values: [Value]) throws -> [Value] {
        // Several sets, since a large one that grows takes longer than a user waits after Ctrl-C.
        let count = 64
        var seen = [Set<Key>](repeating: [], count: count)
        var others: [Value] = []
        do {
            return try values.filter { value in
                try Interruption.check()
                if let key = try key(of: value, depth: 0) {
                    let part = (key.hashValue >> 32) & (count - 1)
                    return seen[part].insert(key).inserted
                }
                if try others.contains(where: { try Equality.areEqual($0, value) }) { return false }
                others.append(value)
                return true
            }
        } catch {
            Interruption.leave(seen)
            throw error
        }
    }

    /// `nil` for what only its own type can compare, such as tensors.
    private static func key(of value: Value, depth: Int) throws -> Key? {
        switch value {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .int(let int): return .int(int)
        case .float(let double): return Int(exactly: double).map { .int($0) } ?? .float(double)
        case .object(let object): return try key(of: object, depth: depth + 1)
        }
    }

    private static func key(of object: Object, depth: Int) throws -> Key? {
        guard depth <= Limits.nesting else { throw Equality.tooDeep }
        try Interruption.check()
        switch object {
        case let string as StringObject: return .string(string.withBytes { Array($0) })
        case let list as ListObject:
            var keys: [Key] = []
            for element in list.elements {
                guard let key = try key(of: element, depth: depth) else { return nil }
                keys.append(key)
            }
            return .list(keys)
        case let record as RecordObject:
            var keys: [String: Key] = [:]
            for (name, field) in record.pairs {
                guard let key = try key(of: field, depth: depth) else { return nil }
                keys[name] = key
            }
            return .record(keys)
        case let range as RangeObject:
            let count = range.count
            return .range(start: count > 0 ? range.start : 0, count: count, step: count > 1 ? range.step : 1)
        case let native as NativeFunctionObject where native.receiver == nil: return .library(native.function.name)
        case is NativeObject: return nil
        default: return .object(ObjectIdentifier(object))
        }
    }
}
