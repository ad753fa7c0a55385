import CKernels
import Interruption

/// One part of an index such as `x[0, 1:3, [2, 0]]`.
public enum TensorIndex {
    /// One element of a dimension, which goes away.
    case at(Int)
    /// Start, end and step, with Python's meaning of negative and absent bounds.
    case slice(Int?, Int?, Int)
    /// Elements of a dimension by their numbers, which have a shape.
    case list([Int], shape: [Int])
    /// The elements at which a mask of one or more dimensions is not 0.
    case mask(Tensor)
    /// A new dimension of the size 1.
    case new

    /// How many dimensions of the tensor it is about.
    var dimensions: Int {
        switch self {
        case .at, .slice, .list: 1
        case .mask(let mask): mask.rank
        case .new: 0
        }
    }
}

/// Reading and writing by index. Lists and masks are paired with each other as in PyTorch: `x[[0, 1], [1, 2]]` has two
/// elements.
extension Tensor {
    /// The elements that an index names: a view, or a copy if it has lists or masks. Gradients flow through.
    public func indexed(_ items: [TensorIndex]) throws -> Tensor {
        let (view, lists) = try resolve(items)
        return try lists.map { try view.taken($0) } ?? view
    }

    /// Sub-tensors at the given indices of a dimension, one after the other.
    public func indexSelect(_ dimension: Int, _ indices: [Int]) throws -> Tensor {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "index")
        return try indexed(
            [TensorIndex](repeating: .slice(nil, nil, 1), count: dimension) + [.list(indices, shape: [indices.count])])
    }

    /// The elements at which a mask is not 0, in row-major order: the mask covers the dimensions from `dimension` on,
    /// and they become one.
    public func masked(_ dimension: Int, by mask: Tensor) throws -> Tensor {
        try indexed([TensorIndex](repeating: .slice(nil, nil, 1), count: dimension) + [.mask(mask)])
    }

    /// The view that the whole numbers and slices give, and the lists that are to be taken of it.
    private func resolve(_ items: [TensorIndex]) throws -> (Tensor, PairedLists?) {
        guard items.reduce(0, { $0 + $1.dimensions }) <= rank else {
            throw TensorError("index", "too many indices for a tensor of shape \(Shape.text(shape))")
        }
        var view = self
        // Places in this tensor's shape and in the view's.
        var (used, dimension) = (0, 0)
        var lists: [PairedLists.List] = []
        for item in items {
            switch item {
            case .at(let index): view = try view.select(dimension, try resolved(index, used))
            case .slice(let start, let end, let step):
                view = try view.slice(dimension, start, end, step: step)
                dimension += 1
            case .list(let indices, let listShape):
                lists.append(.init(dimension: dimension, values: try resolved(indices, used), shape: listShape))
                dimension += 1
            case .mask(let mask):
                let places = try self.places(of: mask, from: used)
                for (number, values) in places.enumerated() {
                    lists.append(.init(dimension: dimension + number, values: values, shape: [values.count]))
                }
                dimension += mask.rank
            case .new:
                view = try view.unsqueeze(dimension)
                dimension += 1
            }
            used += item.dimensions
        }
        return (view, lists.isEmpty ? nil : try PairedLists(lists, of: view.shape))
    }

    private func resolved(_ index: Int, _ dimension: Int) throws -> Int {
        let size = shape[dimension]
        guard index >= -size, index < size else {
            throw TensorError("index", "\(index) is out of range for dimension \(dimension) of \(Shape.text(shape))")
        }
        return index < 0 ? index + size : index
    }

    private func resolved(_ indices: [Int], _ dimension: Int) throws -> [Int] {
        let size = shape[dimension]
        if indices.allSatisfy({ $0 >= 0 && $0 < size }) { return indices }
        return try indices.map { try resolved($0, dimension) }
    }

    /// For each dimension of a mask the indices at which it is not 0, in row-major order.
    private func places(of mask: Tensor, from dimension: Int) throws -> [[Int]] {
        guard mask.rank > 0, Array(shape[dimension..<dimension + mask.rank]) == mask.shape else {
            throw TensorError(
                "index", "a mask of shape \(Shape.text(mask.shape)) does not fit dimension \(dimension) of "
                    + "\(Shape.text(shape))")
        }
        let source = try mask.plain()
        return try source.withFloats { flags in
            let number = flags.reduce(0) { $1 != 0 ? $0 + 1 : $0 }
            try MemoryLimit.reserve(number * MemoryLayout<Int>.stride)
            let flat = [Int](unsafeUninitializedCapacity: number + 1) { places, count in
                for index in flags.indices {
                    places[count] = index
                    count += flags[index] != 0 ? 1 : 0
                }
            }
            if mask.rank == 1 { return [flat] }
            return zip(mask.shape, Shape.contiguousStrides(mask.shape)).map { size, step in
                flat.map { $0 / step % size }
            }
        }
    }

    private func taken(_ lists: PairedLists) throws -> Tensor {
        let result = try Tensor(uninitialised: lists.resultShape, operation: "index").marked(kind)
        lists.plan(strides).take(result.pointer, from: pointer)
        let original = shape
        return try record(result, from: self, name: "index") { gradient in
            let (whole, values) = (try Tensor.zeros(original), try gradient.plain())
            lists.plan(whole.strides).add(values.pointer, to: whole.pointer)
            return whole
        }
    }

    /// Overwrites the elements that an index names; `value` broadcasts to them.
    /// - Throws: `TensorError` as `assign(_:)` does.
    public func assign(_ value: Tensor, at items: [TensorIndex]) throws {
        let (view, lists) = try noGrad { try detached().resolve(items) }
        guard !Tape.wants(self) else { throw Tensor.noGradientThroughSetting }
        guard let lists else { return try view.assign(value) }
        let values = try view.checked(value, for: lists.resultShape)
        lists.plan(view.strides).put(try values.detached().expand(lists.resultShape).plain().pointer, to: view.pointer)
    }

    /// Overwrites the elements of this view, which `value` broadcasts to.
    /// - Throws: `TensorError` if a gradient would be lost: a tape needs the present values, or either side carries
    ///   one; and for a value that is no whole number where the tensor holds those.
    public func assign(_ value: Tensor) throws {
        let value = try checked(value, for: shape)
        assignValues(value.storage === storage ? try value.copiedValues() : value)
    }

    private static let noGradientThroughSetting = TensorError(
        "set", "gradients do not flow through setting elements; use where(), cat() or stack(), or no_grad")

    /// The value as it may be written here, over elements of the given shape.
    private func checked(_ value: Tensor, for target: [Int]) throws -> Tensor {
        guard !storage.isBorrowed else {
            throw TensorError("set", "the memory belongs to a file and cannot be changed; work on a copy (x.copy())")
        }
        guard !zip(shape, strides).contains(where: { $0 > 1 && $1 == 0 }) else {
            throw TensorError("set", "elements of an expanded tensor share memory; work on a copy (x.copy())")
        }
        guard storage.pins == 0 else {
            throw TensorError("set", "a later backward() needs the present values; work on a copy (x.copy())")
        }
        guard !Tape.wants(self), !Tape.wants(value) else { throw Tensor.noGradientThroughSetting }
        guard try Shape.broadcast(value.shape, target, operation: "set") == target else {
            throw TensorError(
                "set", "a value of shape \(Shape.text(value.shape)) does not fit in \(Shape.text(target))")
        }
        switch kind {
        case .boolean: return try value.asAnswers()
        case .integer where value.kind == .real:
            let whole = try noGrad { try value.detached().copy().asIntegers() }
            guard whole.kind == .integer, try value.detached().equal(whole.round()).all().item() != 0 else {
                throw TensorError("set", "the tensor holds whole numbers; x * 1.0 is a copy that holds others too")
            }
            return value
        default: return value
        }
    }
}
