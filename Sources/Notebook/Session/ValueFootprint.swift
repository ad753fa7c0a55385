import Language

/// How much memory a value holds. What is shared within the value counts once; of long lists a part is looked at and the rest
/// taken to be like it.
enum ValueFootprint {
    /// Values that are looked at, so that asking costs a millisecond at most.
    private static let visitLimit = 20_000
    private static let sampleLimit = 1_000

    static func bytes(of value: Value) -> Int {
        var walk = Walk(remaining: visitLimit)
        return walk.bytes(of: value, depth: 0)
    }

    /// `640 B`, `12.5 KiB`, `1.2 GiB`.
    static func text(_ bytes: Int) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var (size, unit) = (Double(bytes) / 1024, "KiB")
        for next in ["MiB", "GiB", "TiB"] where size >= 1023.95 { (size, unit) = (size / 1024, next) }
        return "\((size * 10).rounded() / 10) \(unit)"
    }

    private struct Walk {
        var remaining: Int
        var seen: Set<ObjectIdentifier> = []

        mutating func bytes(of value: Value, depth: Int) -> Int {
            guard case .object(let object) = value, depth < 50, remaining > 0 else { return 0 }
            remaining -= 1
            guard seen.insert(ObjectIdentifier(object)).inserted else { return 0 }
            switch object {
            case let text as StringObject: return 48 + text.text.utf8.count
            case let list as ListObject:
                return 64 + 16 * list.count + contents(list.elements, depth)
            case let record as RecordObject:
                let keys = record.keys.reduce(0) { $0 + 24 + $1.utf8.count }
                return 96 + 16 * record.count + keys + contents(record.values, depth)
            case let native as NativeObject: return 64 + native.byteCount
            default: return 64
            }
        }

        private mutating func contents(_ values: [Value], _ depth: Int) -> Int {
            let sample = values.prefix(sampleLimit)
            let sum = sample.reduce(0) { $0 + bytes(of: $1, depth: depth + 1) }
            return sample.count == values.count ? sum : sum / sample.count * values.count
        }
    }
}
