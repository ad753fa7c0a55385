/// Matrix products.
extension Tensor {
    /// The matrix product over the last two dimensions, the leading ones broadcast, as in PyTorch: a vector on the
    /// left is a row, on the right a column.
    public func matmul(_ other: Tensor) throws -> Tensor {
        guard rank > 0, other.rank > 0 else {
            throw TensorError(
                "matmul", "\(Shape.text(shape)) @ \(Shape.text(other.shape)): a scalar has no matrix product; use *")
        }
        let inner = shape[rank - 1], otherInner = other.shape[Swift.max(other.rank - 2, 0)]
        guard inner == otherInner else {
            throw TensorError(
                "matmul", "\(Shape.text(shape)) @ \(Shape.text(other.shape)): the inner sizes \(inner) and "
                    + "\(otherInner) differ")
        }
        if rank == 1 { return try unsqueeze(0).matmul(other).squeeze(other.rank == 1 ? 0 : -2) }
        if other.rank == 1 { return try matmul(other.unsqueeze(1)).squeeze(-1) }
        if other.rank == 2, rank > 2 {
            let flat = try reshape([shape.dropLast().reduce(1, *), inner])
            return try flat.matmul(other).reshape(Array(shape.dropLast()) + [other.shape[1]])
        }
        let result = try Tensor.matrixProduct(self, other)
        if Tape.wants(self) || Tape.wants(other) {
            let b = Tape.wants(self) ? other.saved() : nil
            let a = Tape.wants(other) ? saved() : nil
            let (aShape, bShape) = (shape, other.shape)
            try Tape.record(result, [self, other]) { gradient in
                [
                    try b.map { try Tensor.matrixProduct(gradient, $0.transpose()).sum(to: aShape) },
                    try a.map { try Tensor.matrixProduct($0.transpose(), gradient).sum(to: bShape) },
                ]
            }
        }
        return result
    }

    /// The product of two matrices, or of batches of them.
    private static func matrixProduct(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
        let batch = try Shape.broadcast(
            Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)), operation: "matmul")
        let result = try Tensor(uninitialised: batch + [m, n], operation: "matmul")
        if result.count == 0 { return result }
        if k == 0 { return try zeros(batch + [m, n]) }
        let left = MatrixOperand(a), right = MatrixOperand(b)
        let out = result.pointer
        if batch.isEmpty {
            try MatrixProduct.shared(m, n, k, left, right, out, n)
            return result
        }
        let count = batch.reduce(1, *)
        let leftOffsets = offsets(a, batch: batch), rightOffsets = offsets(b, batch: batch)
        if count < 4 && m * n * k >= 1 << 21 {
            for index in 0..<count {
                try MatrixProduct.shared(
                    m, n, k, left.moved(by: leftOffsets[index]), right.moved(by: rightOffsets[index]),
                    out + index * m * n, n)
            }
        } else {
            try ThreadPool.shared.runPolling(count, grain: Swift.max(1, (1 << 19) / (m * n * k))) { range in
                for index in range {
                    MatrixProduct.single(
                        m, n, k, left.moved(by: leftOffsets[index]), right.moved(by: rightOffsets[index]),
                        out + index * m * n, n)
                }
            }
        }
        withExtendedLifetime((a, b)) {}
        return result
    }

    /// Where each matrix of a batch starts, in elements from the first.
    private static func offsets(_ tensor: Tensor, batch: [Int]) -> [Int] {
        let strides = Shape.broadcastStrides(
            Array(tensor.shape.dropLast(2)), Array(tensor.strides.dropLast(2)), to: batch)
        var offsets = [0]
        for (size, stride) in zip(batch, strides) {
            offsets = offsets.flatMap { base in (0..<size).map { base + $0 * stride } }
        }
        return offsets
    }
}
