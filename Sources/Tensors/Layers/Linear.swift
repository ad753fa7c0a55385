/// x W^T + b: a dense layer.
/// - Parameters:
///   - x: (..., in).
///   - weight: (out, in), as PyTorch and Hugging Face store it.
///   - bias: (out), or nil.
/// - Returns: (..., out).
public func linear(_ x: Tensor, _ weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    guard weight.rank == 2, x.rank >= 1, x.shape[x.rank - 1] == weight.shape[1] else {
        throw TensorError(
            "linear", "x \(Shape.text(x.shape)) needs a weight of shape (out, \(x.shape.last ?? 1)), not "
                + Shape.text(weight.shape))
    }
    if let bias, bias.shape != [weight.shape[0]] {
        throw TensorError(
            "linear", "the bias has the shape \(Shape.text(bias.shape)), not (\(weight.shape[0]),)")
    }
    let (inner, outer) = (weight.shape[1], weight.shape[0])
    let rows = x.shape.dropLast().reduce(1, *)
    let input = try x.plain(), matrix = try weight.plain()
    let result = try Tensor(uninitialised: x.shape.dropLast() + [outer], operation: "linear")
    if let bias { result.assignValues(bias) }
    try MatrixProduct.shared(
        rows, outer, inner, MatrixOperand(input.pointer, leading: Swift.max(inner, 1)),
        MatrixOperand(matrix.pointer, leading: Swift.max(inner, 1), isTransposed: true), result.pointer, outer,
        beta: bias == nil ? 0 : 1)
    let (wantsX, wantsWeight) = (Tape.wants(x), Tape.wants(weight))
    guard wantsX || wantsWeight || bias.map(Tape.wants) == true else { return result }
    let savedWeight = wantsX ? matrix.saved() : nil
    let savedX = wantsWeight ? input.saved() : nil
    let wantsBias = bias.map(Tape.wants) == true
    let xShape = x.shape
    try Tape.record(result, [x, weight] + (bias.map { [$0] } ?? [])) { gradient in
        let gradient = try gradient.plain()
        let g = MatrixOperand(gradient.pointer, leading: Swift.max(outer, 1))
        var parts: [Tensor?] = [nil, nil, nil]
        if let savedWeight {  // (rows, out) (out, in)
            let part = try Tensor(uninitialised: xShape)
            try MatrixProduct.shared(
                rows, inner, outer, g, MatrixOperand(savedWeight.pointer, leading: Swift.max(inner, 1)), part.pointer,
                inner)
            parts[0] = part
        }
        if let savedX {  // (out, rows) (rows, in)
            let part = try Tensor(uninitialised: [outer, inner])
            try MatrixProduct.shared(
                outer, inner, rows,
                MatrixOperand(gradient.pointer, leading: Swift.max(outer, 1), isTransposed: true),
                MatrixOperand(savedX.pointer, leading: Swift.max(inner, 1)), part.pointer, inner)
            parts[1] = part
        }
        if wantsBias { parts[2] = try gradient.reshape([rows, outer]).sum([0]) }
        return parts
    }
    return result
}
