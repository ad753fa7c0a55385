import CKernels

/// Sums, means and extremes over dimensions.
extension Tensor {
    /// The sum over the given dimensions (all if nil), taken in blocks with a double-precision total.
    public func sum(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try reduceSum(dimensions, keepDimensions: keepDimensions, isMean: false, operation: "sum")
    }

    public func mean(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try reduceSum(dimensions, keepDimensions: keepDimensions, isMean: true, operation: "mean")
    }

    /// The variance over the given dimensions (all if nil), from the differences to the mean.
    /// - Parameter correction: taken off the count; 1 for a sample.
    public func variance(
        _ dimensions: [Int]? = nil, correction: Int = 1, keepDimensions: Bool = false
    ) throws -> Tensor {
        let reduced = try resolve(dimensions, operation: "var")
        let length = reduced.reduce(1) { $0 * shape[$1] }
        let centred = try self - mean(reduced, keepDimensions: true)
        let sum = try (centred * centred).sum(reduced, keepDimensions: keepDimensions)
        return try sum / Float(Swift.max(length - correction, 0))
    }

    /// The square root of the variance.
    public func standardDeviation(
        _ dimensions: [Int]? = nil, correction: Int = 1, keepDimensions: Bool = false
    ) throws -> Tensor {
        try variance(dimensions, correction: correction, keepDimensions: keepDimensions).sqrt()
    }

    /// log(sum(exp(x))) along a dimension, safe for large and for infinite elements.
    public func logSumExp(_ dimension: Int, keepDimensions: Bool = false) throws -> Tensor {
        let largest = try detached().max(dimension, keepDimensions: true).values
        let infinite = try largest.abs().equal(Tensor.scalar(.infinity))
        let level = try Tensor.select(infinite, Tensor.scalar(0), largest).detached()
        let sum = try (self - level).exp().sum([dimension], keepDimensions: true).log() + level
        return keepDimensions ? sum : try sum.squeeze(dimension)
    }

    /// Indices of the smallest elements along a dimension; of the whole tensor if nil.
    public func argmin(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        guard let dimension else { return try detached().flatten().min(0).indices }
        return try detached().min(dimension, keepDimensions: keepDimensions).indices
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
        let original = shape
        return try record(final, from: self, name: isMean ? "mean" : "sum") { gradient in
            let expanded = try gradient.reshape(kept).expand(original)
            return isMean ? try expanded * scale : expanded
        }
    }

    private func resolve(_ dimensions: [Int]?, operation: String) throws -> [Int] {
        guard let dimensions else { return Array(shape.indices) }
        let resolved = try dimensions.map { try Shape.dimension($0, rank: rank, operation: operation) }
        guard Set(resolved).count == resolved.count else {
            throw TensorError(operation, "the dimensions \(dimensions) name one twice")
        }
        return resolved.sorted()
    }

    private func without(_ reduced: [Int]) -> Tensor {
        let keep = shape.indices.filter { !reduced.contains($0) }
        return Tensor(
            storage: storage, shape: keep.map { shape[$0] }, strides: keep.map { strides[$0] }, offset: offset)
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

    /// The largest element; the gradient goes to the first of equals.
    public func max() throws -> Tensor { try flatten().max(0).values }
    public func min() throws -> Tensor { try flatten().min(0).values }

    /// The largest elements along a dimension, and their (first) indices; the gradient goes there.
    public func max(_ dimension: Int, keepDimensions: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try extremum(dimension, keepDimensions: keepDimensions, sign: 1, operation: "max")
    }

    public func min(_ dimension: Int, keepDimensions: Bool = false) throws -> (values: Tensor, indices: Tensor) {
        try extremum(dimension, keepDimensions: keepDimensions, sign: -1, operation: "min")
    }

    /// Indices of the largest elements along a dimension; of the whole tensor if nil.
    public func argmax(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        guard let dimension else { return try detached().flatten().max(0).indices }
        return try detached().max(dimension, keepDimensions: keepDimensions).indices
    }

    private func extremum(
        _ dimension: Int, keepDimensions: Bool, sign: Float, operation: String
    ) throws -> (values: Tensor, indices: Tensor) {
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
        let final = keepDimensions ? values : values.without([dimension])
        let original = shape
        _ = try record(final, from: self, name: sign > 0 ? "max" : "min") { gradient in
            try Tensor.zeros(original).addedAlong(dimension, indices, gradient.reshape(kept))
        }
        return (final, keepDimensions ? indices : indices.without([dimension]))
    }

    /// The product along a dimension (of all elements if nil).
    public func prod(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        guard let dimension else { return try flatten().prod(0) }
        let resolved = try Shape.dimension(dimension, rank: rank, operation: "prod")
        let length = shape[resolved]
        let source = try rows(reducing: [resolved])
        var kept = shape
        kept[resolved] = 1
        let result = try Tensor(uninitialised: kept)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(result.count, grain: Kernel.rowGrain(length)) { range in
            kernel_row_product(out + range.lowerBound, input + range.lowerBound * length, range.count, length)
        }
        let saved = saved()
        return try record(keepDimensions ? result : result.without([resolved]), from: self) { gradient in
            try gradient.reshape(kept) * saved.productsOfOthers(resolved)
        }
    }

    /// For every element the product of the others along a dimension; right for zeros too.
    private func productsOfOthers(_ dimension: Int) throws -> Tensor {
        let source = try rows(reducing: [dimension])
        let length = shape[dimension]
        let result = try Tensor(uninitialised: source.shape)
        for start in stride(from: 0, to: count, by: Swift.max(length, 1)) {
            let (input, out) = (source.pointer + start, result.pointer + start)
            var product = 1.0
            for index in 0..<length {
                out[index] = Float(product)
                product *= Double(input[index])
            }
            product = 1
            for index in stride(from: length - 1, through: 0, by: -1) {
                out[index] = Float(Double(out[index]) * product)
                product *= Double(input[index])
            }
        }
        return try result.movedLast(backTo: dimension)
    }

    /// The last dimension put back where it was before `rows(reducing:)`.
    func movedLast(backTo dimension: Int) throws -> Tensor {
        var order = Array(0..<rank - 1)
        order.insert(rank - 1, at: dimension)
        return try permute(order)
    }

    /// Running sums along a dimension.
    public func cumsum(_ dimension: Int) throws -> Tensor { try cumulativeSum(dimension, reversed: false) }

    private func cumulativeSum(_ dimension: Int, reversed: Bool) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "cumsum")
        let length = shape[dimension]
        let source = try rows(reducing: [dimension])
        let result = try Tensor(uninitialised: source.shape)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(length == 0 ? 0 : count / length, grain: Kernel.rowGrain(length)) { range in
            let start = range.lowerBound * length
            kernel_row_cumulative_sum(out + start, input + start, range.count, length, reversed ? 1 : 0)
        }
        return try record(try result.movedLast(backTo: dimension), from: self) {
            try $0.cumulativeSum(dimension, reversed: !reversed)
        }
    }
}
