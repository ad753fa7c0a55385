/// Computes a block without keeping what its gradients need: on the way back it is computed again. Memory for time.
/// - Parameters:
///   - inputs: what gradients flow back to, besides the parameters that the block uses.
///   - block: must do the same both times.
/// - Returns: the block's result.
public func checkpoint(_ inputs: [Tensor], _ block: @escaping ([Tensor]) throws -> Tensor) throws -> Tensor {
    let plain = inputs.map { $0.detached() }
    let result = try noGrad { try block(plain) }.detached()
    guard Tape.isRecording else { return result }
    let saved = inputs.map { $0.saved() }
    let wanted = inputs.map(Tape.wants)
    try Tape.record(result, inputs) { gradient in
        let again = saved.map { $0.detached() }
        for (input, wants) in zip(again, wanted) where wants { try input.parameter() }
        let (root, isRecorded) = try withGrad {
            let root = try block(again)
            return (root, Tape.wants(root))
        }
        guard isRecorded else {
            if wanted.contains(true) { return again.map { _ in nil } }
            throw TensorError("backward", "what the block of a checkpoint computes depends on no parameter")
        }
        try Tape.backward(from: root, seed: gradient.plain())
        return try again.map { try Tape.takeArrived($0) ?? $0.gradient }
    }
    return result
}
