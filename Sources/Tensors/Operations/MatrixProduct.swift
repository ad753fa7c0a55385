import COpenBLAS
import Interruption

/// A matrix in memory as BLAS sees it.
struct MatrixOperand {
    let pointer: UnsafeMutablePointer<Float>
    let isTransposed: Bool
    /// Elements from one row (column, if transposed) to the next.
    let leading: Int

    init(_ pointer: UnsafeMutablePointer<Float>, leading: Int, isTransposed: Bool = false) {
        self.pointer = pointer
        self.leading = leading
        self.isTransposed = isTransposed
    }

    /// From a tensor's last two dimensions; nil if BLAS cannot take its strides.
    init?(_ tensor: Tensor) {
        let rank = tensor.rank
        let (rows, columns) = (tensor.shape[rank - 2], tensor.shape[rank - 1])
        let (rowStride, columnStride) = (tensor.strides[rank - 2], tensor.strides[rank - 1])
        if columnStride == 1 || columns == 1, rowStride >= columns || rows == 1, rowStride >= 0 {
            self.init(tensor.pointer, leading: Swift.max(rows == 1 ? columns : rowStride, 1))
        } else if rowStride == 1 || rows == 1, columnStride >= rows {
            self.init(tensor.pointer, leading: columnStride, isTransposed: true)
        } else {
            return nil
        }
    }

    /// The operand from a row (column) on.
    func from(row: Int = 0, column: Int = 0) -> MatrixOperand {
        let shift = isTransposed ? column * leading + row : row * leading + column
        return MatrixOperand(pointer + shift, leading: leading, isTransposed: isTransposed)
    }

    func moved(by elements: Int) -> MatrixOperand {
        MatrixOperand(pointer + elements, leading: leading, isTransposed: isTransposed)
    }
}

/// C = A B (or C += A B) with OpenBLAS on one thread a call; large products are cut into blocks whose sizes depend on
/// nothing but the shapes, and shared over the pool.
enum MatrixProduct {
    /// OpenBLAS keeps to one thread: the pool does the sharing.
    private static let isPinned: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// Multiplications and additions below which sharing does not pay.
    private static let shareable = 1 << 20

    /// - Throws: `TensorError` if a size does not fit OpenBLAS's 32-bit integers.
    static func checkSizes(_ m: Int, _ n: Int, _ k: Int) throws {
        let limit = Int(Int32.max)
        guard m <= limit, n <= limit, k <= limit else {
            throw TensorError("matmul", "the sizes \(m), \(k) and \(n): none may be above \(limit)")
        }
    }

    /// One block, on the calling thread.
    @inline(__always)
    static func single(
        _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutablePointer<Float>,
        _ ldc: Int, scale: Float = 1, beta: Float = 0
    ) {
        _ = isPinned
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), scale, a.pointer, blasint(a.leading), b.pointer, blasint(b.leading),
            beta, c, blasint(Swift.max(ldc, 1)))
    }

    /// The product of an m x k and a k x n matrix, shared over the pool.
    /// - Throws: `TensorError` as `checkSizes` does; `Interrupted` where somebody asked to stop: C is then half done.
    static func shared(
        _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutablePointer<Float>,
        _ ldc: Int, beta: Float = 0
    ) throws {
        if m == 0 || n == 0 { return }
        try checkSizes(m, n, k)
        if m * n * k < shareable { return single(m, n, k, a, b, c, ldc, beta: beta) }
        // Blocks that begin after a request to stop are left out; the check at the end tells the caller.
        if k >= 2048, m * n <= 1 << 18, beta == 0 {
            try splitInner(m, n, k, a, b, c, ldc)
            return try Interruption.check()
        }
        // Blocks of rows where there are many, else of columns.
        if m >= n || m >= 512 {
            let grain = blockSize(m, other: n)
            ThreadPool.shared.run(m, grain: grain) { rows in
                if Interruption.isRequested { return }
                single(
                    rows.count, n, k, a.from(row: rows.lowerBound), b, c + rows.lowerBound * ldc, ldc, beta: beta)
            }
        } else {
            let grain = blockSize(n, other: m)
            ThreadPool.shared.run(n, grain: grain) { columns in
                if Interruption.isRequested { return }
                let start = columns.lowerBound
                single(m, columns.count, k, a, b.from(column: start), c + start, ldc, beta: beta)
            }
        }
        try Interruption.check()
    }

    /// About 16 blocks, but none so thin that packing the other operand shows.
    private static func blockSize(_ size: Int, other: Int) -> Int {
        let sixteenth = (size + 15) / 16
        return Swift.max((sixteenth + 47) / 48 * 48, 48)
    }

    /// Weight gradients: a small result, and an inner dimension as long as the batch. Partial products of fixed runs
    /// of it are added up in order.
    private static func splitInner(
        _ m: Int, _ n: Int, _ k: Int, _ a: MatrixOperand, _ b: MatrixOperand, _ c: UnsafeMutablePointer<Float>,
        _ ldc: Int
    ) throws {
        let grain = Swift.max(512, (k + 15) / 16)
        let chunks = (k + grain - 1) / grain
        let partial = try Storage(count: chunks * m * n)
        let sums = partial.pointer
        ThreadPool.shared.run(k, grain: grain) { inner in
            if Interruption.isRequested { return }
            let start = inner.lowerBound
            single(
                m, n, inner.count, a.from(column: start), b.from(row: start), sums + start / grain * m * n, n)
        }
        ThreadPool.shared.run(m, grain: Kernel.rowGrain(n, elements: 1 << 13)) { rows in
            for row in rows {
                let out = c + row * ldc
                out.update(from: sums + row * n, count: n)
                for chunk in 1..<chunks {
                    cblas_saxpy(blasint(n), 1, sums + (chunk * m + row) * n, 1, out, 1)
                }
            }
        }
        withExtendedLifetime(partial) {}
    }
}
