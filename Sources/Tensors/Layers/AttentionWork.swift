import CKernels

/// Attention by blocks of queries: the scores of a block live in scratch, so that nothing of size T x S is kept, and
/// backward computes the probabilities again. Forward shares the blocks; backward shares by (batch, key head), or by
/// query head where those are few, and takes their blocks in order, so the sums into k and v do not depend on the
/// threads.
struct AttentionWork {
    let sizes: AttentionSizes
    let isCausal: Bool
    /// (B, H, T, S) by its strides, or nil.
    let mask: Tensor?

    private static let block = 64
    private var scale: Float { 1 / Float(sizes.headDim).squareRoot() }
    private var queryLeading: Int { sizes.heads * sizes.headDim }
    private var keyLeading: Int { sizes.keyHeads * sizes.headDim }

    /// One block of queries of one head.
    private struct Block {
        let rows: Range<Int>
        /// Keys that any of them sees.
        let keys: Int
        /// Offset of the first row in q, and of the head in k.
        let query: Int
        let key: Int
        let batch: Int
        let head: Int
    }

    private var blocksOfHead: Int { (sizes.queries + Self.block - 1) / Self.block }
    /// Of all query heads that read one key head.
    private var blocksOfKeyHead: Int { blocksOfHead * headsOfKeyHead }

    private var headsOfKeyHead: Int { sizes.heads / Swift.max(sizes.keyHeads, 1) }
    /// Whether key heads are too few to share.
    private var sharesQueryHeads: Bool { sizes.batch * sizes.keyHeads < 16 }

    /// The blocks of a batch's first head come first, then those of the next.
    private func block(_ index: Int) -> Block {
        let (place, start) = (index / blocksOfHead, index % blocksOfHead * Self.block)
        let (batch, head) = (place / sizes.heads, place % sizes.heads)
        let keyHead = head / headsOfKeyHead
        let rows = start..<Swift.min(sizes.queries, start + Self.block)
        let visible = isCausal ? rows.upperBound + sizes.keys - sizes.queries : sizes.keys
        return Block(
            rows: rows, keys: Swift.min(Swift.max(visible, 0), sizes.keys),
            query: (batch * sizes.queries + start) * queryLeading + head * sizes.headDim,
            key: batch * sizes.keys * keyLeading + keyHead * sizes.headDim, batch: batch, head: head)
    }

    /// Calls `body` for all blocks, those of a run of `unit` on one thread and in order, with `rooms` score blocks of
    /// scratch.
    private func forEachBlock(unit: Int, rooms: Int, _ body: (Block, UnsafeMutablePointer<Float>) -> Void) throws {
        let units = sizes.batch * sizes.heads * blocksOfHead / Swift.max(unit, 1)
        let work = unit * Self.block * sizes.keys * sizes.headDim
        let grain = Swift.max((units + 63) / 64, Swift.min(units, (1 << 17) / Swift.max(work, 1)), 1)
        let room = Swift.min(Self.block, sizes.queries) * sizes.keys * rooms
        let scratch = try Storage(count: (units + grain - 1) / grain * room)
        ThreadPool.shared.run(units, grain: grain) { range in
            let scores = scratch.pointer + range.lowerBound / grain * room
            for index in range.lowerBound * unit..<range.upperBound * unit { body(block(index), scores) }
        }
        withExtendedLifetime(scratch) {}
    }

    /// scores = softmax(scale q k^T + mask) for a block.
    private func probabilities(
        _ block: Block, _ q: UnsafeMutablePointer<Float>, _ k: UnsafeMutablePointer<Float>,
        _ scores: UnsafeMutablePointer<Float>
    ) {
        MatrixProduct.single(
            block.rows.count, block.keys, sizes.headDim, MatrixOperand(q + block.query, leading: queryLeading),
            MatrixOperand(k + block.key, leading: keyLeading, isTransposed: true), scores, block.keys, scale: scale)
        let maskStart = mask.map {
            UnsafePointer(
                $0.pointer + block.batch * $0.strides[0] + block.head * $0.strides[1]
                    + block.rows.lowerBound * $0.strides[2])
        }
        kernel_attention_softmax(
            scores, block.rows.count, block.keys, block.keys, isCausal ? 1 : 0,
            block.rows.lowerBound + 1 + sizes.keys - sizes.queries, maskStart, mask?.strides[2] ?? 0,
            mask?.strides[3] ?? 0)
    }

    func forward(_ result: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor) throws {
        if result.count == 0 { return }
        let (out, q, k, v) = (result.pointer, q.pointer, k.pointer, v.pointer)
        try forEachBlock(unit: 1, rooms: 1) { block, scores in
            guard block.keys > 0 else { return clear(out, block) }
            probabilities(block, q, k, scores)
            MatrixProduct.single(
                block.rows.count, sizes.headDim, block.keys, MatrixOperand(scores, leading: block.keys),
                MatrixOperand(v + block.key, leading: keyLeading), out + block.query, queryLeading)
        }
    }

    /// The gradient of a block's scores, which have been scaled, is that of what was added to them.
    private func copy(_ slopes: UnsafeMutablePointer<Float>, _ block: Block, to maskSlope: Tensor) {
        let first = ((block.batch * sizes.heads + block.head) * sizes.queries + block.rows.lowerBound) * sizes.keys
        for row in 0..<block.rows.count {
            kernel_affine(
                maskSlope.pointer + first + row * sizes.keys, slopes + row * block.keys, 1 / scale, 0, block.keys)
        }
    }

    private func clear(_ out: UnsafeMutablePointer<Float>, _ block: Block) {
        for row in 0..<block.rows.count {
            kernel_fill(out + block.query + row * queryLeading, 0, sizes.headDim)
        }
    }

    /// - Parameter maskSlope: zeros of (B, H, T, S) for the gradient of the mask, or nil where nobody wants it.
    func backward(
        _ gradient: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, _ maskSlope: Tensor?
    ) throws -> [Tensor?] {
        // The query heads of a key head add to the same slopes, or each to its own copy.
        let copies = sharesQueryHeads ? headsOfKeyHead : 1, size = k.count
        let dQ = try Tensor(uninitialised: q.shape)
        let dK = try Tensor.zeros([copies] + k.shape), dV = try Tensor.zeros([copies] + v.shape)
        let total = { (slopes: Tensor) in copies == 1 ? try slopes.squeeze(0) : try slopes.sum([0]) }
        if gradient.count == 0 { return try [dQ, total(dK), total(dV)] }
        let (slopeQ, slopeK, slopeV, g) = (dQ.pointer, dK.pointer, dV.pointer, gradient.pointer)
        let (q, k, v) = (q.pointer, k.pointer, v.pointer)
        let dim = sizes.headDim
        try forEachBlock(unit: copies > 1 ? blocksOfHead : blocksOfKeyHead, rooms: 2) { block, scratch in
            guard block.keys > 0 else { return clear(slopeQ, block) }
            let (rows, keys) = (block.rows.count, block.keys)
            let (scores, slopes) = (scratch, scratch + rows * keys)
            let own = block.head % copies * size + block.key
            let g = MatrixOperand(g + block.query, leading: queryLeading)
            probabilities(block, q, k, scores)
            MatrixProduct.single(  // dV += P^T dO
                keys, dim, rows, MatrixOperand(scores, leading: keys, isTransposed: true), g, slopeV + own,
                keyLeading, beta: 1)
            MatrixProduct.single(  // dP = dO V^T
                rows, keys, dim, g, MatrixOperand(v + block.key, leading: keyLeading, isTransposed: true), slopes,
                keys)
            kernel_attention_softmax_backward(slopes, scores, rows, keys, keys, scale)
            if let maskSlope { copy(slopes, block, to: maskSlope) }
            MatrixProduct.single(
                rows, dim, keys, MatrixOperand(slopes, leading: keys),
                MatrixOperand(k + block.key, leading: keyLeading), slopeQ + block.query, queryLeading)
            MatrixProduct.single(  // dK += dS^T Q
                keys, dim, rows, MatrixOperand(slopes, leading: keys, isTransposed: true),
                MatrixOperand(q + block.query, leading: queryLeading), slopeK + own, keyLeading, beta: 1)
        }
        return try [dQ, total(dK), total(dV)]
    }
}
