import Interruption

extension Value {
    /// What `for` goes through, as a whole; `nil` where there is nothing to go through.
    public func iterated() throws -> [Value]? {
        guard case .object(let object) = self else { return nil }
        switch object {
        case let list as ListObject: return list.elements
        case let range as RangeObject:
            try MemoryLimit.reserve(min(range.count, Limits.listElements) * MemoryLayout<Value>.stride)
            return try range.elements()
        case let string as StringObject:
            guard string.count <= Limits.listElements else { throw Limits.listTooLong(string.count) }
            var characters: [Value] = []
            characters.reserveCapacity(string.count)
            var offset = 0
            while offset < string.byteCount {
                try Interruption.check()
                let character = string.character(offset: offset)
                offset += character.byteCount
                characters.append(.object(character))
            }
            return characters
        case let record as RecordObject: return record.names.map { .object($0) }
        case let native as NativeObject:
            guard let next = try native.stream() else { return try native.elements() }
            var elements: [Value] = []
            while let element = try next() {
                guard elements.count < Limits.listElements else { throw Limits.listTooLong(elements.count + 1) }
                elements.append(element)
            }
            return elements
        default: return nil
        }
    }

    /// What `for` goes through, one at a time; `nil` where there is nothing to go through.
    public func stream() throws -> (() throws -> Value?)? {
        if case .object(let native as NativeObject) = self, let stream = try native.stream() { return stream }
        if case .object(let range as RangeObject) = self {
            var position = 0
            return {
                guard position < range.count else { return nil }
                position += 1
                return .int(range.element(at: position - 1))
            }
        }
        guard let elements = try iterated() else { return nil }
        var position = 0
        return {
            guard position < elements.count else { return nil }
            position += 1
            return elements[position - 1]
        }
    }
}

extension RangeObject {
    fileprivate func elements() throws -> [Value] {
        let count = self.count
        guard count <= Limits.listElements else { throw Limits.listTooLong(count) }
        return try Value.collected(count) { .int(element(at: $0)) }
    }
}

extension Value {
    /// As many values, made one after the other until somebody asks to stop.
    static func collected(_ count: Int, _ value: (Int) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        do {
            for position in 0..<count {
                if position & 0xFFF == 0 { try Interruption.check() }
                values.append(try value(position))
            }
        } catch {
            Interruption.leave(values)
            throw error
        }
        return values
    }
}
