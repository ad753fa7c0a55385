import Interruption

/// A list, changed in place and shared by all who hold it, as in Python.
public final class ListObject: Object {
    public var elements: [Value]

    public init(_ elements: [Value] = []) {
        self.elements = elements
        super.init(kind: .list)
    }

    /// Lets values stay where they are when the process is about to end, see `Interruption.leavesMemory`.
    package static func leave(_ elements: [Value]) {
        if Interruption.leavesMemory { _ = Unmanaged.passRetained(ListObject(elements)) }
    }

    deinit { Reaper.dispose(&elements) }

    public override var typeName: String { "List" }
    public var count: Int { elements.count }
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

    private static func drain() {
        depth += 1
        while let value = postponed.popLast() { release(consume value) }
        depth -= 1
    }

    /// Not inlined, so that the optimiser cannot put the release behind the change of the depth.
    @inline(never)
    private static func release<Released>(_ value: consuming Released) {}
}
