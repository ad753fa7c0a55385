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

    /// Sub-tensors at the given indices of a dimension, one after the other.
    public func indexSelect(_ dimension: Int, _ indices: [Int]) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "index")
        let size = shape[dimension]
        let resolved = try indices.map { index in
            guard index >= -size, index < size else {
                throw TensorError(
                    "index", "\(index) is out of range for dimension \(dimension) of \(Shape.text(shape))")
            }
            return index < 0 ? index + size : index
        }
        var target = shape
        target[dimension] = indices.count
        let result = try Tensor(uninitialised: target, operation: "index")
        let plainSelf = detached()
        for (position, index) in resolved.enumerated() {
            try result.select(dimension, position).assignValues(plainSelf.select(dimension, index))
        }
        let original = shape
        return try record(result, from: self) { gradient in
            let whole = try Tensor.zeros(original)
            for (position, index) in resolved.enumerated() {
                try whole.select(dimension, index).accumulateValues(gradient.select(dimension, position))
            }
            return whole
        }
    }

    /// The elements at which a mask is not 0, in row-major order: the mask covers the dimensions from `dimension` on,
    /// and they become one.
    public func masked(_ dimension: Int, by mask: Tensor) throws -> Tensor {
        let covered = dimension..<dimension + mask.rank
        guard mask.rank > 0, covered.upperBound <= rank, Array(shape[covered]) == mask.shape else {
            throw TensorError(
                "index", "a mask of shape \(Shape.text(mask.shape)) does not fit dimension \(dimension) of "
                    + "\(Shape.text(shape))")
        }
        let places = mask.floats().enumerated().filter { $1 != 0 }.map(\.offset)
        return try flatten(dimension, dimension + mask.rank - 1).indexSelect(dimension, places)
    }

    /// Overwrites the elements at which a mask is not 0; it covers the leading dimensions.
    /// - Throws: `TensorError` as `assign` does, and for a mask that does not fit.
    public func assign(_ value: Tensor, where mask: Tensor) throws {
        guard mask.rank <= rank, Array(shape[..<mask.rank]) == mask.shape else {
            throw TensorError(
                "set", "a mask of shape \(Shape.text(mask.shape)) does not fit \(Shape.text(shape))")
        }
        let wide = try mask.reshape(mask.shape + [Int](repeating: 1, count: rank - mask.rank))
        guard try Shape.broadcast(value.shape, shape, operation: "set") == shape else {
            throw TensorError("set", "a value of shape \(Shape.text(value.shape)) does not fit in \(Shape.text(shape))")
        }
        guard !Tape.wants(value) else { return try assign(value) }
        try assign(try noGrad { try Tensor.select(wide, value, self).detached() })
    }

    /// Overwrites the elements of this view, which `value` broadcasts to.
    /// - Throws: `TensorError` if a gradient would be lost: a tape needs the present values, or either side carries
    ///   one.
    public func assign(_ value: Tensor) throws {
        guard !storage.isBorrowed else {
            throw TensorError("set", "the memory belongs to a file and cannot be changed; work on a copy (x.copy())")
        }
        guard !zip(shape, strides).contains(where: { $0 > 1 && $1 == 0 }) else {
            throw TensorError("set", "elements of an expanded tensor share memory; work on a copy (x.copy())")
        }
        guard storage.pins == 0 else {
            throw TensorError("set", "a later backward() needs the present values; work on a copy (x.copy())")
        }
        guard !(Tape.wants(self)), !(Tape.wants(value)) else {
            throw TensorError(
                "set", "gradients do not flow through setting elements; use where(), cat() or stack(), or no_grad")
        }
        guard try Shape.broadcast(value.shape, shape, operation: "set") == shape else {
            throw TensorError("set", "a value of shape \(Shape.text(value.shape)) does not fit in \(Shape.text(shape))")
        }
        assignValues(value.storage === storage ? try value.copiedValues() : value)
    }
}
