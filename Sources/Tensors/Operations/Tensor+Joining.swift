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
        let result = try Tensor(uninitialised: target, operation: "cat")
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
        let mask = try condition.detached().expand(shape).plain()
        let (x, y) = (try a.detached().expand(shape).plain(), try b.detached().expand(shape).plain())
        let result = try Tensor(uninitialised: shape, operation: "where")
        let (out, flags, first, second) = (result.pointer, mask.pointer, x.pointer, y.pointer)
        try ThreadPool.shared.runPolling(result.count, grain: Kernel.grain) { range in
            let start = range.lowerBound
            kernel_select(out + start, flags + start, first + start, second + start, range.count)
        }
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape) = (a.shape, b.shape)
            let kept = mask.saved()
            try Tape.record(result, [a, b]) { gradient in
                let zero = try Tensor.full([], 0)
                return [
                    try select(kept, gradient, zero).sum(to: aShape), try select(kept, zero, gradient).sum(to: bShape),
                ]
            }
        }
        return result
    }
}
