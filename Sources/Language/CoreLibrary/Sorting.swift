import Interruption

// What `sort` does.
extension CoreLibrary {
    /// Equal elements keep their order, since their positions decide.
    static func sorted(_ call: NativeCall) throws -> [Value] {
        let values = try call.elements("values")
        let isDescending = try call.bool("descending")
        let keys = try keys(of: values, call)
        if let integers = try all(keys, as: { if case .int(let int) = $0 { int } else { nil } }) {
            return try arranged(values, by: integers, isDescending)
        }
        if let numbers = try all(keys, as: { if case .float(let double) = $0, !double.isNaN { double } else { nil } }) {
            return try arranged(values, by: numbers, isDescending)
        }
        let order = try values.indices.sorted { left, right in
            try Interruption.check()
            // What is no number goes to the end, whatever the direction.
            let (isLeftNaN, isRightNaN) = (Ordering.isNaN(keys[left]), Ordering.isNaN(keys[right]))
            if isLeftNaN || isRightNaN { return isLeftNaN == isRightNaN ? left < right : isRightNaN }
            guard let order = try Ordering.order(keys[left], keys[right]) else {
                throw RuntimeError(
                    "`sort` cannot order \(Printer.withType(keys[left])) and \(Printer.withType(keys[right]))",
                    code: "E201")
            }
            if order == 0 { return left < right }
            return isDescending ? order > 0 : order < 0
        }
        return order.map { values[$0] }
    }

    private static func keys(of values: [Value], _ call: NativeCall) throws -> [Value] {
        guard call.wasGiven("by") else { return values }
        let by = call.value("by")
        if let field = by.asString {
            return try values.map { try Indexing.field(field, of: $0, registry: call.interpreter.registry) }
        }
        return try values.map { try call.call(by, [$0]) }
    }

    /// The keys as one Swift type, if they all are of it.
    private static func all<Key>(_ keys: [Value], as key: (Value) -> Key?) throws -> [Key]? {
        var result: [Key] = []
        result.reserveCapacity(keys.count)
        for (index, value) in keys.enumerated() {
            if index & 0xFFFF == 0xFFFF { try Interruption.check() }
            guard let key = key(value) else { return nil }
            result.append(key)
        }
        return result
    }

    private static func arranged<Key: Comparable>(_ values: [Value], by keys: [Key], _ isDescending: Bool) throws
        -> [Value]
    {
        var order = keys.enumerated().map { (key: $1, position: $0) }
        try order.sort { left, right in
            try Interruption.check()
            if left.key == right.key { return left.position < right.position }
            return (left.key < right.key) != isDescending
        }
        return try order.map {
            try Interruption.check()
            return values[$0.position]
        }
    }
}
