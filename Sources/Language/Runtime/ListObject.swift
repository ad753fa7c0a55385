/// A list, changed in place and shared by all who hold it, as in Python.
public final class ListObject: Object {
    public var elements: [Value]

    public init(_ elements: [Value] = []) {
        self.elements = elements
        super.init(kind: .list)
    }

    deinit {
        if isSuspect { CycleCollector.forget(self) }
        Reaper.dispose(&elements)
    }

    public override var typeName: String { "List" }
    public var count: Int { elements.count }

    /// Copies an element to a place that has no value; false where there is none at the position.
    @inline(__always)
    func copy(_ position: Int, to place: UnsafeMutablePointer<Value>) -> Bool {
        elements.withUnsafeBufferPointer { elements in
            guard position >= 0, position < elements.count, let start = elements.baseAddress else { return false }
            Quick.copy(UnsafeMutablePointer(mutating: start + position), to: place)
            return true
        }
    }

    /// Moves a value to a position; false where there is none, and then the value stays.
    @inline(__always)
    func take(_ place: UnsafeMutablePointer<Value>, at position: Int) -> Bool {
        let mayCloseCycle = !isSuspect && place.holdsObject
        let isThere = elements.withUnsafeMutableBufferPointer { elements in
            guard position >= 0, position < elements.count, let start = elements.baseAddress else { return false }
            let old = start + position
            if old.holdsObject { old.pointee = place.move() } else { old.moveInitialize(from: place, count: 1) }
            return true
        }
        if isThere, mayCloseCycle { noteHolding(elements[position]) }
        return isThere
    }
}

/// Frees deeply nested values in a loop. Freed by recursion, a list in a list in a list ... overflows the native stack.
enum Reaper {
    nonisolated(unsafe) private static var depth = 0
    nonisolated(unsafe) private static var postponed: [Value] = []
    private static let deepest = 100

    static func dispose(_ elements: inout [Value]) {
        guard !elements.isEmpty else { return }
        if depth >= deepest {
            postponed.append(contentsOf: elements)
            elements = []
            return
        }
        depth += 1
        var taken: [Value] = []
        swap(&taken, &elements)
        release(consume taken)
        depth -= 1
        if depth == 0 { drain() }
    }

    /// The same for the one value of a captured variable.
    static func dispose(_ value: inout Value) {
        guard mayHoldOthers(value) else { return }
        if depth >= deepest {
            postponed.append(value)
            value = .null
            return
        }
        depth += 1
        var taken = Value.null
        swap(&taken, &value)
        release(consume taken)
        depth -= 1
        if depth == 0 { drain() }
    }

    /// Not inlined, so that no reference of its own keeps the object beyond the change of the depth.
    @inline(never)
    private static func mayHoldOthers(_ value: Value) -> Bool {
        if case .object(let object) = value { return object.kind.mayHoldOthers }
        return false
    }

    private static func drain() {
        depth += 1
        while let value = postponed.popLast() { release(consume value) }
        depth -= 1
    }

    /// Not inlined, so that the optimiser cannot put the release behind the change of the depth.
    @inline(never)
    private static func release<Released>(_ value: consuming Released) {}
}
