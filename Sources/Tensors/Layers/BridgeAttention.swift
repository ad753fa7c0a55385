/// The mixing step of a Bridge block: for every group and token index on its own, attention among the W rows, without
/// positions and without a causal mask (Dong et al. 2025, "Generalized Parallel Scaling with Interdependent
/// Generations"; no code of theirs is public).
/// - Parameters:
///   - q, k, v: (G, W, T, d) with d a multiple of `heads`.
///   - alive: G * W * T flags in the order of the tensors, or nil for all; a dead row is no key, and its own output is 0.
/// - Returns: (G, W, T, d).
public func bridgeAttention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, heads: Int, alive: [Bool]? = nil
) throws -> Tensor {
    guard q.rank == 4, q.shape == k.shape, q.shape == v.shape, heads > 0, q.shape[3] % heads == 0 else {
        throw TensorError(
            "bridge_attention", "q \(Shape.text(q.shape)), k \(Shape.text(k.shape)), v \(Shape.text(v.shape)) with "
                + "\(heads) heads: all three must be (G, W, T, d) with d a multiple of heads")
    }
    let (groups, width, length, dim) = (q.shape[0], q.shape[1], q.shape[2], q.shape[3])
    if let alive, alive.count != groups * width * length {
        throw TensorError("bridge_attention", "\(alive.count) flags of life for \(groups * width * length) places")
    }
    func split(_ x: Tensor) throws -> Tensor {  // (G, T, heads, W, dh)
        try x.reshape([groups, width, length, heads, dim / heads]).permute([0, 2, 3, 1, 4])
    }
    var scores = try split(q).matmul(split(k).transpose()) * (1 / Float(dim / heads).squareRoot())
    guard let alive else {
        return try scores.softmax(-1).matmul(split(v)).permute([0, 3, 1, 2, 4]).reshape(q.shape)
    }
    let life = try Tensor(alive.map { $0 ? 1 : 0 }, shape: [groups, width, length, 1])
    let keys = try Tensor(alive.map { $0 ? 0 : -1e30 }, shape: [groups, width, length]).permute([0, 2, 1])
    scores = try scores + keys.reshape([groups, length, 1, 1, width])
    let mixed = try scores.softmax(-1).matmul(split(v)).permute([0, 3, 1, 2, 4]).reshape(q.shape)
    return try mixed * life
}
