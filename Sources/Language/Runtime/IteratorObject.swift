/// Where a `for` is.
final class IteratorObject: Object {
    private enum Source { case range, list, values, text, stream }

    private let source: Source
    private var list: ListObject?
    private var values: [Value] = []
    private var text: StringObject?
    private var stream: (() throws -> Value?)?
    /// A range's next number, a position, or the offset of a text's next character in bytes.
    private(set) var next = 0
    /// How many numbers of a range are left; 0 for everything else.
    private(set) var remaining = 0
    private var step = 1

    init(_ value: Value) throws {
        switch value.object {
        case let range as RangeObject:
            source = .range
            (next, remaining, step) = (range.start, range.count, range.step)
        case let list as ListObject:
            source = .list
            self.list = list
        case let string as StringObject:
            source = .text
            text = string
        default:
            if let native = value.object as? NativeObject, let stream = try native.stream() {
                source = .stream
                self.stream = stream
                break
            }
            guard let values = try value.iterated() else {
                let hint = value.asInt.map { "write `0..\($0)`" }
                throw RuntimeError("`for` cannot go through \(Printer.withType(value))", code: "E205", suggestion: hint)
            }
            source = .values
            self.values = values
        }
        super.init(kind: .iterator)
    }

    /// Puts the next element into a place that has a value; false at the end.
    @inline(__always)
    func advance(into place: UnsafeMutablePointer<Value>) throws -> Bool {
        guard remaining > 0 else { return try advanceElsewhere(into: place) }
        let number = next
        next = number &+ step
        remaining &-= 1
        Quick.drop(place)
        place.initialize(to: .int(number))
        return true
    }

    /// A list that grows while it is gone through is gone through to its new end, as in Python.
    @inline(never)
    private func advanceElsewhere(into place: UnsafeMutablePointer<Value>) throws -> Bool {
        switch source {
        case .range: return false
        case .list:
            guard let list, next < list.elements.count else { return false }
            place.pointee = list.elements[next]
        case .values:
            guard next < values.count else { return false }
            place.pointee = values[next]
        case .text:
            guard let text, next < text.byteCount else { return false }
            let character = text.character(offset: next)
            next += character.byteCount
            place.pointee = .object(character)
            return true
        case .stream:
            guard let value = try stream?() else { return false }
            place.pointee = value
        }
        next += 1
        return true
    }
}
