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

    package static func collect() {
        var graph = Graph()
        for suspect in suspects { graph.add(suspect) }
        graph.follow()
        graph.markLive()
        // Whoever looked at many objects waits until that many more are suspected, so that looking stays cheap.
        threshold = max(smallest, graph.count, 2 * suspects.count)
        let garbage = graph.garbage
        for object in garbage { object.letGo() }
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
        private var indices: [UnsafeRawPointer: Int] = [:]
        private var nodes: [UnsafeRawPointer] = []
        /// References from objects of the graph.
        private var references: [Int] = []
        private var isLive: [Bool] = []

        var count: Int { nodes.count }

        mutating func add(_ node: UnsafeRawPointer) {
            indices[node] = nodes.count
            nodes.append(node)
            references.append(0)
        }

        mutating func follow() {
            var next = 0
            while next < nodes.count {
                Graph.object(nodes[next]).forEachHeld { held in
                    let node = UnsafeRawPointer(Unmanaged.passUnretained(held).toOpaque())
                    if indices[node] == nil { add(node) }
                    references[indices[node]!] += 1
                }
                next += 1
            }
        }

        mutating func markLive() {
            isLive = nodes.indices.map { retainCount(nodes[$0]) > references[$0] }
            var pending = nodes.indices.filter { isLive[$0] }
            while let index = pending.popLast() {
                Graph.object(nodes[index]).forEachHeld { held in
                    let held = indices[UnsafeRawPointer(Unmanaged.passUnretained(held).toOpaque())]!
                    guard !isLive[held] else { return }
                    isLive[held] = true
                    pending.append(held)
                }
            }
        }

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
        switch self {
        case let list as ListObject: list.elements.forEach(look)
        case let record as RecordObject: record.slots.forEach(look)
        case let cell as CellObject: look(cell.value)
        case let function as FunctionObject:
            for index in function.prototype.captures.indices { visit(function.captures[index]) }
        case let native as NativeFunctionObject: if let receiver = native.receiver { look(receiver) }
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
