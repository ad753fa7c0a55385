/// Scaled dot-product attention, grouped-query: query head h reads key head h / (H / Hkv).
/// - Parameters:
///   - q: (B, T, H, dh).
///   - k: (B, S, Hkv, dh), with H a multiple of Hkv.
///   - v: (B, S, Hkv, dh).
///   - causal: whether query t sees keys up to t + (S - T) only.
///   - mask: broadcasts to (B, H, T, S). Of answers it says which keys a query sees, else it is added to the scores, as
///     in torch.nn.functional.scaled_dot_product_attention.
/// - Returns: (B, T, H, dh). A query that sees no key gives 0.
public func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, causal: Bool = true, mask: Tensor? = nil
) throws -> Tensor {
    let sizes = try AttentionSizes(q, k, v)
    let offsets = try mask.map { try scoreOffsets($0, sizes.scoreShape) }
    let work = AttentionWork(sizes: sizes, isCausal: causal, mask: offsets)
    let (plainQ, plainK, plainV) = (try q.plain(), try k.plain(), try v.plain())
    let result = try Tensor(uninitialised: q.shape, operation: "attention")
    try work.forward(result, plainQ, plainK, plainV)
    let learned = mask.flatMap { Tape.wants($0) ? $0.shape : nil }
    guard Tape.wants(q) || Tape.wants(k) || Tape.wants(v) || learned != nil else { return result }
    let (savedQ, savedK, savedV) = (plainQ.saved(), plainK.saved(), plainV.saved())
    try Tape.record(result, [q, k, v] + (mask.map { [$0] } ?? [])) { gradient in
        let maskSlope = try learned.map { _ in try Tensor.zeros(sizes.scoreShape) }
        let slopes = try work.backward(gradient.plain(), savedQ, savedK, savedV, maskSlope)
        guard let maskSlope, let learned else { return slopes + [nil] }
        return slopes + [try maskSlope.sum(to: learned)]
    }
    return result
}

/// What a mask adds to scores of a shape.
private func scoreOffsets(_ mask: Tensor, _ shape: [Int]) throws -> Tensor {
    guard let common = try? Shape.broadcast(mask.shape, shape, operation: "attention"), common == shape else {
        throw TensorError(
            "attention", "a mask of shape \(Shape.text(mask.shape)) does not broadcast to (B, H, T, S), here "
                + Shape.text(shape))
    }
    let values = mask.detached()
    let offsets = mask.isBoolean ? try Tensor.select(values, .scalar(0), .scalar(-.infinity)) : values
    return try offsets.expand(shape).saved()
}

/// The sizes of an attention call, checked.
struct AttentionSizes {
    let batch, queries, keys, heads, keyHeads, headDim: Int

    var scoreShape: [Int] { [batch, heads, queries, keys] }

    init(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
        guard q.rank == 4, k.rank == 4, k.shape == v.shape, q.shape[0] == k.shape[0], q.shape[3] == k.shape[3],
            k.shape[2] > 0, q.shape[2] % k.shape[2] == 0
        else {
            throw TensorError(
                "attention",
                "q \(Shape.text(q.shape)), k \(Shape.text(k.shape)), v \(Shape.text(v.shape)): they must be "
                    + "(B, T, H, dh), (B, S, Hkv, dh) and (B, S, Hkv, dh) with H a multiple of Hkv")
        }
        (batch, queries, keys, heads, keyHeads, headDim) = (
            q.shape[0], q.shape[1], k.shape[1], q.shape[2], k.shape[2], q.shape[3]
        )
    }
}
