import CKernels
import Interruption

/// Sizes from which the work of one kernel call is worth sharing.
enum Kernel {
    /// Elements of a chunk of elementwise work.
    static let grain = 1 << 15

    /// Whether a result of so many elements is to be written past the caches, which it would fill.
    static func streams(_ count: Int) -> Int32 { count >= 1 << 22 ? 1 : 0 }

    /// Rows of a chunk, so that a chunk has about `elements` elements.
    static func rowGrain(_ columns: Int, elements: Int = grain) -> Int {
        Swift.max(1, elements / Swift.max(columns, 1))
    }
}

extension Tensor {
    /// All elements in row-major order.
    /// - Throws: what an allocation that cannot be met throws.
    public func floats() throws -> [Float] {
        try MemoryLimit.reserve(count * MemoryLayout<Float>.stride)
        let source = try plain()
        return withExtendedLifetime(source) { Array(UnsafeBufferPointer(start: source.pointer, count: count)) }
    }

    /// The value of a tensor of one element.
    /// - Throws: `TensorError` for any other count.
    public func item() throws -> Float {
        guard count == 1 else {
            throw TensorError(
                "item", "the tensor has the shape \(Shape.text(shape)); only one with 1 element has a value")
        }
        return pointer[0]
    }

    /// Reads the elements in place.
    /// - Throws: `TensorError` if the tensor is not contiguous, and what `body` throws.
    public func withFloats<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) throws -> R {
        guard isContiguous else { throw TensorError("read", "the tensor is not contiguous; call contiguous() first") }
        return try withExtendedLifetime(self) { try body(UnsafeBufferPointer(start: pointer, count: count)) }
    }

    /// Writes the elements in place; the caller answers for what a tape may still need.
    package func withMutableFloats<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) throws -> R {
        guard isContiguous, !storage.isBorrowed else {
            throw TensorError(
                "write", "the tensor is not contiguous or its memory belongs to a file; call copy() first")
        }
        return try withExtendedLifetime(self) { try body(UnsafeMutableBufferPointer(start: pointer, count: count)) }
    }

    /// The tensor itself if it is contiguous, else a copy in row-major order. Gradients flow through.
    public func contiguous() throws -> Tensor {
        if isContiguous { return self }
        let result = try copiedValues()
        return try record(result, from: self) { $0 }
    }

    /// A copy of its own. Gradients flow through.
    public func copy() throws -> Tensor {
        let result = try copiedValues()
        return try record(result, from: self) { $0 }
    }

    func copiedValues() throws -> Tensor {
        let result = try Tensor(uninitialised: shape)
        try result.fill(from: self)
        return result.marked(kind)
    }

    /// Contiguous and without history: what kernels read.
    func plain() throws -> Tensor {
        if isContiguous { return self }
        return try copiedValues()
    }

    /// Copies the elements of a tensor of the same shape, or whose strides broadcast to it, in here: all of them,
    /// since the values that they replace may be a user's.
    func assignValues(_ source: Tensor) {
        copy(source) { ThreadPool.shared.run($0, grain: $1, $2) }
    }

    /// As `assignValues`, for a tensor that nobody has seen yet.
    /// - Throws: `Interrupted`, with only some elements copied.
    func fill(from source: Tensor) throws {
        try copy(source) { try ThreadPool.shared.runPolling($0, grain: $1, $2) }
    }

    private func copy(_ source: Tensor, _ share: (Int, Int, (Range<Int>) -> Void) throws -> Void) rethrows {
        guard count > 0 else { return }
        let loop = StridedLoop(
            shape: shape, strides: [strides, Shape.broadcastStrides(source.shape, source.strides, to: shape)])
        let (out, input) = (pointer, source.pointer)
        try share(loop.units, loop.grain) { range in
            let part = loop.part(range)
            kernel_copy(
                out + part.offsets[0], input + part.offsets[1], Int32(part.sizes.count), part.sizes, loop.strides[0],
                loop.strides[1], part.rows.lowerBound, part.rows.upperBound)
        }
    }

    /// self += source, of the same shape.
    func accumulateValues(_ source: Tensor) {
        guard count > 0 else { return }
        let loop = StridedLoop(shape: shape, strides: [strides, source.strides])
        let (out, input) = (pointer, source.pointer)
        ThreadPool.shared.run(loop.units, grain: loop.grain) { range in
            let part = loop.part(range)
            kernel_accumulate(
                out + part.offsets[0], input + part.offsets[1], Int32(part.sizes.count), part.sizes, loop.strides[0],
                loop.strides[1], part.rows.lowerBound, part.rows.upperBound)
        }
    }
}
