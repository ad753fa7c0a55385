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
    let group = sizes.heads / sizes.keyHeads
    func spread(_ x: Tensor) throws -> Tensor {  // (B, S, Hkv, dh) -> (B, H, S, dh)
        try x.unsqueeze(3).expand([sizes.batch, sizes.keys, sizes.keyHeads, group, sizes.headDim])
            .reshape([sizes.batch, sizes.keys, sizes.heads, sizes.headDim]).transpose(1, 2)
    }
    var scores = try q.transpose(1, 2).matmul(spread(k).transpose()) * (1 / Float(sizes.headDim).squareRoot())
    if causal {
        let future = try Tensor.full([sizes.queries, sizes.keys], -.infinity)
        for row in 0..<sizes.queries {
            for column in 0..<Swift.min(sizes.keys, Swift.max(0, row + sizes.keys - sizes.queries + 1)) {
                future.pointer[row * sizes.keys + column] = 0
            }
        }
        scores = try scores + future
    }
    if let mask { scores = try scores + mask.detached() }
    return try scores.softmax(-1).matmul(spread(v)).transpose(1, 2)
}

/// The sizes of an attention call, checked.
struct AttentionSizes {
    let batch, queries, keys, heads, keyHeads, headDim: Int

    init(_ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
        guard q.rank == 4, k.rank == 4, k.shape == v.shape, q.shape[0] == k.shape[0], q.shape[3] == k.shape[3],
            k.shape[2] > 0, q.shape[2] % k.shape[2] == 0
        else {
            throw TensorError(
                "attention", "q \(Shape.text(q.shape)), k \(Shape.text(k.shape)), v \(Shape.text(v.shape)): they must be "
                    + "(B, T, H, dh), (B, S, Hkv, dh) and (B, S, Hkv, dh) with H a multiple of Hkv")
        }
        (batch, queries, keys, heads, keyHeads, headDim) = (
            q.shape[0], q.shape[1], k.shape[1], q.shape[2], k.shape[2], q.shape[3]
        )
    }
}
