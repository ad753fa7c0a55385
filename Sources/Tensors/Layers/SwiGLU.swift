import CKernels

/// silu(gate) * up, the gated activation of Llama's feedforward (Shazeer 2020).
public func swiGLU(_ gate: Tensor, _ up: Tensor) throws -> Tensor {
    guard gate.shape == up.shape else {
        throw TensorError(
            "swiglu", "gate \(Shape.text(gate.shape)) and up \(Shape.text(up.shape)) must have one shape")
    }
    let (plainGate, plainUp) = (try gate.plain(), try up.plain())
    let result = try Tensor(uninitialised: gate.shape)
    let (out, x, y) = (result.pointer, plainGate.pointer, plainUp.pointer)
    try ThreadPool.shared.runPolling(gate.count, grain: Kernel.grain) { range in
        kernel_swiglu(out + range.lowerBound, x + range.lowerBound, y + range.lowerBound, range.count)
    }
    guard Tape.wants(gate) || Tape.wants(up) else { return result }
    let (savedGate, savedUp) = (plainGate.saved(), plainUp.saved())
    try Tape.record(result, [gate, up]) { gradient in
        let gradient = try gradient.plain()
        let (dGate, dUp) = (try Tensor(uninitialised: gradient.shape), try Tensor(uninitialised: gradient.shape))
        let (a, b, g) = (dGate.pointer, dUp.pointer, gradient.pointer)
        let (x, y) = (savedGate.pointer, savedUp.pointer)
        try ThreadPool.shared.runPolling(gradient.count, grain: Kernel.grain) { range in
            let i = range.lowerBound
            kernel_swiglu_backward(a + i, b + i, g + i, x + i, y + i, range.count)
        }
        return [dGate, dUp]
    }
    return result
}
