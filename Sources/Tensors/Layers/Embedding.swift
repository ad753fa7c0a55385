import CKernels

/// Rows of a table.
/// - Parameters:
///   - table: (V, D).
///   - ids: row numbers, each in 0 ..< V.
///   - shape: the shape of `ids`, if they are more than a list.
/// - Returns: (shape..., D).
public func embedding(_ table: Tensor, _ ids: [Int32], shape: [Int]? = nil) throws -> Tensor {
    guard table.rank == 2 else {
        throw TensorError("embedding", "the table has the shape \(Shape.text(table.shape)), not (V, D)")
    }
    let (vocabulary, dim) = (table.shape[0], table.shape[1])
    let leading = shape ?? [ids.count]
    guard try Shape.elementCount(leading, operation: "embedding") == ids.count else {
        throw TensorError("embedding", "\(ids.count) ids do not have the shape \(Shape.text(leading))")
    }
    try checkIndices(ids, below: vocabulary, operation: "embedding", what: "id")
    let source = try table.plain()
    let result = try Tensor(uninitialised: leading + [dim], operation: "embedding")
    let (out, rows) = (result.pointer, source.pointer)
    ids.withUnsafeBufferPointer { ids in
        ThreadPool.shared.run(ids.count, grain: Kernel.rowGrain(dim)) { range in
            for index in range {
                (out + index * dim).update(from: rows + Int(ids[index]) * dim, count: dim)
            }
        }
    }
    return try table.record(result, from: table) { gradient in
        let gradient = try gradient.plain()
        let whole = try Tensor.zeros([vocabulary, dim])
        let (out, g) = (whole.pointer, gradient.pointer)
        // Shared by columns: every sum is taken in the order of the ids.
        ids.withUnsafeBufferPointer { ids in
            ThreadPool.shared.run(dim, grain: 64) { columns in
                kernel_embedding_backward(
                    out, g, ids.baseAddress, ids.count, dim, columns.lowerBound, columns.upperBound)
            }
        }
        return whole
    }
}

/// - Throws: `TensorError` if a number lies outside 0 ..< limit.
func checkIndices(_ indices: [Int32], below limit: Int, operation: String, what: String) throws {
    for (position, index) in indices.enumerated() where index < 0 || Int(index) >= limit {
        throw TensorError(
            operation, "\(what) \(index) at position \(position) is out of range; \(what)s go from 0 to \(limit - 1)")
    }
}
