import CKernels

/// A matrix in memory, of any strides.
struct MatrixOperand {
    let pointer: UnsafeMutablePointer<Float>
    /// Elements from one row to the next, and from one column to the next.
    let rowStride: Int
    let columnStride: Int

    init(_ pointer: UnsafeMutablePointer<Float>, rowStride: Int, columnStride: Int) {
        self.pointer = pointer
        self.rowStride = rowStride
        self.columnStride = columnStride
    }

    /// The transpose of a row-major matrix, or the matrix itself.
    /// - Parameter leading: elements from one row in memory to the next.
    init(_ pointer: UnsafeMutablePointer<Float>, leading: Int, isTransposed: Bool = false) {
        self.init(pointer, rowStride: isTransposed ? 1 : leading, columnStride: isTransposed ? leading : 1)
    }

    /// A tensor's last two dimensions.
    init(_ tensor: Tensor) {
        let rank = tensor.rank
        self.init(tensor.pointer, rowStride: tensor.strides[rank - 2], columnStride: tensor.strides[rank - 1])
    }

    /// The operand from a row and column on.
    func from(row: Int = 0, column: Int = 0) -> MatrixOperand { moved(by: row * rowStride + column * columnStride) }

    func moved(by elements: Int) -> MatrixOperand {
        MatrixOperand(pointer + elements, rowStride: rowStride, columnStride: columnStride)
    }
}

/// C = scale A B, or C += scale A B. Large products are cut into blocks whose sizes depend on nothing but the shapes,
/// and shared over the pool. Few rows are multiplied as the operands lie; else both are packed into panels.
struct MatrixProduct {
    let rows: Int
    let columns: Int
    let inner: Int
    let a: MatrixOperand
    let b: MatrixOperand
    let c: UnsafeMutablePointer<Float>
    /// Elements from one row of C to the next.
    let leading: Int
    var scale: Float = 1
    /// Whether to add to what is there.
    var accumulates = false

    /// Multiplications and additions below which sharing does not pay.
    private static let shareable = 1 << 18

    /// The product, on the calling thread.
    @inline(__always)
    static func single(
        _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutablePointer<Float>,
        _ ldc: Int, scale: Float = 1, beta: Float = 0
    ) {
        MatrixProduct(
            rows: m, columns: n, inner: k, a: a, b: b, c: c, leading: ldc, scale: scale, accumulates: beta != 0
        ).compute()
    }

    /// The product, shared over the pool.
    /// - Throws: `Interrupted` where somebody asked to stop: C is then half done; `TensorError` without memory.
    static func shared(
        _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutablePointer<Float>,
        _ ldc: Int, beta: Float = 0
    ) throws {
        let product = MatrixProduct(
            rows: m, columns: n, inner: k, a: a, b: b, c: c, leading: ldc, accumulates: beta != 0)
        try product.share()
    }

    /// A part of the product.
    func part(rows: Range<Int>, columns: Range<Int>) -> MatrixProduct {
        MatrixProduct(
            rows: rows.count, columns: columns.count, inner: inner, a: a.from(row: rows.lowerBound),
            b: b.from(column: columns.lowerBound), c: c + rows.lowerBound * leading + columns.lowerBound,
            leading: leading, scale: scale, accumulates: accumulates)
    }

    // MARK: One thread

    private static let blockRows = 96
    private static let blockColumns = 256

    func compute() {
        if rows == 0 || columns == 0 || computeAsTheyLie() || computeByOpenBLAS() { return }
        if inner == 0 { return computeNaively() }
        let shape = PanelShape()
        let longest = Swift.min(inner, shape.inner)
        let left = shape.padded(rows: Swift.min(rows, Self.blockRows)) * longest
        let right = shape.padded(columns: Swift.min(columns, Self.blockColumns)) * longest
        guard let scratch = kernel_scratch(left + right) else { return computeNaively() }
        for depth in shape.depths(inner) {
            for column in stride(from: 0, to: columns, by: Self.blockColumns) {
                let width = Swift.min(columns - column, Self.blockColumns)
                packRight(scratch + left, depth, column..<column + width)
                for row in stride(from: 0, to: rows, by: Self.blockRows) {
                    let height = Swift.min(rows - row, Self.blockRows)
                    packLeft(scratch, depth, row..<row + height)
                    multiply(scratch, row..<row + height, scratch + left, column..<column + width, depth)
                }
            }
        }
    }

    /// Few rows, or few columns: true if done.
    private func computeAsTheyLie() -> Bool {
        let accumulate: Int32 = accumulates ? 1 : 0
        if a.columnStride == 1, b.rowStride == 1, inner <= 1 << 13 {
            if rows <= 32 {
                kernel_matmul_dot(
                    c, leading, 1, a.pointer, a.rowStride, b.pointer, b.columnStride, rows, columns, inner, scale,
                    accumulate)
                return true
            }
            if columns <= 32 {
                kernel_matmul_dot(
                    c, 1, leading, b.pointer, b.columnStride, a.pointer, a.rowStride, columns, rows, inner, scale,
                    accumulate)
                return true
            }
        }
        guard rows <= 8, b.columnStride == 1 else { return false }
        kernel_matmul_direct(
            c, leading, a.pointer, a.rowStride, a.columnStride, b.pointer, b.rowStride, rows, columns, inner, scale,
            accumulate)
        return true
    }

    private func computeNaively() {
        kernel_matmul_naive(
            c, leading, a.pointer, a.rowStride, a.columnStride, b.pointer, b.rowStride, b.columnStride, rows, columns,
            inner, scale, accumulates ? 1 : 0)
    }

    private func packLeft(_ packed: UnsafeMutablePointer<Float>, _ depth: Range<Int>, _ rows: Range<Int>) {
        let from = a.from(row: rows.lowerBound, column: depth.lowerBound)
        kernel_matmul_pack_left(packed, from.pointer, a.rowStride, a.columnStride, rows.count, depth.count)
    }

    private func packRight(_ packed: UnsafeMutablePointer<Float>, _ depth: Range<Int>, _ columns: Range<Int>) {
        let from = b.from(row: depth.lowerBound, column: columns.lowerBound)
        kernel_matmul_pack_right(packed, from.pointer, b.rowStride, b.columnStride, depth.count, columns.count)
    }

    private func multiply(
        _ left: UnsafePointer<Float>, _ rows: Range<Int>, _ right: UnsafePointer<Float>, _ columns: Range<Int>,
        _ depth: Range<Int>
    ) {
        kernel_matmul_tiles(
            c + rows.lowerBound * leading + columns.lowerBound, leading, left, rows.count, right, columns.count,
            depth.count, scale, accumulates || depth.lowerBound > 0 ? 1 : 0)
    }

    // MARK: All threads

    private func share() throws {
        if rows == 0 || columns == 0 { return }
        if inner == 0 { return computeNaively() }
        if rows * columns * inner < Self.shareable { return compute() }
        if inner >= 2048, rows * columns <= 1 << 16, !accumulates { return try shareInner() }
        if rows <= 32, columns >= 64 { return try shareColumnsAsTheyLie() }
        if columns <= 32 { return try shareRowsAsTheyLie() }
        if try shareByOpenBLAS() { return }
        if rows >= 192 || rows >= columns { try shareRows() } else { try shareColumns() }
    }

    private func shareColumnsAsTheyLie() throws {
        let grain = Swift.max(64, (columns + 15) / 16 / 48 * 48)
        try ThreadPool.shared.runPolling(columns, grain: grain) { range in
            part(rows: 0..<rows, columns: range).compute()
        }
    }

    private func shareRowsAsTheyLie() throws {
        let grain = Swift.max(48, (rows + 15) / 16 / 48 * 48)
        try ThreadPool.shared.runPolling(rows, grain: grain) { range in
            part(rows: range, columns: 0..<columns).compute()
        }
    }

    /// Blocks of rows; the right operand is packed once for all, a slab of at most 8 MiB at a time.
    private func shareRows() throws {
        let shape = PanelShape()
        let depths = shape.depths(inner)
        let longest = depths[0].count
        let slab = shape.even(columns, limit: (2 << 20) / longest, unit: shape.columns)
        let grain = shape.grain(rows, unit: shape.rows, most: 192)
        let packed = try Storage(count: shape.padded(columns: slab) * longest)
        for start in stride(from: 0, to: columns, by: slab) {
            let width = Swift.min(slab, columns - start)
            for depth in depths {
                try ThreadPool.shared.runPolling(width, grain: shape.columns * 4) { range in
                    packRight(
                        packed.pointer + range.lowerBound * depth.count, depth,
                        start + range.lowerBound..<start + range.upperBound)
                }
                try ThreadPool.shared.runPolling(rows, grain: grain) { range in
                    guard let left = kernel_scratch(shape.padded(rows: range.count) * depth.count) else {
                        return part(rows: range, columns: start..<start + width).addNaively(depth)
                    }
                    packLeft(left, depth, range)
                    multiply(left, range, packed.pointer, start..<start + width, depth)
                }
            }
        }
        withExtendedLifetime(packed) {}
    }

    /// Blocks of columns; the left operand is packed once for all.
    private func shareColumns() throws {
        let shape = PanelShape()
        let depths = shape.depths(inner)
        let grain = shape.grain(columns, unit: shape.columns, most: 256)
        let packed = try Storage(count: shape.padded(rows: rows) * depths[0].count)
        for depth in depths {
            try ThreadPool.shared.runPolling(rows, grain: shape.rows * 4) { range in
                packLeft(packed.pointer + range.lowerBound * depth.count, depth, range)
            }
            try ThreadPool.shared.runPolling(columns, grain: grain) { range in
                guard let right = kernel_scratch(shape.padded(columns: range.count) * depth.count) else {
                    return part(rows: 0..<rows, columns: range).addNaively(depth)
                }
                packRight(right, depth, range)
                multiply(packed.pointer, 0..<rows, right, range, depth)
            }
        }
        withExtendedLifetime(packed) {}
    }

    private func addNaively(_ depth: Range<Int>) {
        MatrixProduct(
            rows: rows, columns: columns, inner: depth.count, a: a.from(column: depth.lowerBound),
            b: b.from(row: depth.lowerBound), c: c, leading: leading, scale: scale,
            accumulates: accumulates || depth.lowerBound > 0
        ).computeNaively()
    }

    /// A small result, and an inner dimension as long as the batch. Partial products of fixed runs of it are added up
    /// in order.
    private func shareInner() throws {
        let grain = Swift.max(512, (inner + 15) / 16)
        let chunks = (inner + grain - 1) / grain
        let partial = try Tensor.zeros([chunks, rows * columns])
        let sums = partial.pointer
        try ThreadPool.shared.runPolling(inner, grain: grain) { range in
            let start = range.lowerBound
            Self.single(
                rows, columns, range.count, a.from(column: start), b.from(row: start),
                sums + start / grain * rows * columns, columns, scale: scale)
        }
        let total = try partial.sum([0])
        for row in 0..<rows { (c + row * leading).update(from: total.pointer + row * columns, count: columns) }
    }
}

/// What the kernels in use want packed operands to look like.
private struct PanelShape {
    private(set) var rows = 0
    private(set) var columns = 0
    private(set) var inner = 0

    init() { kernel_matmul_shape(&rows, &columns, &inner) }

    func padded(rows count: Int) -> Int { (count + rows - 1) / rows * rows }
    func padded(columns count: Int) -> Int { (count + columns - 1) / columns * columns }

    /// The inner dimension in equal runs, none longer than the panels should be.
    func depths(_ length: Int) -> [Range<Int>] {
        let grain = even(length, limit: inner, unit: 4)
        return stride(from: 0, to: Swift.max(length, 1), by: Swift.max(grain, 1)).map {
            $0..<Swift.min(length, $0 + grain)
        }
    }

    /// The length of equal runs, each a multiple of `unit`, about `limit` at most.
    func even(_ length: Int, limit: Int, unit: Int) -> Int {
        let count = (length + limit - 1) / limit
        return count <= 1 ? length : ((length + count - 1) / count + unit - 1) / unit * unit
    }

    /// A block for one task: about 24 of them, in whole panels.
    func grain(_ size: Int, unit: Int, most: Int) -> Int {
        let blocks = Swift.max(2, (size / 24 + unit - 1) / unit)
        return Swift.min(blocks, Swift.max(most / unit, 2)) * unit
    }
}
