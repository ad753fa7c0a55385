import Interruption

// What is done and told when the memory limit was reached.
extension Machine {
    /// Where the flag of `Interruption` was found set. What nobody can reach any more is given up before the script is
    /// told that memory runs out; where that makes room, it goes on.
    @inline(never)
    func stop() throws {
        guard MemoryLimit.goesOn(after: CycleCollector.collectForRoom) else { throw Interrupted() }
    }

    /// The same error, or the one that says which names hold the most where memory was the reason.
    func memoryError(_ error: any Error) -> any Error {
        let reached = error is Interrupted ? MemoryLimit.takeRequest() : error as? MemoryLimitReached
        guard let reached else { return error }
        let largest = largestNames().map { name, value in "`\(name)` (\(MemorySize.describe(value)))" }
        // Telling takes memory too.
        _ = MemoryLimit.takeRequest()
        let names = largest.isEmpty ? "" : "; the largest names: " + largest.joined(separator: ", ")
        return RuntimeError(
            "\(reached)\(names)", code: "E236",
            suggestion: "set names that are done with to nil, or allow more with the variable BRIDGE_MEMORY")
    }

    /// The names of the session, of imported files and of the calls that have not returned which hold the most memory.
    private func largestNames() -> [(String, Value)] {
        var found: [(name: String, value: Value, bytes: Int)] = []
        func note(_ name: String, _ value: Value) {
            let bytes = MemorySize.estimate(value)
            if bytes >= 1 << 20, !name.contains("#") { found.append((name, value, bytes)) }
        }
        let modules = [interpreter.module] + interpreter.files.values.map(\.module)
        for module in modules {
            for name in module.boundNames { if let value = module.value(named: name) { note(name, value) } }
        }
        for index in 0..<depth {
            let prototype = frames[index].prototype.takeUnretainedValue()
            for (slot, name) in prototype.localNames.enumerated() where slot < prototype.localCount {
                let value = frames[index].base[slot]
                if case .object(let object as CellObject) = value {
                    note(name, object.value)
                } else {
                    note(name, value)
                }
            }
        }
        return found.sorted { $0.bytes > $1.bytes }.prefix(3).map { ($0.name, $0.value) }
    }
}

/// About how many bytes a value holds: a sample stands for the elements of what is large.
package enum MemorySize {
    /// What is shared is counted wherever it stands, so that the sum may be more than any machine has: at most 2^50.
    package static func estimate(_ value: Value) -> Int { Int(min(bytes(value, depth: 0), 0x1p50)) }

    private static func bytes(_ value: Value, depth: Int) -> Double {
        guard case .object(let object) = value, depth < 4 else { return 16 }
        switch object {
        case let string as StringObject: return 80 + Double(string.byteCount)
        case let list as ListObject:
            return 64 + 16 * Double(list.count)
                + sampled(list.count) { bytes(list.elements[$0], depth: depth + 1) - 16 }
        case let record as RecordObject:
            // Without a copy of the values, for which there may be no room.
            return 128 + 48 * Double(record.count)
                + sampled(record.count) { place in
                    let (name, value) = record.field(at: place)
                    return Double(name.utf8.count) + bytes(value, depth: depth + 1)
                }
        case let native as NativeObject: return 64 + Double(native.byteCount)
        default: return 64
        }
    }

    private static func sampled(_ count: Int, _ size: (Int) -> Double) -> Double {
        guard count > 0 else { return 0 }
        let places = Array(stride(from: 0, to: count, by: max(1, count / 16)))
        return places.reduce(0) { $0 + size($1) } / Double(places.count) * Double(count)
    }

    /// `List, 12,000,000 elements`
    static func describe(_ value: Value) -> String {
        guard case .object(let object) = value else { return value.typeName }
        switch object {
        case let string as StringObject: return "String, \(grouped(string.byteCount)) bytes"
        case let list as ListObject: return "List, \(grouped(list.count)) elements" + contents(value, list.count)
        case let record as RecordObject: return "Record, \(grouped(record.count)) fields" + contents(value, record.count)
        case let native as NativeObject: return "\(native.typeName), \(grouped(native.byteCount)) bytes"
        default: return object.typeName
        }
    }

    /// `, about 300 MiB` where the elements hold more than themselves.
    private static func contents(_ value: Value, _ count: Int) -> String {
        let bytes = estimate(value)
        return bytes > 256 * (count + 1) ? ", about \(MemoryLimit.size(bytes))" : ""
    }

    private static func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}
