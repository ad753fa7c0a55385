/// What moves parameters by their gradients.
public protocol Optimiser: AnyObject {
    var groups: [ParameterGroup] { get set }
    /// Steps taken.
    var steps: Int { get }

    /// Moves every parameter that has a gradient.
    func step() throws

    /// What is remembered of each parameter, by name, in the order of groups and parameters; empty for one that never
    /// had a gradient. The tensors are the optimiser's own: they change with its next step.
    var memory: [[String: Tensor]] { get throws }

    /// Goes back to a state that `steps` and `memory` gave, with copies of the tensors.
    /// - Throws: `TensorError` where it is of other parameters or of another kind of optimiser.
    func restore(steps: Int, memory: [[String: Tensor]]) throws
}

extension Optimiser {
    public var parameters: [Tensor] { groups.flatMap(\.parameters) }

    /// Forgets the gradients of all parameters.
    public func zeroGradients() {
        for parameter in parameters { parameter.gradient = nil }
    }

    /// - Throws: `TensorError` for a number of steps that none has taken.
    func checkSteps(_ steps: Int, operation: String) throws {
        guard steps >= 0, steps <= 1 << 53 else {
            throw TensorError(operation, "a state of \(steps) steps; there may be 0 to 2^53")
        }
    }

    /// Copies of a saved memory, checked.
    /// - Parameter names: what each parameter has, if anything.
    func checked(_ memory: [[String: Tensor]], names: Set<String>, operation: String) throws -> [[String: Tensor]] {
        let parameters = self.parameters
        guard memory.count == parameters.count else {
            throw TensorError(
                operation, "a state of \(memory.count) parameters for an optimiser of \(parameters.count)")
        }
        return try zip(parameters, memory).enumerated().map { number, pair in
            let (parameter, tensors) = pair
            guard tensors.isEmpty || Set(tensors.keys) == names else {
                throw TensorError(
                    operation, "the state of parameter \(number) has \(tensors.keys.sorted()), not \(names.sorted())")
            }
            return try tensors.mapValues { tensor in
                guard tensor.shape == parameter.shape else {
                    throw TensorError(
                        operation, "the state of parameter \(number) has the shape \(Shape.text(tensor.shape)), and "
                            + "the parameter \(Shape.text(parameter.shape))")
                }
                return try tensor.copiedValues()
            }
        }
    }
}
