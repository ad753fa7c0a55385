/// An SVG document as an element of an HTML page: its identifiers made the picture's own, so that two pictures do not
/// share gradients and marks, and nothing in it that could run or load something.
struct InlineSVG {
    let text: String

    /// nil for a document that holds more than drawing; it can still be shown as an image.
    /// - Parameters:
    ///   - prefix: stands before every identifier.
    ///   - label: what a screen reader says.
    init?(_ document: String, prefix: String, label: String) {
        var reader = SVGReader(document, prefix: prefix, label: label)
        guard reader.read() else { return nil }
        text = String(decoding: reader.output, as: UTF8.self)
    }
}

private struct SVGReader {
    private static let elements: Set<String> = [
        "svg", "g", "defs", "title", "desc", "circle", "ellipse", "path", "rect", "line", "polyline", "polygon", "use",
        "text",
        "tspan", "filter", "feFlood", "feComposite", "clipPath", "image", "linearGradient", "radialGradient", "stop",
        "pattern", "mask", "symbol", "marker",
    ]

    private let bytes: [UInt8]
    private let prefix: String
    private let label: String
    private var offset = 0
    private var depth = 0
    private var hasRoot = false
    var output: [UInt8] = []

    init(_ document: String, prefix: String, label: String) {
        bytes = Array(document.utf8)
        self.prefix = prefix
        self.label = label
    }

    /// False where something is not on the list.
    mutating func read() -> Bool {
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "<") {
                guard readTag() else { return false }
            } else {
                // Outside the root there is only white space that nobody needs.
                if depth > 0 { output.append(bytes[offset]) }
                offset += 1
            }
        }
        return hasRoot && depth == 0
    }

    private mutating func readTag() -> Bool {
        offset += 1
        if take("?xml") || take("!DOCTYPE") {
            guard !hasRoot, let end = bytes[offset...].firstIndex(of: UInt8(ascii: ">")),
                !bytes[offset..<end].contains(UInt8(ascii: "["))
            else { return false }
            offset = end + 1
            return true
        }
        if take("/") {
            guard let name = word(), Self.elements.contains(name), depth > 0 else { return false }
            skipSpace()
            guard take(">") else { return false }
            depth -= 1
            append("</\(name)>")
            return true
        }
        return readOpeningTag()
    }

    private mutating func readOpeningTag() -> Bool {
        guard let name = word(), Self.elements.contains(name), depth > 0 || (!hasRoot && name == "svg") else {
            return false
        }
        append("<" + name)
        if !hasRoot { append(" role=\"img\" aria-label=\"\(HTMLText.escaped(label))\"") }
        hasRoot = true
        while true {
            skipSpace()
            if take("/>") {
                append("/>")
                return true
            }
            if take(">") {
                append(">")
                depth += 1
                return depth < 256
            }
            guard readAttribute() else { return false }
        }
    }

    private mutating func readAttribute() -> Bool {
        guard let name = word() else { return false }
        skipSpace()
        guard take("=") else { return false }
        skipSpace()
        guard offset < bytes.count,
            let quote = [UInt8(ascii: "\""), UInt8(ascii: "'")].first(where: { $0 == bytes[offset] }),
            let end = bytes[(offset + 1)...].firstIndex(of: quote),
            let value = value(String(decoding: bytes[(offset + 1)..<end], as: UTF8.self), of: name)
        else { return false }
        offset = end + 1
        let mark = String(UnicodeScalar(quote))
        append(" \(name)=\(mark)\(value)\(mark)")
        return true
    }

    /// An attribute's value on the page; nil where it could run or load something.
    private func value(_ value: String, of name: String) -> String? {
        let lower = name.lowercased()
        guard !lower.hasPrefix("on"), !value.utf8.contains(UInt8(ascii: "<")) else { return nil }
        if lower == "id" { return prefix + value }
        if lower == "href" || lower == "xlink:href" {
            if value.hasPrefix("#") { return "#" + prefix + value.dropFirst() }
            return value.hasPrefix("data:image/png;base64,") ? value : nil
        }
        let parts = value.split(separator: "url(", omittingEmptySubsequences: false)
        // An escape could spell `url` too.
        guard lower != "style" || !value.utf8.contains(UInt8(ascii: "\\")) else { return nil }
        guard parts.count > 1 else { return value }
        guard parts.dropFirst().allSatisfy({ $0.hasPrefix("#") }) else { return nil }
        return parts[0] + parts.dropFirst().map { "url(#" + prefix + $0.dropFirst() }.joined()
    }

    private mutating func append(_ text: String) { output += Array(text.utf8) }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        guard bytes[offset...].starts(with: text.utf8) else { return false }
        offset += text.utf8.count
        return true
    }

    /// A name: letters, digits, `:`, `-`, `_`.
    private mutating func word() -> String? {
        let start = offset
        while offset < bytes.count, bytes[offset].isNamePart { offset += 1 }
        return offset > start ? String(decoding: bytes[start..<offset], as: UTF8.self) : nil
    }
}

extension UInt8 {
    fileprivate var isNamePart: Bool {
        (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z"))
            || (self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9")) || self == UInt8(ascii: ":")
            || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }
}
