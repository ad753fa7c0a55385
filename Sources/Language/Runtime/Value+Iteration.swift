import Interruption

extension Value {
    /// What `for` goes through; `nil` where there is nothing to go through.
    public func iterated() throws -> [Value]? {
        guard case .object(let object) = self else { return nil }
        switch object {
        case let list as ListObject: return list.elements
        case let range as RangeObject:
            guard range.count <= Limits.listElements else { throw Limits.listTooLong(range.count) }
            return (0..<range.count).map { .int(range.element(at: $0)) }
        case let string as StringObject:
            guard string.count <= Limits.listElements else { throw Limits.listTooLong(string.count) }
            return try string.text.unicodeScalars.map { scalar in
                try Interruption.check()
                return .string(String(scalar))
            }
        case let record as RecordObject: return record.keys.map { .string($0) }
        case let native as NativeObject: return try native.elements()
        default: return nil
        }
    }
}
