/// Variances, and the logarithm of a sum of exponentials.
extension Tensor {
    /// The variance over the given dimensions (all if nil), from the differences to the mean.
    /// - Parameter correction: taken off the count; 1 for a sample.
    public func variance(
        _ dimensions: [Int]? = nil, correction: Int = 1, keepDimensions: Bool = false
    ) throws -> Tensor {
        let (kept, slope, reduced) = try moments(dimensions, correction, operation: "var")
        let keptShape = kept.shape
        return try record(keepDimensions ? kept : kept.without(reduced), from: self, name: "var") {
            try $0.reshape(keptShape) * slope
        }
    }

    /// The square root of the variance. Of equal elements it is 0, and so is the gradient, as in PyTorch.
    public func standardDeviation(
        _ dimensions: [Int]? = nil, correction: Int = 1, keepDimensions: Bool = false
    ) throws -> Tensor {
        let (variance, slope, reduced) = try moments(dimensions, correction, operation: "std")
        let kept = try variance.sqrt()
        let saved = kept.saved()
        return try record(keepDimensions ? kept : kept.without(reduced), from: self, name: "std") { gradient in
            let zero = try Tensor.scalar(0)
            let share = try gradient.reshape(saved.shape) / (saved * 2)
            return try Tensor.select(saved.equal(zero), zero, share) * slope
        }
    }

    /// The variance with its dimensions kept, and its gradient, 2 (x - mean) / (count - correction); unrecorded.
    private func moments(
        _ dimensions: [Int]?, _ correction: Int, operation: String
    ) throws -> (variance: Tensor, slope: Tensor, reduced: [Int]) {
        let reduced = try resolve(dimensions, operation: operation)
        let length = reduced.reduce(1) { $0 * shape[$1] }
        let degrees = Float(Swift.max(Double(length) - Double(correction), 0))
        let values = detached()
        let centred = try values - values.mean(reduced, keepDimensions: true)
        let variance = try (centred * centred).sum(reduced, keepDimensions: true) / degrees
        // Where the correction is more than the count, PyTorch's gradient has the negative difference.
        let difference = Float(Double(length) - Double(correction))
        return (variance, Tape.wants(self) ? try centred * (2 / difference) : centred, reduced)
    }

    /// log(sum(exp(x))) along a dimension, safe for large and for infinite elements; -inf of none. The gradient is 0
    /// where all are -inf.
    public func logSumExp(_ dimension: Int, keepDimensions: Bool = false) throws -> Tensor {
        if rank == 0 { return try asRow(dimension, "logsumexp") { try $0.logSumExp(0) } }
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "logsumexp")
        let values = detached()
        let kept = try values.logSumOfExponentials(dimension)
        let (saved, shape) = (saved(), kept.shape)
        let final = keepDimensions ? kept : kept.without([dimension])
        return try record(final, from: self, name: "logsumexp") { gradient in
            try gradient.reshape(shape) * saved.softmax(dimension)
        }
    }

    private func logSumOfExponentials(_ dimension: Int) throws -> Tensor {
        guard shape[dimension] > 0 else {
            var kept = shape
            kept[dimension] = 1
            return try Tensor.full(kept, -.infinity)
        }
        let largest = try max(dimension, keepDimensions: true).values
        let level = try Tensor.select(largest.abs().equal(.scalar(.infinity)), .scalar(0), largest)
        return try (self - level).exp().sum([dimension], keepDimensions: true).log() + level
    }

    /// What `body` makes of a scalar as a row of one element, as a scalar again.
    /// - Parameter dimension: must be one that a row has.
    func asRow(_ dimension: Int, _ operation: String, _ body: (Tensor) throws -> Tensor) throws -> Tensor {
        _ = try Shape.dimension(dimension, rank: 1, operation: operation)
        return try body(reshape([1])).reshape([])
    }
}
