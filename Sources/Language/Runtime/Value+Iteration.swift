import Interruption

extension Value {
    /// What `for` goes through; `nil` where there is nothing to go through.
    public func iterated() throws -> [Value]? {
        guard case .object(let object) = self else { return nil }
        switch object {
        case let list as ListObject: return list.elements
        case let range as RangeObject: return try range.elements()
        case let string as StringObject:
            guard string.count <= Limits.listElements else { throw Limits.listTooLong(string.count) }
            return try string.text.unicodeScalars.map {
                try Interruption.check()
                return .object(StringObject.character($0))
            }
        case let record as RecordObject: return record.layout.names.map { .object($0) }
        case let native as NativeObject: return try native.elements()
        default: return nil
        }
    }
}

extension RangeObject {
    fileprivate func elements() throws -> [Value] {
        let count = self.count
        guard count <= Limits.listElements else { throw Limits.listTooLong(count) }
        var values: [Value] = []
        values.reserveCapacity(count)
        for position in 0..<count {
            if position & 0xFFFF == 0 { try Interruption.check() }
            values.append(.int(element(at: position)))
        }
        return values
    }
}
