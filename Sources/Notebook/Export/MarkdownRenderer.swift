import CMarkdown
import FoundationEssentials
import Glibc

/// Markdown (GitHub's, by libcmark-gfm) as HTML. HTML in the text is left out, and so are targets that could run
/// something.
struct MarkdownRenderer {
    struct Heading: Equatable {
        /// 1 ... 6.
        var level: Int
        var text: String
    }

    /// Where pictures are looked for.
    var imageFolder: String
    /// Pictures of more bytes are not put into the page.
    static let imageLimit = 16 << 20

    static func headings(in text: String) -> [Heading] {
        parsed(text) { document in
            var headings: [Heading] = []
            var node = cmark_node_first_child(document)
            while let current = node {
                if cmark_node_get_type(current) == CMARK_NODE_HEADING {
                    headings.append(
                        Heading(level: Int(cmark_node_get_heading_level(current)), text: plainText(current)))
                }
                node = cmark_node_next(current)
            }
            return headings
        }
    }

    /// - Parameter identifier: gives the anchor of each heading, in their order.
    func html(_ text: String, identifier: (Heading) -> String) -> String {
        var headings = Self.headings(in: text)[...]
        let html = Self.parsed(text) { document in
            Self.highlightCode(in: document)
            guard let rendered = cmark_render_html(document, CMARK_OPT_DEFAULT, nil) else { return "" }
            defer { free(rendered) }
            return String(cString: rendered)
        }
        // Text has no `<` of its own here: every one begins an element that the renderer wrote.
        let anchored = html.split(separator: "<", omittingEmptySubsequences: false).map { piece -> String in
            guard piece.first == "h", let level = piece.dropFirst().first?.wholeNumberValue,
                piece.dropFirst(2).first == ">", headings.first?.level == level
            else { return String(piece) }
            let anchor = identifier(headings.removeFirst())
            return "h\(level) id=\"\(HTMLText.escaped(anchor))\"" + piece.dropFirst(2)
        }
        return anchored.map { $0.hasPrefix("img ") ? image($0) : $0 }.joined(separator: "<")
    }

    /// The picture of an `img` element put into the page: nothing is loaded from elsewhere. One that cannot be is a
    /// link.
    private func image(_ element: String) -> String {
        let parts = element.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count > 4, parts[0].hasSuffix("src="), parts[2].hasSuffix("alt=") else { return element }
        let (source, alternative) = (String(parts[1]), String(parts[3]))
        let behind = element.firstRange(of: "/>").map { element[$0.upperBound...] } ?? ""
        if source.hasPrefix("data:image/") { return element }
        if let data = embedded(source) { return "img src=\"\(data)\" alt=\"\(alternative)\" />" + behind }
        return "a href=\"\(source)\">\(alternative.isEmpty ? source : alternative)</a>" + behind
    }

    /// A picture beside the notebook as a data address; nil for every other target.
    private func embedded(_ source: String) -> String? {
        let types = [
            "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp", "svg": "svg+xml",
        ]
        guard let path = source.removingPercentEncoding, !path.hasPrefix("/"), !path.contains(":"),
            !path.split(separator: "/").contains(".."),
            let ending = path.split(separator: ".").last, let type = types[ending.lowercased()],
            let data = try? Data(contentsOf: URL(filePath: imageFolder + "/" + path)), data.count <= Self.imageLimit
        else { return nil }
        return "data:image/\(type);base64,\(data.base64EncodedString())"
    }

    /// Parses a text for as long as the body runs.
    private static func parsed<R>(_ text: String, _ body: (OpaquePointer) -> R) -> R {
        cmark_gfm_core_extensions_ensure_registered()
        let parser = cmark_parser_new(CMARK_OPT_DEFAULT)!
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough", "autolink"] {
            if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        let document = cmark_parser_finish(parser)!
        defer { cmark_node_free(document) }
        return body(document)
    }

    /// Puts colours into the blocks of Bridge code.
    private static func highlightCode(in node: OpaquePointer) {
        var child = cmark_node_first_child(node)
        while let current = child {
            child = cmark_node_next(current)
            guard cmark_node_get_type(current) == CMARK_NODE_CODE_BLOCK else {
                highlightCode(in: current)
                continue
            }
            guard let info = cmark_node_get_fence_info(current), String(cString: info) == "bridge",
                let code = cmark_node_get_literal(current), let block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK)
            else { continue }
            cmark_node_set_on_enter(block, "<pre><code>\(HTMLText.highlighted(String(cString: code)))</code></pre>")
            if cmark_node_replace(current, block) == 1 { cmark_node_free(current) } else { cmark_node_free(block) }
        }
    }

    /// The text of a node and of all below it.
    private static func plainText(_ node: OpaquePointer) -> String {
        if let literal = cmark_node_get_literal(node) {
            let type = cmark_node_get_type(node)
            return type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ? String(cString: literal) : ""
        }
        if cmark_node_get_type(node) == CMARK_NODE_SOFTBREAK { return " " }
        var text = ""
        var child = cmark_node_first_child(node)
        while let current = child {
            text += plainText(current)
            child = cmark_node_next(current)
        }
        return text
    }
}
