/// Looks for the operation that first made a NaN, forward or on the way back. Off unless asked for: it reads every
/// result.
public enum NaNCheck {
    // Confined, like the tensors, to the thread that computes.
    nonisolated(unsafe) public static var isOn = false
    /// What the user wrote, while that is computed by other operations.
    nonisolated(unsafe) private static var caller: String?

    /// Computes an operation that the user wrote: it is the one to name, and its results are looked at too.
    public static func watching<R>(
        _ operation: String, _ inputs: [Tensor], results: (R) -> [Tensor], _ body: () throws -> R
    ) throws -> R {
        guard isOn else { return try body() }
        let before = caller
        caller = before ?? operation
        defer { caller = before }
        let result = try body()
        for tensor in results(result) { try check(tensor, inputs, operation: caller ?? operation) }
        return result
    }

    /// - Throws: `TensorError` if the result holds NaN and no input does.
    package static func check(_ result: Tensor, _ inputs: [Tensor], operation: String) throws {
        guard let place = try firstNaN(result), try !inputs.contains(where: { try firstNaN($0) != nil }) else { return }
        let given = try inputs.map { "\(Shape.text($0.shape)) \(try range(of: $0))" }.joined(separator: ", ")
        throw TensorError(
            operation, "made the first NaN, element \(place) of \(Shape.text(result.shape))"
                + (given.isEmpty ? "" : "; its inputs: \(given)"))
    }

    /// The same for the gradients that an operation gives its inputs.
    static func check(_ parts: [Tensor?], _ gradient: Tensor, operation: String) throws {
        guard try firstNaN(gradient) == nil else { return }
        for (number, part) in parts.enumerated() {
            guard let part, let place = try firstNaN(part) else { continue }
            throw TensorError(
                operation, "its gradient by input \(number) is the first NaN, element \(place) of "
                    + "\(Shape.text(part.shape)); the gradient that came in: \(try range(of: gradient))")
        }
    }

    /// What the user wrote, or `rms_norm` for `rmsNorm(_:_:epsilon:)`.
    static func name(_ function: String) -> String {
        if let caller { return caller }
        var result = ""
        for character in function.prefix(while: { $0 != "(" }) {
            if character.isUppercase { result += "_" + character.lowercased() } else { result.append(character) }
        }
        return result
    }

    private static func firstNaN(_ tensor: Tensor) throws -> Int? {
        let source = try tensor.plain()
        return try source.withFloats { values in values.firstIndex { $0.isNaN } }
    }

    private static func range(of tensor: Tensor) throws -> String {
        let values = try tensor.floats()
        guard let low = values.min(), let high = values.max() else { return "empty" }
        return "from \(Tensor.text(low)) to \(Tensor.text(high))"
    }
}
