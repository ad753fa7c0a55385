import CKernels

/// The mixing step of a Bridge block: for every group and token index on its own, attention among the W rows, without
/// positions and without a causal mask (Dong et al. 2025, "Generalized Parallel Scaling with Interdependent
/// Generations"; no code of theirs is public).
/// - Parameters:
///   - q, k, v: (G, W, T, d) with d a multiple of `heads`.
///   - alive: G * W * T flags in the order of the tensors, or nil for all; a dead row is no key, and its own output is
///     0.
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
    let flags = alive.map { $0.map { UInt8($0 ? 1 : 0) } }
    let work = BridgeWork(
        places: groups * length, width: width, length: length, heads: heads, headDim: dim / heads, alive: flags)
    let (plainQ, plainK, plainV) = (try q.plain(), try k.plain(), try v.plain())
    let result = try Tensor(uninitialised: q.shape, operation: "bridge_attention")
    try work.forward(result, plainQ, plainK, plainV)
    guard Tape.wants(q) || Tape.wants(k) || Tape.wants(v) else { return result }
    let (savedQ, savedK, savedV) = (plainQ.saved(), plainK.saved(), plainV.saved())
    try Tape.record(result, [q, k, v]) { try work.backward($0.plain(), savedQ, savedK, savedV) }
    return result
}

/// The kernels of Bridge attention, shared over runs of places (group, token index).
private struct BridgeWork {
    let places, width, length, heads, headDim: Int
    let alive: [UInt8]?

    private var grain: Int { Swift.max(1, (1 << 16) / Swift.max(1, width * width * heads * headDim)) }

    private func share(_ body: (Range<Int>, UnsafePointer<UInt8>?, UnsafeMutablePointer<Float>) -> Void) throws {
        let chunks = (places + grain - 1) / grain
        let room = 3 * width + 16
        let scratch = try Storage(count: chunks * room)
        func run(_ life: UnsafePointer<UInt8>?) {
            ThreadPool.shared.run(places, grain: grain) {
                body($0, life, scratch.pointer + $0.lowerBound / grain * room)
            }
        }
        if let alive { alive.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
    }

    func forward(_ result: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
        let (out, q, k, v) = (result.pointer, q.pointer, k.pointer, v.pointer)
        try share { range, life, scratch in
            kernel_bridge_attention(
                out, q, k, v, life, width, length, heads, headDim, range.lowerBound, range.upperBound, scratch)
        }
    }

    func backward(_ gradient: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws -> [Tensor?] {
        let slopes = try (0..<3).map { _ in try Tensor(uninitialised: q.shape) }
        let (dQ, dK, dV, g) = (slopes[0].pointer, slopes[1].pointer, slopes[2].pointer, gradient.pointer)
        let (q, k, v) = (q.pointer, k.pointer, v.pointer)
        try share { range, life, scratch in
            kernel_bridge_attention_backward(
                dQ, dK, dV, g, q, k, v, life, width, length, heads, headDim, range.lowerBound, range.upperBound, scratch
            )
        }
        return slopes
    }
}
