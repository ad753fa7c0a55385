import CKernels
import Interruption

/// Largest elements, triangles and indicator rows.
extension Tensor {
    /// The k largest elements along a dimension, largest first (the earlier of equals first), and their indices.
    /// The gradient goes to where they came from.
    public func topk(_ k: Int, _ dimension: Int = -1) throws -> (values: Tensor, indices: Tensor) {
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "topk")
        guard k >= 0, k <= shape[dimension] else {
            throw TensorError(
                "topk", "k is \(k); dimension \(dimension) of \(Shape.text(shape)) has no \(k) elements")
        }
        if dimension != rank - 1 {
            let top = try transpose(dimension, -1).topk(k)
            return (try top.values.transpose(dimension, -1), try top.indices.transpose(dimension, -1))
        }
        let columns = shape[rank - 1]
        let source = try plain()
        let result = try Tensor(uninitialised: shape.dropLast() + [k], operation: "topk")
        let rows = columns == 0 ? 0 : count / columns
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(rows, grain: Kernel.rowGrain(columns)) { range in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: Swift.max(k, 1)) { heap in
                let row = range.lowerBound
                kernel_row_topk(out + row * k, input + row * columns, range.count, columns, k, heap.baseAddress)
            }
        }
        return (try gather(rank - 1, result), try result.asIntegers())
    }

    /// 1 where the class is the id, 0 elsewhere: ids of shape (...) give (..., classes).
    public func oneHot(_ classes: Int) throws -> Tensor {
        let result = try Tensor.full(shape + [classes], 0, operation: "one_hot").marked(.integer)
        for (row, value) in try floats().enumerated() {
            guard let id = Int(exactly: value), id >= 0, id < classes else {
                throw TensorError("one_hot", "\(value) is no class; classes go from 0 to \(classes - 1)")
            }
            result.pointer[row * classes + id] = 1
        }
        return result
    }

    /// The elements on and below a diagonal of the last two dimensions (0 is the main one), zeros elsewhere.
    public func tril(_ diagonal: Int = 0) throws -> Tensor {
        try triangle("tril") { row, column in column - row <= diagonal }
    }

    /// The elements on and above a diagonal.
    public func triu(_ diagonal: Int = 0) throws -> Tensor {
        try triangle("triu") { row, column in column - row >= diagonal }
    }

    private func triangle(_ operation: String, _ keeps: (Int, Int) -> Bool) throws -> Tensor {
        guard rank >= 2 else {
            throw TensorError(operation, "the shape \(Shape.text(shape)) has fewer than 2 dimensions")
        }
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        let mask = try Tensor(uninitialised: [rows, columns], operation: operation)
        for row in 0..<rows {
            try Interruption.check()
            for column in 0..<columns { mask.pointer[row * columns + column] = keeps(row, column) ? 1 : 0 }
        }
        return try Tensor.select(mask, self, Tensor.scalar(0)).marked(kind)
    }
}
