/// Other shapes of the same storage. Nothing is copied, except by `reshape` where strides do not allow it.
extension Tensor {
    private func view(_ shape: [Int], _ strides: [Int], offset: Int? = nil) -> Tensor {
        let result = Tensor(storage: storage, shape: shape, strides: strides, offset: offset ?? self.offset)
        return result.marked(kind)
    }

    /// The same elements in another shape; one size may be -1 and is worked out.
    public func reshape(_ wanted: [Int]) throws -> Tensor {
        var target = wanted
        if let free = wanted.firstIndex(of: -1) {
            let known = try Shape.elementCount(wanted.filter { $0 != -1 }, operation: "reshape")
            guard wanted.lastIndex(of: -1) == free, known > 0, count % known == 0 else {
                throw TensorError("reshape", "\(Shape.text(shape)) does not fit in \(Shape.text(wanted))")
            }
            target[free] = count / known
        }
        guard try Shape.elementCount(target, operation: "reshape") == count else {
            throw TensorError(
                "reshape", "\(Shape.text(shape)) has \(count) elements and does not fit in \(Shape.text(wanted))")
        }
        if target == shape { return self }
        let source = try plain()
        let result = Tensor(
            storage: source.storage, shape: target, strides: Shape.contiguousStrides(target), offset: source.offset)
        result.kind = kind
        let original = shape
        return try record(result, from: self) { try $0.reshape(original) }
    }

    /// Dimensions from `first` to `last` merged into one.
    public func flatten(_ first: Int = 0, _ last: Int = -1) throws -> Tensor {
        if rank == 0 { return try reshape([1]) }
        let first = try Shape.dimension(first, rank: rank, operation: "flatten")
        let last = try Shape.dimension(last, rank: rank, operation: "flatten")
        guard first <= last else { throw TensorError("flatten", "dimension \(first) comes after \(last)") }
        return try reshape(shape[..<first] + [shape[first...last].reduce(1, *)] + shape[(last + 1)...])
    }

    /// Dimensions in another order.
    public func permute(_ order: [Int]) throws -> Tensor {
        let order = try order.map { try Shape.dimension($0, rank: rank, operation: "permute") }
        guard order.count == rank, Set(order).count == rank else {
            throw TensorError("permute", "\(order) does not name each of the \(rank) dimensions once")
        }
        let result = view(order.map { shape[$0] }, order.map { strides[$0] })
        return try record(result, from: self) { gradient in
            var inverse = order
            for (index, dimension) in order.enumerated() { inverse[dimension] = index }
            return try gradient.permute(inverse)
        }
    }

    /// Two dimensions exchanged.
    public func transpose(_ a: Int = -2, _ b: Int = -1) throws -> Tensor {
        let a = try Shape.dimension(a, rank: rank, operation: "transpose")
        let b = try Shape.dimension(b, rank: rank, operation: "transpose")
        var (newShape, newStrides) = (shape, strides)
        newShape.swapAt(a, b)
        newStrides.swapAt(a, b)
        return try record(view(newShape, newStrides), from: self) { try $0.transpose(a, b) }
    }

    /// Dimensions of size 1 taken away: the one named, or all.
    public func squeeze(_ dimension: Int? = nil) throws -> Tensor {
        var keep = Array(shape.indices)
        if let dimension {
            let resolved = try Shape.dimension(dimension, rank: rank, operation: "squeeze")
            if shape[resolved] == 1 { keep.remove(at: resolved) }
        } else {
            keep.removeAll { shape[$0] == 1 }
        }
        let original = shape
        let result = view(keep.map { shape[$0] }, keep.map { strides[$0] })
        return try record(result, from: self) { try $0.reshape(original) }
    }

    /// A dimension of size 1 put in before `dimension`.
    public func unsqueeze(_ dimension: Int) throws -> Tensor {
        let position = try Shape.dimension(dimension, rank: rank + 1, operation: "unsqueeze")
        var (newShape, newStrides) = (shape, strides)
        newShape.insert(1, at: position)
        newStrides.insert(0, at: position)
        let original = shape
        return try record(view(newShape, newStrides), from: self) { try $0.reshape(original) }
    }

    /// Dimensions of size 1 repeated up to `target`, which may have more dimensions in front; -1 keeps a size.
    public func expand(_ target: [Int]) throws -> Tensor {
        var full = target
        let lead = target.count - rank
        guard lead >= 0 else {
            throw TensorError("expand", "\(Shape.text(shape)) has more dimensions than \(Shape.text(target))")
        }
        for index in full.indices where full[index] == -1 && index >= lead { full[index] = shape[index - lead] }
        _ = try Shape.elementCount(full, operation: "expand")
        guard try Shape.broadcast(shape, full, operation: "expand") == full else {
            throw TensorError("expand", "\(Shape.text(shape)) cannot be repeated to \(Shape.text(target))")
        }
        if full == shape { return self }
        let result = view(full, Shape.broadcastStrides(shape, strides, to: full))
        let original = shape
        return try record(result, from: self) { try $0.sum(to: original) }
    }

    /// Elements start, start + step, ... (before end) of one dimension, with Python's meaning of negative and absent
    /// bounds and of a negative step.
    public func slice(_ dimension: Int, _ start: Int?, _ end: Int?, step: Int = 1) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "slice")
        guard step != 0, step != Int.min else { throw TensorError("slice", "a step of \(step)") }
        let size = shape[dimension]
        func bound(_ value: Int?, whenAbsent absent: Int) -> Int {
            guard let value else { return absent }
            let lowest = step > 0 ? 0 : -1
            let resolved = value < 0 ? value &+ size : value
            return Swift.min(Swift.max(resolved, lowest), step > 0 ? size : size - 1)
        }
        let first = bound(start, whenAbsent: step > 0 ? 0 : size - 1)
        let last = bound(end, whenAbsent: step > 0 ? size : -1)
        let span = step > 0 ? last - first : first - last
        let length = span <= 0 ? 0 : (span - 1) / Swift.abs(step) + 1
        if length == size && step == 1 { return self }
        var (newShape, newStrides) = (shape, strides)
        newShape[dimension] = length
        newStrides[dimension] = length < 2 ? 1 : strides[dimension] * step
        let result = view(newShape, newStrides, offset: length == 0 ? offset : offset + first * strides[dimension])
        let original = shape
        return try record(result, from: self) { gradient in
            let whole = try Tensor.zeros(original)
            try whole.slice(dimension, start, end, step: step).assignValues(gradient)
            return whole
        }
    }

    /// The sub-tensor at one index of a dimension, which goes away.
    public func select(_ dimension: Int, _ index: Int) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "index")
        let size = shape[dimension]
        guard index >= -size, index < size else {
            throw TensorError("index", "\(index) is out of range for dimension \(dimension) of \(Shape.text(shape))")
        }
        let resolved = index < 0 ? index + size : index
        var (newShape, newStrides) = (shape, strides)
        newShape.remove(at: dimension)
        newStrides.remove(at: dimension)
        let result = view(newShape, newStrides, offset: offset + resolved * strides[dimension])
        let original = shape
        return try record(result, from: self) { gradient in
            let whole = try Tensor.zeros(original)
            try whole.select(dimension, resolved).assignValues(gradient)
            return whole
        }
    }
}
