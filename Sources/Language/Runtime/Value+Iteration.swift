extension Value {
    /// What `for` goes through; `nil` where there is nothing to go through.
    public func iterated() throws -> [Value]? {
        guard case .object(let object) = self else { return nil }
        switch object {
        case let list as ListObject: return list.elements
        case let range as RangeObject:
            guard range.count <= Limits.listElements else { throw Limits.listTooLong(range.count) }
            return (0..<range.count).map { .int(range.element(at: $0)) }
        case let string as StringObject: return string.text.unicodeScalars.map { .object(StringObject.character($0)) }
        case let record as RecordObject: return record.layout.names.map { .object($0) }
        case let native as NativeObject: return try native.elements()
        default: return nil
        }
    }
}
