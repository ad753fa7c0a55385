import CKernels

/// The largest and smallest elements, and where they are.
extension Tensor {
    /// The largest element; the gradient is shared by equals, as in PyTorch.
    public func max() throws -> Tensor { try extremum(sign: 1, operation: "max") }
    public func min() throws -> Tensor { try extremum(sign: -1, operation: "min") }

    private func extremum(sign: Float, operation: String) throws -> Tensor {
        guard count > 0 else {
            throw TensorError(operation, "a tensor of shape \(Shape.text(shape)) has no elements to choose from")
        }
        let value = try detached().flatten().extremum(0, keepDimensions: false, sign: sign, operation: operation).values
        guard Tape.wants(self) else { return value }
        let (saved, largest) = (saved(), value.saved())
        return try record(value, from: self, name: operation) { gradient in
            let isNaN = try largest.item().isNaN
            let takesPart = isNaN ? try saved.notEqual(saved) : try saved.equal(largest)
            return try Tensor.select(takesPart, gradient / takesPart.sum(), Tensor.scalar(0))
        }
    }

    /// The largest elements along a dimension, and their (first) indices; the gradient goes there.
    public func max(_ dimension: Int, keepDimensions: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try extremum(dimension, keepDimensions: keepDimensions, sign: 1, operation: "max")
    }

    public func min(_ dimension: Int, keepDimensions: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try extremum(dimension, keepDimensions: keepDimensions, sign: -1, operation: "min")
    }

    /// Indices of the largest elements along a dimension; of the whole tensor if nil.
    public func argmax(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try position(dimension, keepDimensions, sign: 1, operation: "argmax")
    }

    /// Indices of the smallest elements along a dimension; of the whole tensor if nil.
    public func argmin(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try position(dimension, keepDimensions, sign: -1, operation: "argmin")
    }

    private func position(
        _ dimension: Int?, _ keepDimensions: Bool, sign: Float, operation: String
    ) throws -> Tensor {
        guard let dimension else {
            return try detached().flatten().extremum(0, keepDimensions: false, sign: sign, operation: operation).indices
        }
        return try detached().extremum(dimension, keepDimensions: keepDimensions, sign: sign, operation: operation)
            .indices
    }

    private func extremum(
        _ dimension: Int, keepDimensions: Bool, sign: Float, operation: String
    ) throws -> (values: Tensor, indices: Tensor) {
        if rank == 0 {
            _ = try Shape.dimension(dimension, rank: 1, operation: operation)
            return (try reshape([1]).reshape([]), try Tensor.scalar(0).marked(.integer))
        }
        let dimension = try Shape.dimension(dimension, rank: rank, operation: operation)
        let length = shape[dimension]
        guard length > 0 else {
            throw TensorError(operation, "dimension \(dimension) of \(Shape.text(shape)) is empty")
        }
        var kept = shape
        kept[dimension] = 1
        let (values, indices) = (try Tensor(uninitialised: kept), try Tensor(uninitialised: kept))
        let (out, index) = (values.pointer, indices.pointer)
        let columns = shape[(dimension + 1)...].reduce(1, *)
        if isContiguous, columns >= 16 {
            // Down the columns of each matrix, whole lines at a time.
            let input = pointer
            for matrix in 0..<values.count / columns {
                let (start, first) = (matrix * columns, matrix * columns * length)
                try ThreadPool.shared.runPolling(columns, grain: Swift.max(256, Kernel.rowGrain(length))) { range in
                    kernel_column_extremum(
                        out + start, index + start, input + first, length, columns, range.lowerBound,
                        range.upperBound, sign)
                }
            }
        } else {
            let source = try rows(reducing: [dimension])
            let input = source.pointer
            try ThreadPool.shared.runPolling(values.count, grain: Kernel.rowGrain(length)) { range in
                let start = range.lowerBound
                kernel_row_extremum(out + start, index + start, input + start * length, range.count, length, sign)
            }
        }
        values.kind = kind
        try indices.asIntegers()
        let final = keepDimensions ? values : values.without([dimension])
        let original = shape
        if Tape.wants(self) {
            let places = indices.saved()
            try Tape.record(final, [self], name: operation) { gradient in
                [try Tensor.zeros(original).addedAlong(dimension, places, gradient.reshape(kept))]
            }
        }
        return (final, keepDimensions ? indices : indices.without([dimension]))
    }
}
