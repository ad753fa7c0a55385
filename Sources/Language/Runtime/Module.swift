/// A file's or a session's names and their values. Values stay where they are while a script runs, so that the virtual
/// machine can hold a pointer to them.
final class Module {
    static let capacity = 65_536

    let name: String
    let values: UnsafeMutablePointer<Value>
    private(set) var names: [String] = []
    private var slots: [String: Int] = [:]

    init(name: String) {
        self.name = name
        values = .allocate(capacity: Module.capacity)
    }

    /// Gives up every value: a function holds the module of its file, which holds the function.
    func clear() {
        for slot in names.indices { values[slot] = .unbound }
    }

    deinit {
        values.deinitialize(count: names.count)
        values.deallocate()
    }

    func slot(of name: String) -> Int? { slots[name] }

    /// The slot of a name, made if there is none yet; `nil` when all are taken.
    func declare(_ name: String) -> Int? {
        if let slot = slots[name] { return slot }
        guard names.count < Module.capacity else { return nil }
        let slot = names.count
        (values + slot).initialize(to: .unbound)
        names.append(name)
        slots[name] = slot
        return slot
    }

    func value(named name: String) -> Value? {
        guard let slot = slots[name], !values[slot].isUnbound else { return nil }
        return values[slot]
    }

    /// In the order they were first bound.
    var boundNames: [String] { names.indices.filter { !values[$0].isUnbound }.map { names[$0] } }
}
