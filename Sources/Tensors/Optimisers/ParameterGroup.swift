/// Parameters that learn at one rate.
public struct ParameterGroup {
    public var parameters: [Tensor]
    public var learningRate: Float
    /// Decoupled weight decay; nil takes the optimiser's.
    public var weightDecay: Float?
    /// Of optimisers with one momentum; nil takes the optimiser's.
    public var momentum: Float?
    /// Of optimisers with two moments; nil takes the optimiser's.
    public var betas: (Float, Float)?

    public init(_ parameters: [Tensor], learningRate: Float, weightDecay: Float? = nil) {
        self.parameters = parameters
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }
}

extension Tensor {
    /// Gives the parameter memory of its own if it lies in a read-only file or a tape needs the present values.
    package func makeWritable() throws { _ = try writableParameter("parameter") }

    /// Room in which an optimiser may write new values: a fresh copy if a tape needs the present ones.
    func writableParameter(_ operation: String) throws -> UnsafeMutablePointer<Float> {
        guard isContiguous, offset == 0 || storage.pins == 0 else {
            throw TensorError(operation, "a parameter of shape \(Shape.text(shape)) is not contiguous")
        }
        if storage.pins > 0 || storage.isBorrowed {
            let fresh = try copiedValues()
            guard offset == 0 else { throw TensorError(operation, "a parameter is a view of borrowed memory") }
            storage = fresh.storage
        }
        return pointer
    }
}
