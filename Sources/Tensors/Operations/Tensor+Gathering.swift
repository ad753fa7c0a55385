import CKernels

/// Gathering by index, and the ways back.
extension Tensor {
    /// out[..., i, ...] = self[..., index[..., i, ...], ...] along a dimension; `index` has the same rank, and no size
    /// larger than here in the other dimensions.
    public func gather(_ dimension: Int, _ index: Tensor) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "gather")
        guard index.rank == rank, rank > 0,
            shape.indices.allSatisfy({ $0 == dimension || index.shape[$0] <= shape[$0] })
        else {
            throw TensorError(
                "gather", "an index of shape \(Shape.text(index.shape)) does not fit \(Shape.text(shape))")
        }
        let result = try Tensor(uninitialised: index.shape, operation: "gather")
        let plainIndex = try index.plain()
        try walk(dimension, plainIndex, inOrder: false) { sizes, range in
            kernel_gather(
                result.pointer, pointer, plainIndex.pointer, Int32(rank), sizes, strides, Int32(dimension),
                shape[dimension], range.lowerBound, range.upperBound)
        }
        let original = shape
        let savedIndex = plainIndex.saved()
        result.kind = kind
        return try record(result, from: self) { gradient in
            try Tensor.zeros(original).addedAlong(dimension, savedIndex, gradient)
        }
    }

    /// Calls `body` for runs of the rows of an index (runs of its last dimension).
    /// - Parameter inOrder: whether one run may touch what another does.
    /// - Parameter body: gives the place of the first index out of range, or -1.
    private func walk(
        _ dimension: Int, _ index: Tensor, inOrder: Bool, _ body: ([Int], Range<Int>) -> Int
    ) throws {
        guard index.count > 0 else { return }
        let columns = index.shape[index.rank - 1], rows = index.count / columns
        let grain = inOrder ? rows : Kernel.rowGrain(columns)
        var failures = [Int](repeating: -1, count: (rows + grain - 1) / grain)
        failures.withUnsafeMutableBufferPointer { failures in
            let places = failures.baseAddress
            ThreadPool.shared.run(rows, grain: grain) { places?[$0.lowerBound / grain] = body(index.shape, $0) }
        }
        guard let place = failures.first(where: { $0 >= 0 }) else { return }
        let value = index.pointer[place]
        throw TensorError(
            "gather", "index \(Tensor.text(value)) is out of range for dimension \(dimension) of size "
                + "\(shape[dimension])")
    }

    /// Adds `values` here where `index` says, in order, and gives self.
    func addedAlong(_ dimension: Int, _ index: Tensor, _ values: Tensor) throws -> Tensor {
        if index.rank == 0 {
            accumulateValues(values)
            return self
        }
        let (plainIndex, plainValues) = (try index.plain(), try values.plain())
        // Rows of the index touch different rows of this, if they run along the dimension.
        try walk(dimension, plainIndex, inOrder: dimension != rank - 1) { sizes, range in
            kernel_scatter_add(
                pointer, plainValues.pointer, plainIndex.pointer, Int32(rank), sizes, strides, Int32(dimension),
                shape[dimension], range.lowerBound, range.upperBound)
        }
        return self
    }
}
