import CKernels

extension Tensor {
    /// Tensors one after the other along a dimension; the other sizes must agree.
    public static func cat(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
        guard let first = tensors.first else { throw TensorError("cat", "an empty list of tensors") }
        let dimension = try Shape.dimension(dimension, rank: first.rank, operation: "cat")
        var target = first.shape
        target[dimension] = 0
        for tensor in tensors {
            guard tensor.rank == first.rank,
                first.shape.indices.allSatisfy({ $0 == dimension || tensor.shape[$0] == first.shape[$0] })
            else {
                throw TensorError(
                    "cat", "the shapes \(Shape.text(first.shape)) and \(Shape.text(tensor.shape)) differ elsewhere "
                        + "than in dimension \(dimension)")
            }
            target[dimension] += tensor.shape[dimension]
        }
        let result = try Tensor(uninitialised: target, operation: "cat").marked(tensors.map(\.kind).max() ?? .real)
        var starts: [Int] = [], position = 0
        for tensor in tensors {
            starts.append(position)
            try result.slice(dimension, position, position + tensor.shape[dimension]).fill(from: tensor)
            position += tensor.shape[dimension]
        }
        if tensors.contains(where: Tape.wants) {
            let sizes = tensors.map { $0.shape[dimension] }
            try Tape.record(result, tensors) { gradient in
                try zip(starts, sizes).map { try gradient.slice(dimension, $0, $0 + $1) }
            }
        }
        return result
    }

    /// Tensors of one shape side by side along a new dimension.
    public static func stack(_ tensors: [Tensor], _ dimension: Int = 0) throws -> Tensor {
        guard let first = tensors.first else { throw TensorError("stack", "an empty list of tensors") }
        guard let other = tensors.first(where: { $0.shape != first.shape }) else {
            return try cat(tensors.map { try $0.unsqueeze(dimension) }, dimension)
        }
        throw TensorError("stack", "the shapes \(Shape.text(first.shape)) and \(Shape.text(other.shape)) differ")
    }

    /// `where` of the language: elements of `a` where the condition is not 0, of `b` elsewhere, all broadcast together.
    public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
        let shape = try Shape.broadcast(
            Shape.broadcast(condition.shape, a.shape, operation: "where"), b.shape, operation: "where")
        let result = try Tensor(uninitialised: shape, operation: "where").marked(Swift.max(a.kind, b.kind))
        let loop = StridedLoop(
            shape: shape,
            strides: [result.strides]
                + [condition, a, b].map { Shape.broadcastStrides($0.shape, $0.strides, to: shape) })
        let (out, flags, x, y) = (result.pointer, condition.pointer, a.pointer, b.pointer)
        let streams = Kernel.streams(result.count)
        try ThreadPool.shared.runPolling(result.count == 0 ? 0 : loop.units, grain: loop.grain) { range in
            let part = loop.part(range)
            kernel_select(
                out + part.offsets[0], flags + part.offsets[1], x + part.offsets[2], y + part.offsets[3],
                Int32(part.sizes.count), part.sizes, loop.strides[1], loop.strides[2], loop.strides[3],
                part.rows.lowerBound, part.rows.upperBound, streams)
        }
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape, wantsA, wantsB) = (a.shape, b.shape, Tape.wants(a), Tape.wants(b))
            let kept = condition.saved()
            try Tape.record(result, [a, b], name: "where") { gradient in
                let zero = try Tensor.scalar(0)
                return [
                    wantsA ? try select(kept, gradient, zero).sum(to: aShape) : nil,
                    wantsB ? try select(kept, zero, gradient).sum(to: bShape) : nil,
                ]
            }
        }
        return result
    }
}
