extension Tensor {
    /// exp(x) / sum of exp(x) along a dimension; -inf gives 0.
    public func softmax(_ dimension: Int = -1) throws -> Tensor {
        let largest = try detached().max(dimension, keepDimensions: true).values
        let powers = try (self - largest).exp()
        return try powers / powers.sum([dimension], keepDimensions: true)
    }

    /// log(softmax(x)) along a dimension.
    public func logSoftmax(_ dimension: Int = -1) throws -> Tensor {
        let shifted = try self - detached().max(dimension, keepDimensions: true).values
        return try shifted - shifted.exp().sum([dimension], keepDimensions: true).log()
    }
}
