import CKernels

/// Sums and means over dimensions.
extension Tensor {
    /// The sum over the given dimensions (all if nil), taken in blocks with a double-precision total.
    public func sum(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try reduceSum(dimensions, keepDimensions: keepDimensions, isMean: false, operation: "sum")
    }

    public func mean(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try reduceSum(dimensions, keepDimensions: keepDimensions, isMean: true, operation: "mean")
    }

    private func reduceSum(
        _ dimensions: [Int]?, keepDimensions: Bool, isMean: Bool, operation: String
    ) throws -> Tensor {
        let reduced = try resolve(dimensions, operation: operation)
        let length = reduced.reduce(1) { $0 * shape[$1] }
        let scale: Float = isMean ? 1 / Float(length) : 1
        let kept = shape.indices.map { reduced.contains($0) ? 1 : shape[$0] }
        let result = try sumValues(reduced, kept: kept, length: length, scale: scale)
        let final = keepDimensions ? result : result.without(reduced)
        if !isMean, kind != .real { try final.asIntegers() }
        let original = shape
        return try record(final, from: self, name: isMean ? "mean" : "sum") { gradient in
            let expanded = try gradient.reshape(kept).expand(original)
            return isMean ? try expanded * scale : expanded
        }
    }

    func resolve(_ dimensions: [Int]?, operation: String) throws -> [Int] {
        guard let dimensions else { return Array(shape.indices) }
        // A scalar may be reduced over the dimension that it would have.
        let resolved = try dimensions.map { try Shape.dimension($0, rank: Swift.max(rank, 1), operation: operation) }
        if rank == 0 { return [] }
        guard Set(resolved).count == resolved.count else {
            throw TensorError(operation, "the dimensions \(dimensions) name one twice")
        }
        return resolved.sorted()
    }

    func without(_ reduced: [Int]) -> Tensor {
        let keep = shape.indices.filter { !reduced.contains($0) }
        return Tensor(
            storage: storage, shape: keep.map { shape[$0] }, strides: keep.map { strides[$0] }, offset: offset
        ).marked(kind)
    }

    private func sumValues(_ reduced: [Int], kept: [Int], length: Int, scale: Float) throws -> Tensor {
        let result = try Tensor(uninitialised: kept)
        if reduced.isEmpty {
            result.assignValues(self)
            return result
        }
        if isContiguous, reduced == Array(0..<reduced.count), reduced.count < rank, count > 0 {
            try columnSum(rows: length, columns: count / length, into: result)
            return scale == 1 ? result : try result * scale
        }
        let source = try rows(reducing: reduced)
        let (out, input) = (result.pointer, source.pointer)
        let rowCount = result.count
        if rowCount == 1, length > Kernel.grain {
            // One long row: chunks of a fixed size, added up in order.
            let chunks = (length + Kernel.grain - 1) / Kernel.grain
            let partial = try Tensor(uninitialised: [chunks])
            let sums = partial.pointer
            try ThreadPool.shared.runPolling(length, grain: Kernel.grain) { range in
                kernel_row_sum(sums + range.lowerBound / Kernel.grain, input + range.lowerBound, 1, range.count, 1)
            }
            kernel_row_sum(out, sums, 1, chunks, scale)
        } else {
            try ThreadPool.shared.runPolling(rowCount, grain: Kernel.rowGrain(length)) { range in
                kernel_row_sum(out + range.lowerBound, input + range.lowerBound * length, range.count, length, scale)
            }
        }
        return result
    }

    /// Sums over the rows of (rows, columns), in runs of rows of a fixed length, added up in order.
    private func columnSum(rows: Int, columns: Int, into result: Tensor) throws {
        let grain = Swift.max(64, Kernel.rowGrain(columns))
        let chunks = (rows + grain - 1) / grain
        let input = pointer
        let partial = try Tensor.zeros([chunks, columns])
        let sums = partial.pointer
        try ThreadPool.shared.runPolling(rows, grain: grain) { range in
            kernel_column_sum(
                sums + range.lowerBound / grain * columns, input + range.lowerBound * columns, range.count, columns)
        }
        kernel_fill(result.pointer, 0, columns)
        kernel_column_sum(result.pointer, sums, chunks, columns)
    }

    /// Contiguous, with the reduced dimensions innermost.
    func rows(reducing reduced: [Int]) throws -> Tensor {
        let order = shape.indices.filter { !reduced.contains($0) } + reduced
        return try detached().permute(order).plain()
    }

    /// The sum over the dimensions along which a tensor of `target` was repeated to get this shape.
    func sum(to target: [Int]) throws -> Tensor {
        if shape == target { return self }
        let lead = rank - target.count
        let reduced = shape.indices.filter { $0 < lead || (target[$0 - lead] == 1 && shape[$0] != 1) }
        return try sum(reduced, keepDimensions: true).reshape(target)
    }

    /// The last dimension put back where it was before `rows(reducing:)`.
    func movedLast(backTo dimension: Int) throws -> Tensor {
        var order = Array(0..<rank - 1)
        order.insert(rank - 1, at: dimension)
        return try permute(order)
    }
}
