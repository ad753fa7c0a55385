import Glibc

extension Tensor: CustomStringConvertible {
    /// One line: all values of a small tensor; of a larger one the shape and what the values are like.
    public var description: String {
        if rank == 0 { return "tensor(\(text(pointer[0])))" }
        return count > 0 && count <= Self.small ? header + " " + corners(edge: Self.small).oneLine : header + about
    }

    /// What a prompt shows: the shape and kind, what the values are like, and below those in the corners. Never longer
    /// than a few lines, whatever the tensor.
    /// - Parameter edge: how many values are shown at either end of a dimension.
    public func describe(edge: Int = 3) -> String {
        guard rank > 0, count > 0 else { return description }
        let corners = corners(edge: count <= Self.small ? Self.small : edge)
        if count > Self.small { return header + about + "\n" + corners.aligned }
        return header + (rank == 1 ? " " + corners.oneLine : "\n" + corners.aligned)
    }

    /// Tensors of at most so many elements are shown whole.
    private static let small = 16

    private var header: String {
        let name = switch kind {
        case .boolean: "bool"
        case .integer: "int"
        case .real: "f32"
        }
        return "tensor \(Shape.text(shape)) \(name)" + (requiresGradient ? ", a parameter" : "")
    }

    private var about: String {
        guard count > 0 else { return ": empty" }
        // Whoever interrupts wants to see something soon.
        guard let found = try? statistics() else { return "" }
        if kind == .boolean { return ": \(Int((found.mean * Double(count)).rounded())) of \(count) true" }
        var parts: [String] = []
        if found.finite > 0 {
            parts += [
                "min \(Self.text(found.low))", "mean \(Self.text(Float(found.mean)))", "max \(Self.text(found.high))",
                "std \(Self.text(Float(found.deviation)))",
            ]
        }
        if found.nan > 0 { parts.append("\(found.nan) NaN") }
        if found.infinite > 0 { parts.append("\(found.infinite) infinite") }
        return ": " + parts.joined(separator: ", ")
    }

    private func corners(edge: Int) -> Corners {
        var budget = 200
        return corners(0, offset, edge: edge, budget: &budget)
    }

    private func corners(_ dimension: Int, _ start: Int, edge: Int, budget: inout Int) -> Corners {
        if budget <= 0 { return .text("...") }
        if dimension == rank {
            budget -= 1
            return .text(text(storage.pointer[start]))
        }
        let size = shape[dimension]
        let keep = dimension < rank - 2 ? Swift.min(edge, 1) : edge
        var parts: [Corners] = []
        let isLong = count > Self.small && size > 2 * keep + 1
        for index in Array(0..<(isLong ? keep : size)) + Array(isLong ? size - keep..<size : 0..<0) {
            if isLong, index == size - keep { parts.append(.text("...")) }
            if budget <= 0 {
                parts.append(.text("..."))
                break
            }
            parts.append(corners(dimension + 1, start + index * strides[dimension], edge: edge, budget: &budget))
        }
        return .list(parts)
    }

    /// One element: `true` or `false` of answers.
    private func text(_ value: Float) -> String {
        kind == .boolean ? (value == 0 ? "false" : "true") : Self.text(value)
    }

    /// Four significant digits; whole numbers in full.
    package static func text(_ value: Float) -> String {
        guard value.isFinite, value != 0 else {
            return value.isNaN ? "nan" : value == 0 ? "0" : value < 0 ? "-inf" : "inf"
        }
        let magnitude = Double(value).magnitude
        if magnitude < 1e7, value == value.rounded() { return "\(Int(value))" }
        let digits = written("%.3e", value).split(separator: "e")
        guard digits.count == 2, let exponent = Int(digits[1]) else { return "\(value)" }
        if exponent >= 6 || exponent < -4 { return trimmed(digits[0]) + "e\(exponent)" }
        return trimmed(written("%.\(Swift.max(3 - exponent, 0))f", value)[...])
    }

    private static func written(_ format: String, _ value: Float) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = withVaList([Double(value)]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(Int(count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Without zeros, and a point, at the end.
    private static func trimmed(_ digits: Substring) -> String {
        guard digits.contains(".") else { return String(digits) }
        let kept = digits[...(digits.lastIndex { $0 != "0" } ?? digits.startIndex)]
        return String(kept.hasSuffix(".") ? kept.dropLast() : kept)
    }
}

/// The values in the corners of a tensor, as texts in nested lists.
private indirect enum Corners {
    case text(String)
    case list([Corners])

    var oneLine: String {
        switch self {
        case .text(let text): text
        case .list(let parts): "[" + parts.map(\.oneLine).joined(separator: ", ") + "]"
        }
    }

    /// A line for each innermost list; the texts of a column end one below the other.
    var aligned: String {
        var widths: [Int] = []
        measure(&widths)
        return laidOut(indent: 0, widths)
    }

    private var isRow: Bool {
        guard case .list(let parts) = self else { return false }
        return parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    private func measure(_ widths: inout [Int]) {
        guard case .list(let parts) = self else { return }
        guard isRow else { return parts.forEach { $0.measure(&widths) } }
        for (column, part) in parts.enumerated() {
            if column == widths.count { widths.append(0) }
            widths[column] = max(widths[column], part.oneLine.count)
        }
    }

    private func laidOut(indent: Int, _ widths: [Int]) -> String {
        guard case .list(let parts) = self else { return oneLine }
        if isRow {
            let texts = zip(parts, widths).map { part, width in
                String(repeating: " ", count: max(width - part.oneLine.count, 0)) + part.oneLine
            }
            return "[" + texts.joined(separator: ", ") + "]"
        }
        let lines = parts.map { $0.laidOut(indent: indent + 1, widths) }
        return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }
}
