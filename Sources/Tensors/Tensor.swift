/// A tensor of 32-bit floats: a shape, strides and an offset into storage that views share. Operations follow PyTorch
/// in meaning and naming; they return new tensors, or views where that costs nothing.
///
/// Not for use by several threads at once: operations spread over threads inside.
public final class Tensor {
    /// Sizes of the dimensions, outermost first; `[]` is a scalar.
    public let shape: [Int]
    package let strides: [Int]
    package let offset: Int
    package internal(set) var storage: Storage
    /// The number of elements.
    public let count: Int

    /// Whether `backward()` is to leave a gradient here. Set it on leaves (parameters) only.
    public var requiresGradient = false
    /// What `backward()` added up, or nil; detached.
    public var gradient: Tensor?

    /// What the elements are.
    public internal(set) var kind = Kind.real

    /// The tape that recorded this tensor's making, and the entry's number on it.
    var tape: Tape?
    var entry = -1
    /// For a leaf: the serial number of the tape that knows it last, so that a parameter used twice has one entry.
    var leafTape = -1
    var leafEntry = -1
    /// Whether this is a value saved on a tape.
    private let isPin: Bool

    init(storage: Storage, shape: [Int], strides: [Int], offset: Int, isPin: Bool = false) {
        self.storage = storage
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.isPin = isPin
        count = shape.reduce(1, &*)
        if isPin { storage.pins += 1 }
    }

    deinit {
        if isPin { storage.pins -= 1 }
    }

    /// An uninitialised contiguous tensor.
    package convenience init(uninitialised shape: [Int], operation: String = "tensor") throws {
        let count = try Shape.elementCount(shape, operation: operation)
        self.init(
            storage: try Storage(count: count), shape: shape, strides: Shape.contiguousStrides(shape), offset: 0)
    }

    /// The number of dimensions.
    public var rank: Int { shape.count }

    /// Whether the elements lie in row-major order without gaps.
    public var isContiguous: Bool { Shape.isContiguous(shape, strides) }

    /// The first element's address. Valid while the tensor lives.
    var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }

    /// The same values without history: gradients do not flow through it.
    public func detached() -> Tensor {
        Tensor(storage: storage, shape: shape, strides: strides, offset: offset).marked(kind)
    }

    /// The same values, marked as needed by a tape.
    func saved() -> Tensor {
        Tensor(storage: storage, shape: shape, strides: strides, offset: offset, isPin: true)
    }
}
