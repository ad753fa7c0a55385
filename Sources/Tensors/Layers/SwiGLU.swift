/// silu(gate) * up, the gated activation of Llama's feedforward (Shazeer 2020).
public func swiGLU(_ gate: Tensor, _ up: Tensor) throws -> Tensor {
    guard gate.shape == up.shape else {
        throw TensorError(
            "swiglu", "gate \(Shape.text(gate.shape)) and up \(Shape.text(up.shape)) must have one shape")
    }
    return try gate.silu() * up
}
