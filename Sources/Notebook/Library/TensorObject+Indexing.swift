import Language
import Tensors

// `x[...]`.
extension TensorObject {
    /// Whole numbers take one element of a dimension, slices a part of it, lists some elements, masks (what comparisons
    /// give) those where they hold; `nil` is a new dimension.
    func part(_ item: IndexItem) throws -> TensorIndex {
        switch item {
        case .value(.int(let index)): return .at(index)
        case .value(.null): return .new
        case .value(let value): return try list(value)
        case .slice(let start, let end, let step):
            return .slice(try bound(start), try bound(end), try step.flatMap(bound) ?? 1)
        }
    }

    private func list(_ value: Value) throws -> TensorIndex {
        let index = try value.tensor("an index")
        if index.isBoolean { return .mask(index) }
        return .list(
            try index.floats().map { number in
                guard let int = Int(exactly: number), int.magnitude <= Tensor.largestInteger else {
                    throw RuntimeError("\(number) is no index: indices are whole numbers", code: "E206")
                }
                return int
            }, shape: index.shape)
    }

    private func bound(_ value: Value) throws -> Int? {
        if value.isNull { return nil }
        guard let int = value.asInt else {
            throw RuntimeError("a slice's bounds are whole numbers, not a \(value.typeName)", code: "E206")
        }
        return int
    }
}
