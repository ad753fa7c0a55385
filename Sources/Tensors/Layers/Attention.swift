/// Scaled dot-product attention, grouped-query: query head h reads key head h / (H / Hkv).
/// - Parameters:
///   - q: (B, T, H, dh).
///   - k: (B, S, Hkv, dh), with H a multiple of Hkv.
///   - v: (B, S, Hkv, dh).
///   - causal: whether query t sees keys up to t + (S - T) only.
///   - mask: added to the scores; broadcasts to (B, H, T, S). No gradient flows to it.
/// - Returns: (B, T, H, dh). A query that sees no key gives 0.
public func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, causal: Bool = true, mask: Tensor? = nil
) throws -> Tensor {
    let sizes = try AttentionSizes(q, k, v)
    let offsets = try mask.map { mask in
        try mask.detached().expand([sizes.batch, sizes.heads, sizes.queries, sizes.keys]).saved()
    }
    let work = AttentionWork(sizes: sizes, isCausal: causal, mask: offsets)
    let (plainQ, plainK, plainV) = (try q.plain(), try k.plain(), try v.plain())
    let result = try Tensor(uninitialised: q.shape, operation: "attention")
    try work.forward(result, plainQ, plainK, plainV)
    guard Tape.wants(q) || Tape.wants(k) || Tape.wants(v) else { return result }
    let (savedQ, savedK, savedV) = (plainQ.saved(), plainK.saved(), plainV.saved())
    try Tape.record(result, [q, k, v]) { try work.backward($0.plain(), savedQ, savedK, savedV) }
    return result
}

/// The sizes of an attention call, checked.
struct AttentionSizes {
    let batch, queries, keys, heads, keyHeads, headDim: Int

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
