/// The names of a record's fields in their order, and where each stands. The records that one literal makes share a
/// layout, which never changes; a record that gains or loses fields gets one of its own.
final class RecordLayout {
    /// What an instruction remembers a shared layout by; `own` for one that a single record has and may add to.
    let id: UInt32
    private(set) var names: [StringObject]
    /// Positions by hash, open addressing, each with its name's hash above it; empty while the names are few enough to
    /// look at each.
    private var table: [UInt64] = []

    static let own = UInt32.max
    nonisolated(unsafe) private static var lastID: UInt32 = 0
    private static let fewNames = 8

    /// A layout of one record.
    init(_ names: [StringObject] = []) {
        id = RecordLayout.own
        self.names = names
        rebuild()
    }

    /// A layout that records share.
    init(shared names: [String]) {
        RecordLayout.lastID &+= 1
        id = RecordLayout.lastID
        self.names = names.map { StringObject($0) }
        rebuild()
    }

    var isShared: Bool { id != RecordLayout.own }

    func slot(of name: StringObject) -> Int? {
        names.withUnsafeBufferPointer { names in
            // The layout holds its names: comparing them counts no references.
            let names = UnsafeRawPointer(names.baseAddress)?.assumingMemoryBound(to: Unmanaged<StringObject>.self)
            return names.flatMap { table.isEmpty ? search(name, $0) : lookUp(name, $0) }
        }
    }

    @inline(__always)
    private func search(_ name: StringObject, _ names: UnsafePointer<Unmanaged<StringObject>>) -> Int? {
        let count = self.names.count
        let address = Unmanaged.passUnretained(name).toOpaque()
        for index in 0..<count where names[index].toOpaque() == address { return index }
        for index in 0..<count where names[index]._withUnsafeGuaranteedRef({ $0.hasSameBytes(as: name) }) {
            return index
        }
        return nil
    }

    @inline(__always)
    private func lookUp(_ name: StringObject, _ names: UnsafePointer<Unmanaged<StringObject>>) -> Int? {
        let hash = name.hash
        let wanted = RecordLayout.entry(hash, 0)
        return table.withUnsafeBufferPointer { table in
            let mask = table.count - 1
            var place = hash & mask
            while table[place] != RecordLayout.free {
                if table[place] & RecordLayout.hashBits == wanted {
                    let index = Int(table[place] & ~RecordLayout.hashBits)
                    if names[index]._withUnsafeGuaranteedRef({ $0.hasSameBytes(as: name) }) { return index }
                }
                place = (place + 1) & mask
            }
            return nil
        }
    }

    private static let free = UInt64.max
    /// The place of a name that was taken out: a search goes on behind it. No entry's hash has the topmost bit.
    private static let left = UInt64.max - 1
    /// Stands among the names where one was taken out.
    nonisolated(unsafe) private static let gap = StringObject("")
    private static let hashBits: UInt64 = 0xFFFF_FFFF_0000_0000

    private static func entry(_ hash: Int, _ index: Int) -> UInt64 {
        UInt64(truncatingIfNeeded: hash & 0x7FFF_FFFF) << 32 | UInt64(index)
    }

    /// Only for a layout of one record.
    func append(_ name: StringObject) {
        names.append(name)
        if names.count > RecordLayout.fewNames, names.count * 2 <= table.count {
            insert(names.count - 1)
        } else {
            rebuild()
        }
    }

    /// Takes a name out. Of many names it leaves a gap, which costs less than to move those behind it.
    /// - Returns: whether there is a gap.
    func remove(at slot: Int) -> Bool {
        guard !table.isEmpty else {
            names.remove(at: slot)
            return false
        }
        let mask = table.count - 1
        var place = names[slot].hash & mask
        while table[place] == RecordLayout.left || Int(table[place] & ~RecordLayout.hashBits) != slot {
            place = (place + 1) & mask
        }
        table[place] = RecordLayout.left
        names[slot] = RecordLayout.gap
        return true
    }

    func isGap(_ slot: Int) -> Bool { names[slot] === RecordLayout.gap }

    private func rebuild() {
        guard names.count > RecordLayout.fewNames else { return table = [] }
        var capacity = 32
        while capacity < names.count * 4 { capacity *= 2 }
        table = [UInt64](repeating: RecordLayout.free, count: capacity)
        for index in names.indices where !isGap(index) { insert(index) }
    }

    private func insert(_ index: Int) {
        let mask = table.count - 1
        let hash = names[index].hash
        var place = hash & mask
        while table[place] != RecordLayout.free { place = (place + 1) & mask }
        table[place] = RecordLayout.entry(hash, index)
    }
}
