import COpenBLAS

/// Products on processors that ours are not written for: where the kernels in use are the portable ones, OpenBLAS
/// multiplies what is large. It runs on the calling thread; the pool does the sharing.
extension MatrixProduct {
    /// The product on the calling thread: true if done.
    func computeByOpenBLAS() -> Bool {
        guard let (left, right) = layoutsForOpenBLAS() else { return false }
        openblas_product(
            Int32(rows), Int32(columns), Int32(inner), scale, a.pointer, left.leading, left.isTransposed, b.pointer,
            right.leading, right.isTransposed, accumulates ? 1 : 0, c, Int32(leading))
        return true
    }

    /// The product, shared over the pool in blocks that depend on nothing but the shapes: true if done.
    func shareByOpenBLAS() throws -> Bool {
        guard layoutsForOpenBLAS() != nil else { return false }
        let isByRows = rows >= columns || rows >= 512
        let size = isByRows ? rows : columns
        let grain = Swift.max(48, ((size + 15) / 16 + 47) / 48 * 48)
        try ThreadPool.shared.runPolling(size, grain: grain) { range in
            part(rows: isByRows ? range : 0..<rows, columns: isByRows ? 0..<columns : range).compute()
        }
        return true
    }

    private typealias Layout = (leading: Int32, isTransposed: Int32)

    /// How OpenBLAS sees the operands; `nil` where it is not to be used or cannot take their strides or sizes.
    private func layoutsForOpenBLAS() -> (Layout, Layout)? {
        guard KernelVariant.isPortable, rows > 16, columns > 16, inner > 0,
            let left = layout(a, rows, inner), let right = layout(b, inner, columns),
            [rows, columns, inner, leading].allSatisfy({ $0 <= Int32.max }), openblas_is_here() != 0
        else { return nil }
        return (left, right)
    }

    private func layout(_ matrix: MatrixOperand, _ rows: Int, _ columns: Int) -> Layout? {
        if matrix.columnStride == 1, matrix.rowStride >= columns, matrix.rowStride <= Int32.max {
            return (Int32(matrix.rowStride), 0)
        }
        if matrix.rowStride == 1, matrix.columnStride >= rows, matrix.columnStride <= Int32.max {
            return (Int32(matrix.columnStride), 1)
        }
        return nil
    }
}
