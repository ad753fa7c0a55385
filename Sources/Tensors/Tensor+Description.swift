extension Tensor: CustomStringConvertible {
    public var description: String { describe() }

    /// The values of a small tensor; of a larger one the shape, the corner values and statistics. Never longer than a
    /// few lines, whatever the tensor.
    /// - Parameter edge: how many values are shown at either end of a dimension.
    public func describe(edge: Int = 3) -> String {
        guard rank > 0 else { return "tensor(\(text(pointer[0])))" }
        let header = "tensor \(Shape.text(shape))" + (requiresGradient ? ", a parameter" : "")
        guard count > 0 else { return header + ": empty" }
        var budget = 200
        let values = corner(0, offset, edge: edge, budget: &budget)
        return count <= 16 ? header + " " + values : header + statistics() + "\n" + values
    }

    private func corner(_ dimension: Int, _ start: Int, edge: Int, budget: inout Int) -> String {
        if budget <= 0 { return "..." }
        if dimension == rank {
            budget -= 1
            return text(storage.pointer[start])
        }
        let size = shape[dimension]
        let isLast = dimension == rank - 1
        let keep = dimension < rank - 2 ? 1 : edge
        var parts: [String] = []
        let isLong = size > 2 * keep + 1
        for index in Array(0..<(isLong ? keep : size)) + Array(isLong ? size - keep..<size : 0..<0) {
            if isLong, index == size - keep { parts.append("...") }
            if budget <= 0 {
                parts.append("...")
                break
            }
            parts.append(corner(dimension + 1, start + index * strides[dimension], edge: edge, budget: &budget))
        }
        let separator = isLast ? ", " : ",\n" + String(repeating: " ", count: dimension + 1)
        return "[" + parts.joined(separator: separator) + "]"
    }

    /// One element: `true` or `false` of answers.
    private func text(_ value: Float) -> String {
        isBoolean ? (value == 0 ? "false" : "true") : Self.text(value)
    }

    private func statistics() -> String {
        // Without room for a copy the corners are all there is to show.
        guard let values = try? floats() else { return "" }
        if isBoolean { return ": \(values.reduce(0) { $1 != 0 ? $0 + 1 : $0 }) of \(count) true" }
        var (low, high, sum, finite, nan, infinite) = (Float.infinity, -Float.infinity, 0.0, 0, 0, 0)
        for value in values {
            if value.isNaN {
                nan += 1
            } else if value.isInfinite {
                infinite += 1
            } else {
                finite += 1
                low = Swift.min(low, value)
                high = Swift.max(high, value)
                sum += Double(value)
            }
        }
        var text = ""
        if finite > 0 {
            text += ": min \(Self.text(low)), mean \(Self.text(Float(sum / Double(finite)))), max \(Self.text(high))"
        }
        if nan > 0 { text += ", \(nan) NaN" }
        if infinite > 0 { text += ", \(infinite) infinite" }
        return text
    }

    /// Four significant digits; whole numbers in full.
    static func text(_ value: Float) -> String {
        guard value.isFinite, value != 0 else {
            return value.isNaN ? "nan" : value == 0 ? "0" : value < 0 ? "-inf" : "inf"
        }
        let magnitude = Double(value).magnitude
        if magnitude < 1e7, value == value.rounded() { return "\(Int(value))" }
        if magnitude < 1e-4 || magnitude >= 1e6 {
            var (mantissa, exponent) = (Double(value), 0)
            while mantissa.magnitude >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
            while mantissa.magnitude < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
            var digits = (mantissa * 1000).rounded() / 1000
            if digits.magnitude >= 10 { (digits, exponent) = (digits / 10, exponent + 1) }
            return "\(digits)e\(exponent)"
        }
        var unit = 1.0  // The weight of the fourth digit.
        while magnitude / unit >= 10_000 { unit *= 10 }
        while magnitude / unit < 1000 { unit /= 10 }
        let inverse = (1 / unit).rounded()
        let rounded =
            unit >= 1 ? (Double(value) / unit).rounded() * unit : (Double(value) * inverse).rounded() / inverse
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
