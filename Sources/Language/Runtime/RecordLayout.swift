/// The names of a record's fields in their order, and where each stands. The records that one literal makes share a
/// layout, which never changes; a record that gains or loses fields gets one of its own.
final class RecordLayout {
    /// What an instruction remembers a shared layout by; `own` for one that a single record has and may add to.
    let id: UInt32
    private(set) var names: [StringObject]
    /// Positions by hash, open addressing; empty while the names are few enough to look at each.
    private var table: [Int32] = []

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
        if table.isEmpty {
            for index in names.indices where names[index] === name { return index }
            for index in names.indices where names[index].isSame(as: name) { return index }
            return nil
        }
        let mask = table.count - 1
        var place = name.hash & mask
        while true {
            let index = Int(table[place])
            if index < 0 { return nil }
            if names[index].isSame(as: name) { return index }
            place = (place + 1) & mask
        }
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

    private func rebuild() {
        guard names.count > RecordLayout.fewNames else { return table = [] }
        var capacity = 32
        while capacity < names.count * 4 { capacity *= 2 }
        table = [Int32](repeating: -1, count: capacity)
        for index in names.indices { insert(index) }
    }

    private func insert(_ index: Int) {
        let mask = table.count - 1
        var place = names[index].hash & mask
        while table[place] >= 0 { place = (place + 1) & mask }
        table[place] = Int32(index)
    }
}
