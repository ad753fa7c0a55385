/// Looks for the operation that first made a NaN, forward or on the way back. Off unless asked for: it reads every
/// result.
public enum NaNCheck {
    // Confined, like the tensors, to the thread that computes.
    nonisolated(unsafe) public static var isOn = false

    /// - Throws: `TensorError` if the result holds NaN and no input does.
    package static func check(_ result: Tensor, _ inputs: [Tensor], operation: String) throws {
        guard let place = firstNaN(result), !inputs.contains(where: { firstNaN($0) != nil }) else { return }
        let given = inputs.map { "\(Shape.text($0.shape)) \(range(of: $0))" }.joined(separator: ", ")
        throw TensorError(
            operation, "made the first NaN, element \(place) of \(Shape.text(result.shape))"
                + (given.isEmpty ? "" : "; its inputs: \(given)"))
    }

    /// The same for the gradients that an operation gives its inputs.
    static func check(_ parts: [Tensor?], _ gradient: Tensor, operation: String) throws {
        guard firstNaN(gradient) == nil else { return }
        for (number, part) in parts.enumerated() {
            guard let part, let place = firstNaN(part) else { continue }
            throw TensorError(
                operation, "its gradient by input \(number) is the first NaN, element \(place) of "
                    + "\(Shape.text(part.shape)); the gradient that came in: \(range(of: gradient))")
        }
    }

    /// `rms_norm` for `rmsNorm(_:_:epsilon:)`.
    static func name(_ function: StaticString) -> String {
        var result = ""
        for character in function.description.prefix(while: { $0 != "(" }) {
            if character.isUppercase { result += "_" + character.lowercased() } else { result.append(character) }
        }
        return result
    }

    private static func firstNaN(_ tensor: Tensor) -> Int? {
        guard tensor.isContiguous else { return tensor.floats().firstIndex { $0.isNaN } }
        return (0..<tensor.count).first { tensor.pointer[$0].isNaN }
    }

    private static func range(of tensor: Tensor) -> String {
        let values = tensor.floats()
        guard let low = values.min(), let high = values.max() else { return "empty" }
        return "from \(Tensor.text(low)) to \(Tensor.text(high))"
    }
}
