import CKernels

/// Lists of indices of some dimensions, broadcast together and paired up: the n-th elements of all lists name one
/// place.
struct PairedLists {
    struct List {
        let dimension: Int
        /// In range, none negative.
        let values: [Int]
        let shape: [Int]
    }

    private let dimensions: [Int]
    private let values: [[Int]]
    private let shape: [Int]
    private let source: [Int]

    /// - Parameter source: the shape of the tensor whose elements are named.
    init(_ lists: [List], of source: [Int]) throws {
        let shape = try lists.reduce([]) { try Shape.broadcast($0, $1.shape, operation: "index") }
        let count = try Shape.elementCount(shape, operation: "index")
        dimensions = lists.map(\.dimension)
        values = lists.map { list in
            if list.shape == shape { return list.values }
            let steps = Shape.broadcastStrides(list.shape, Shape.contiguousStrides(list.shape), to: shape)
            return PairedLists.offsets(shape, steps, count: count).map { list.values[$0] }
        }
        (self.shape, self.source) = (shape, source)
    }

    /// Whether the lists' dimensions are neighbours: the elements then come in their place, else in front.
    private var areNeighbours: Bool { dimensions[dimensions.count - 1] - dimensions[0] < dimensions.count }
    private var outer: Range<Int> { 0..<(areNeighbours ? dimensions[0] : 0) }
    private var inner: [Int] { source.indices.filter { !outer.contains($0) && !dimensions.contains($0) } }

    var resultShape: [Int] { source[outer] + shape + inner.map { source[$0] } }

    /// Where the elements lie in a tensor of the given strides.
    func plan(_ strides: [Int]) -> IndexPlan {
        var offsets = values[0].map { $0 * strides[dimensions[0]] }
        for (list, dimension) in zip(values, dimensions).dropFirst() {
            for index in offsets.indices { offsets[index] += list[index] * strides[dimension] }
        }
        let (innerShape, innerStrides) = (inner.map { source[$0] }, inner.map { strides[$0] })
        var run = innerShape.reduce(1, *)
        if !Shape.isContiguous(innerShape, innerStrides) {
            let steps = PairedLists.offsets(innerShape, innerStrides, count: run)
            offsets = offsets.flatMap { offset in steps.map { offset + $0 } }
            run = 1
        }
        return IndexPlan(
            sizes: source[outer] + [1], strides: strides[outer] + [0], rows: source[outer].reduce(1, *),
            offsets: offsets, run: run)
    }

    /// The offset of every element of a shape with strides, in row-major order.
    private static func offsets(_ shape: [Int], _ strides: [Int], count: Int) -> [Int] {
        guard count > 0 else { return [] }
        var result = [0]
        for (size, step) in zip(shape, strides) {
            result = result.flatMap { base in (0..<size).map { base + $0 * step } }
        }
        return result
    }
}

/// Runs of elements at offsets, the same in each of some outer rows.
struct IndexPlan {
    /// The outer dimensions, and one of the size 1 after them.
    let sizes, strides: [Int]
    let rows: Int
    let offsets: [Int]
    /// Elements that lie side by side at each offset.
    let run: Int

    /// Shares the offsets where there is one row, else the rows.
    private func share(_ body: (_ rows: Range<Int>, _ offsets: Range<Int>) -> Void) {
        if rows == 1 {
            ThreadPool.shared.run(offsets.count, grain: Kernel.rowGrain(run)) { body(0..<1, $0) }
        } else {
            ThreadPool.shared.run(rows, grain: Kernel.rowGrain(offsets.count * run)) { body($0, 0..<offsets.count) }
        }
    }

    func take(_ out: UnsafeMutablePointer<Float>, from source: UnsafeMutablePointer<Float>) {
        guard run > 0 else { return }
        let streams = run < 256 ? 0 : Kernel.streams(rows * offsets.count * run)
        share { rows, places in
            kernel_take(
                out, source, offsets, offsets.count, run, Int32(sizes.count), sizes, strides, rows.lowerBound,
                rows.upperBound, places.lowerBound, places.upperBound, streams)
        }
    }

    /// Values go to their places, in order: the last of those for one place stays.
    func put(_ values: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        scatter(values, target, adds: false)
    }

    /// Values are added at their places, in order.
    func add(_ values: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        scatter(values, target, adds: true)
    }

    private func scatter(_ values: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, adds: Bool) {
        guard run > 0 else { return }
        // Places may be named twice, so only rows and columns are shared.
        let isWide = rows == 1
        let grain = isWide ? Swift.max(64, Kernel.rowGrain(offsets.count)) : Kernel.rowGrain(offsets.count * run)
        ThreadPool.shared.run(isWide ? run : rows, grain: grain) { range in
            let (rows, columns) = isWide ? (0..<1, range) : (range, 0..<run)
            kernel_put(
                target, values, offsets, offsets.count, run, Int32(sizes.count), sizes, strides, rows.lowerBound,
                rows.upperBound, columns.lowerBound, columns.upperBound, adds ? 1 : 0)
        }
    }
}
