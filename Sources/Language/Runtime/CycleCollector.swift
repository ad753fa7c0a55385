import Glibc
import Interruption

/// Frees values that nothing but themselves holds, such as a list in itself or a function that calls itself by a name
/// it captures: counting references alone never does.
///
/// A cycle can only be closed by changing something that exists already to hold another value. What is changed so is
/// suspected; now and then, everything that can be reached from the suspects is looked at. Whatever has more
/// references than lie among these objects is held from outside, and so is what it holds; the rest is taken apart.
/// (Trial deletion, after Bacon and Rajan, 2001.)
package enum CycleCollector {
    nonisolated(unsafe) private static var suspects: Set<UnsafeRawPointer> = []
    /// How many suspects there may be before the next look.
    nonisolated(unsafe) private static var threshold = smallest
    private static let smallest = 10_000

    fileprivate static func add(_ object: Object) {
        object.isSuspect = true
        suspects.insert(UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()))
        if suspects.count >= threshold { collect() }
    }

    static func forget(_ object: Object) {
        suspects.remove(UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque()))
    }

    package static func collect() { collect(atMost: .max) }

    /// Where memory runs out: only if looking takes little of it, about a sixteenth of the limit.
    static func collectForRoom() { collect(atMost: max(smallest, MemoryLimit.bytes / 1024)) }

    /// - Parameter atMost: nothing is done where more objects than this can be reached from the suspects.
    private static func collect(atMost: Int) {
        guard suspects.count <= atMost else { return }
        var graph = Graph()
        for suspect in suspects { graph.add(suspect) }
        guard graph.follow(atMost: atMost) else { return graph.forgetPlaces() }
        graph.markLive()
        graph.forgetPlaces()
        let survivors = graph.count - takeApart(graph.garbage)
        // Whoever found many objects alive waits until that many more are suspected, so that looking stays cheap.
        threshold = max(smallest, survivors, 2 * suspects.count)
    }

    /// Not inlined, so that what is taken apart is freed at its end.
    /// - Returns: how many objects there were.
    @inline(never)
    private static func takeApart(_ garbage: [Object]) -> Int {
        for object in garbage { object.letGo() }
        return garbage.count
    }

    nonisolated(unsafe) private static var thread: pthread_t?

    /// From here on scripts run on this thread: no other may collect.
    static func noteThread() { thread = pthread_self() }

    /// Collects if this is the thread that scripts run on, and says so to `MemoryLimit`, which asks before it refuses.
    static let helpsMemoryLimit: Void = MemoryLimit.beforeRefusal {
        if let thread, pthread_equal(thread, pthread_self()) != 0 { collectForRoom() }
    }
}

extension Object {
    /// To be called after this object was changed to hold a value.
    @inline(__always)
    final func noteHolding(_ value: Value) {
        guard !isSuspect, case .object(let object) = value, object.kind.mayHoldOthers else { return }
        CycleCollector.add(self)
    }

    final func noteHolding(_ values: [Value]) {
        for value in values { noteHolding(value) }
    }
}

extension ObjectKind {
    @inline(__always)
    var mayHoldOthers: Bool {
        switch self {
        case .list, .record, .function, .nativeFunction, .cell: true
        case .string, .range, .namespace, .native, .iterator, .unbound: false
        }
    }
}

extension CycleCollector {
    /// The objects that can be reached from the suspects.
    private struct Graph {
        private var nodes: [UnsafeRawPointer] = []
        /// References from objects of the graph.
        private var references: [Int] = []
        private var isLive: [Bool] = []

        var count: Int { nodes.count }

        mutating func add(_ node: UnsafeRawPointer) {
            nodes.append(node)
            references.append(0)
            Graph.object(node).place = UInt32(nodes.count)
        }

        /// - Returns: false where there are more objects than that.
        mutating func follow(atMost: Int) -> Bool {
            var next = 0
            while next < nodes.count {
                guard nodes.count <= atMost else { return false }
                Graph.object(nodes[next]).forEachHeld { held in
                    guard nodes.count <= atMost else { return }
                    if held.place == 0 { add(UnsafeRawPointer(Unmanaged.passUnretained(held).toOpaque())) }
                    references[Int(held.place) - 1] += 1
                }
                next += 1
            }
            return true
        }

        mutating func markLive() {
            isLive = nodes.indices.map { retainCount(nodes[$0]) > references[$0] }
            var pending = nodes.indices.filter { isLive[$0] }
            while let index = pending.popLast() {
                Graph.object(nodes[index]).forEachHeld { held in
                    let held = Int(held.place) - 1
                    guard !isLive[held] else { return }
                    isLive[held] = true
                    pending.append(held)
                }
            }
        }

        func forgetPlaces() { for node in nodes { Graph.object(node).place = 0 } }

        var garbage: [Object] { nodes.indices.filter { !isLive[$0] }.map { Graph.object(nodes[$0]) } }

        private static func object(_ node: UnsafeRawPointer) -> Object {
            Unmanaged<Object>.fromOpaque(node).takeUnretainedValue()
        }
    }
}

/// The runtime's own count of an object's strong references. It takes an address, so that asking adds none.
@_silgen_name("swift_retainCount")
private func retainCount(_ object: UnsafeRawPointer) -> Int

extension Object {
    /// Visits the values inside that may be part of a cycle.
    fileprivate final func forEachHeld(_ visit: (Object) -> Void) {
        func look(_ value: Value) {
            if case .object(let object) = value, object.kind.mayHoldOthers { visit(object) }
        }
        switch kind {
        case .list: unsafeDowncast(self, to: ListObject.self).elements.forEach(look)
        case .record: unsafeDowncast(self, to: RecordObject.self).slots.forEach(look)
        case .cell: look(unsafeDowncast(self, to: CellObject.self).value)
        case .function:
            let function = unsafeDowncast(self, to: FunctionObject.self)
            for index in function.prototype.captures.indices { visit(function.captures[index]) }
        case .nativeFunction:
            if let receiver = unsafeDowncast(self, to: NativeFunctionObject.self).receiver { look(receiver) }
        default: break
        }
    }

    /// Gives up what an object holds that nobody can reach any more.
    fileprivate final func letGo() {
        switch self {
        case let list as ListObject: list.elements = []
        case let record as RecordObject: record.slots = []
        case let cell as CellObject: cell.value = .null
        default: break
        }
    }
}
