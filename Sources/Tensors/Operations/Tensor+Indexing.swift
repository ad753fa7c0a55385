/// Gathering by index, and the ways back.
extension Tensor {
    /// out[..., i, ...] = self[..., index[..., i, ...], ...] along a dimension; `index` has the same rank, and no size
    /// larger than here in the other dimensions.
    public func gather(_ dimension: Int, _ index: Tensor) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "gather")
        guard index.rank == rank,
            shape.indices.allSatisfy({ $0 == dimension || index.shape[$0] <= shape[$0] })
        else {
            throw TensorError(
                "gather", "an index of shape \(Shape.text(index.shape)) does not fit \(Shape.text(shape))")
        }
        let result = try Tensor(uninitialised: index.shape, operation: "gather")
        let addresses = try self.addresses(dimension, index, operation: "gather")
        for (position, address) in addresses.enumerated() { result.pointer[position] = pointer[address] }
        let original = shape
        let plainIndex = index.saved()
        return record(result, from: self) { gradient in
            try Tensor.zeros(original).addedAlong(dimension, plainIndex, gradient)
        }
    }

    /// For each element of `index`, the offset of the element here that it means.
    private func addresses(_ dimension: Int, _ index: Tensor, operation: String) throws -> [Int] {
        let values = index.floats()
        var result = [Int](repeating: 0, count: values.count)
        var position = [Int](repeating: 0, count: rank)
        let size = shape[dimension]
        for number in values.indices {
            var address = 0
            for d in 0..<rank where d != dimension { address += position[d] * strides[d] }
            guard let wanted = Int(exactly: values[number]), wanted >= -size, wanted < size else {
                throw TensorError(
                    operation, "index \(values[number]) is out of range for dimension \(dimension) of size \(size)")
            }
            result[number] = address + (wanted < 0 ? wanted + size : wanted) * strides[dimension]
            var d = rank - 1
            while d >= 0 {
                position[d] += 1
                if position[d] < index.shape[d] { break }
                position[d] = 0
                d -= 1
            }
        }
        return result
    }

    /// Adds `values` here where `index` says, in order, and gives self.
    func addedAlong(_ dimension: Int, _ index: Tensor, _ values: Tensor) throws -> Tensor {
        let addresses = try self.addresses(dimension, index, operation: "gather")
        let values = values.floats()
        for (position, address) in addresses.enumerated() { pointer[address] += values[position] }
        return self
    }

    /// Sub-tensors at the given indices of a dimension, one after the other.
    public func indexSelect(_ dimension: Int, _ indices: [Int]) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "index")
        let size = shape[dimension]
        let resolved = try indices.map { index in
            guard index >= -size, index < size else {
                throw TensorError(
                    "index", "\(index) is out of range for dimension \(dimension) of \(Shape.text(shape))")
            }
            return index < 0 ? index + size : index
        }
        var target = shape
        target[dimension] = indices.count
        let result = try Tensor(uninitialised: target, operation: "index")
        let plainSelf = detached()
        for (position, index) in resolved.enumerated() {
            try result.select(dimension, position).assignValues(plainSelf.select(dimension, index))
        }
        let original = shape
        return record(result, from: self) { gradient in
            let whole = try Tensor.zeros(original)
            for (position, index) in resolved.enumerated() {
                try whole.select(dimension, index).accumulateValues(gradient.select(dimension, position))
            }
            return whole
        }
    }

    /// Overwrites the elements of this view, which `value` broadcasts to.
    /// - Throws: `TensorError` if a gradient would be lost: a tape needs the present values, or either side carries
    ///   one.
    public func assign(_ value: Tensor) throws {
        guard !storage.isBorrowed else {
            throw TensorError("set", "the memory belongs to a file and cannot be changed; work on a copy (x.copy())")
        }
        guard !zip(shape, strides).contains(where: { $0 > 1 && $1 == 0 }) else {
            throw TensorError("set", "elements of an expanded tensor share memory; work on a copy (x.copy())")
        }
        guard storage.pins == 0 else {
            throw TensorError("set", "a later backward() needs the present values; work on a copy (x.copy())")
        }
        guard !(Tape.wants(self)), !(Tape.wants(value)) else {
            throw TensorError(
                "set", "gradients do not flow through setting elements; use where(), cat() or stack(), or no_grad")
        }
        guard try Shape.broadcast(value.shape, shape, operation: "set") == shape else {
            throw TensorError("set", "a value of shape \(Shape.text(value.shape)) does not fit in \(Shape.text(shape))")
        }
        assignValues(value.storage === storage ? try value.copiedValues() : value)
    }
}
