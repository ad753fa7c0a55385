import Glibc
import Language
import Tensors

/// A tensor as text: its values where they are few, else corner values, with shape and statistics.
enum TensorText {
    /// Elements beyond which only the corners are shown, and how many of them at each end.
    private static let few = 200, edge = 3
    /// Statistics read at most this many elements.
    private static let mostRead = 1 << 22

    static func describe(_ tensor: Tensor, budget: PrintBudget) -> String {
        let shape = Shape.text(tensor.shape)
        guard tensor.count > 0 else { return "Tensor \(shape) (empty)" }
        guard let values = try? body(tensor, indent: 0) else { return "Tensor \(shape)" }
        if tensor.rank == 0 { return "Tensor(\(values))" }
        return "Tensor \(shape)\(tensor.count > 1 ? statistics(tensor) : "")\n\(values)"
    }

    private static func statistics(_ tensor: Tensor) -> String {
        guard tensor.count <= mostRead else { return "" }
        let values = tensor.floats()
        let finite = values.filter(\.isFinite)
        let odd = values.count - finite.count
        guard let low = finite.min(), let high = finite.max() else { return " (no finite value)" }
        let mean = finite.reduce(0) { $0 + Double($1) } / Double(finite.count)
        return " mean \(text(Float(mean))) min \(text(low)) max \(text(high))" + (odd > 0 ? ", \(odd) not finite" : "")
    }

    private static func body(_ tensor: Tensor, indent: Int) throws -> String {
        guard tensor.rank > 0 else { return text(try tensor.item()) }
        let count = tensor.shape[0]
        let isCut = tensor.count > few && count > 2 * edge
        let shown = isCut ? Array(0..<edge) + Array(count - edge..<count) : Array(0..<count)
        var parts = try shown.map { try body(tensor.select(0, $0), indent: indent + 1) }
        if isCut { parts.insert("...", at: edge) }
        if tensor.rank == 1 { return "[" + parts.joined(separator: ", ") + "]" }
        return "[" + parts.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }

    /// Four significant digits.
    private static func text(_ value: Float) -> String {
        if value.isFinite, value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
        var buffer = [CChar](repeating: 0, count: 32)
        _ = withVaList([Double(value)]) { vsnprintf(&buffer, buffer.count, "%.4g", $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
