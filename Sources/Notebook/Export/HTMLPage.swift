import FoundationEssentials
import Language

/// A notebook as one HTML file: nothing is loaded from elsewhere, and there is no script in it.
struct HTMLPage {
    let text: String

    /// - Parameter imageFolder: where pictures that the text shows are looked for.
    init(_ page: NotebookPage, imageFolder: String) {
        var writer = HTMLWriter(page, imageFolder: imageFolder)
        let cells = page.entries.map { writer.cell($0) }.joined()
        let title = HTMLText.escaped(page.title)
        // Even if something slipped through, the browser would neither run nor load it.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="bridge \(Version.current)">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <title>\(title)</title>
            <style>
            \(HTMLStyle.text)</style>
            </head>
            <body>
            <header>
            <h1 id="top">\(title)</h1>
            \(writer.summary)</header>
            \(writer.contents)<main>
            \(cells)</main>
            </body>
            </html>

            """
    }
}

private struct HTMLWriter {
    private let page: NotebookPage
    private let markdown: MarkdownRenderer
    private var outline: [(level: Int, anchor: String, text: String)] = []
    private var anchors: Set<String> = []
    private var pictureCount = 0
    private var hasTitle = false

    init(_ page: NotebookPage, imageFolder: String) {
        self.page = page
        markdown = MarkdownRenderer(imageFolder: imageFolder)
    }

    // MARK: Around the cells

    /// The table of contents: headings of the text below the page's title, and titles of cells. One entry is none.
    var contents: String {
        let entries = outline.filter { $0.level <= 3 && $0.anchor != "top" }
        guard entries.count > 1 else { return "" }
        let top = entries.map(\.level).min() ?? 1
        let items = entries.map { entry in
            "<li class=\"level-\(entry.level - top + 1)\"><a href=\"#\(HTMLText.escaped(entry.anchor))\">"
                + "\(HTMLText.escaped(entry.text))</a></li>\n"
        }
        return "<nav aria-label=\"Contents\">\n<h2>Contents</h2>\n<ol>\n\(items.joined())</ol>\n</nav>\n"
    }

    /// What was run, for how long, and what went wrong.
    var summary: String {
        let count = page.entries.count { $0.number != nil }
        var parts = [HTMLText.escaped(page.fileName), count == 1 ? "1 cell" : "\(count) cells"]
        if let seconds = page.seconds { parts.append(ProgressLine.duration(seconds)) }
        for entry in page.entries {
            guard let number = entry.number, let record = entry.record, record.ending != .finished else { continue }
            let words = record.ending == .failed ? "cell \(number) failed" : "interrupted in cell \(number)"
            parts.append("<a class=\"bad\" href=\"#cell-\(number)\">\(words)</a>")
        }
        let stale = page.entries.count { !$0.staleReasons.isEmpty }
        if stale > 0 { parts.append("<span class=\"bad\">\(stale) stale</span>") }
        return "<p class=\"summary\">\(parts.joined(separator: " · "))</p>\n"
    }

    // MARK: Cells

    mutating func cell(_ entry: NotebookPage.Entry) -> String {
        switch entry.cell.kind {
        case .markdown:
            let html = text(entry.cell.content)
            return html.isEmpty ? "" : "<section class=\"text\">\n\(Self.scrollingTables(html))</section>\n"
        case .raw: return "<section class=\"text\">\n<pre>\(HTMLText.escaped(entry.cell.content))</pre>\n</section>\n"
        case .code: return code(entry)
        }
    }

    /// The page has its title at the top; where the text begins with the same heading, that is not repeated.
    private mutating func text(_ markdownText: String) -> String {
        var taken = anchors
        var found: [(level: Int, anchor: String, text: String)] = []
        let html = markdown.html(markdownText) { heading in
            let anchor = Self.anchor(heading.text, &taken)
            found.append((heading.level, anchor, heading.text))
            return anchor
        }
        anchors = taken
        defer { outline += found }
        guard !hasTitle, let first = found.first, first.text == page.title, html.hasPrefix("<h\(first.level) "),
            let end = html.firstRange(of: "</h\(first.level)>\n")
        else { return html }
        hasTitle = true
        found[0] = (1, "top", first.text)
        return String(html[end.upperBound...])
    }

    private mutating func code(_ entry: NotebookPage.Entry) -> String {
        var html = entry.number.map { "<section class=\"cell\" id=\"cell-\($0)\">\n" } ?? "<section class=\"cell\">\n"
        if !entry.cell.title.isEmpty {
            let anchor = Self.anchor(entry.cell.title, &anchors)
            outline.append((2, anchor, entry.cell.title))
            html += "<h2 id=\"\(HTMLText.escaped(anchor))\">\(HTMLText.escaped(entry.cell.title))</h2>\n"
        }
        if let number = entry.number {
            html += "<div class=\"code\">\n<p class=\"bar\"><span>\(number)</span>\(state(entry))</p>\n"
            let label = "aria-label=\"Code of cell \(number)\""
            let code = HTMLText.highlighted(entry.cell.content)
            html += "<pre tabindex=\"0\" role=\"group\" \(label)><code>\(code)</code></pre>\n</div>\n"
        }
        for reason in entry.staleReasons { html += "<p class=\"stale\"><b>Stale:</b> \(Self.withCode(reason))</p>\n" }
        for output in entry.record?.outputs ?? [] { html += self.output(output, number: entry.number ?? 0) }
        return html + "</section>\n"
    }

    /// How long the cell took, or that it has not run.
    private func state(_ entry: NotebookPage.Entry) -> String {
        guard let record = entry.record else { return "<span>not run</span>" }
        guard record.order != nil else { return "<span class=\"bad\">not run: it has errors</span>" }
        let time = "<span>\(record.time)</span>"
        switch record.ending {
        case .finished: return time
        case .failed: return "<span class=\"bad\">failed</span>" + time
        case .interrupted: return "<span class=\"bad\">interrupted</span>" + time
        }
    }

    // MARK: Outputs

    private mutating func output(_ output: CellOutput, number: Int) -> String {
        switch output {
        case .text(let text): return Self.block("output", "Output of cell \(number)", text)
        case .failure(let failure): return Self.block("output error", "Error of cell \(number)", failure.text)
        case .value(let value, let isResult):
            if let svg = value.svg { return figures(value, svg) }
            if let table = value.table {
                return "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table of cell \(number)\">\n"
                    + HTMLTable.text(table) + "</div>\n"
            }
            return Self.block(isResult ? "output result" : "output", "Result of cell \(number)", value.text)
        }
    }

    private static func block(_ kind: String, _ label: String, _ text: String) -> String {
        let attributes = "class=\"\(kind)\" tabindex=\"0\" role=\"group\" aria-label=\"\(label)\""
        return "<pre \(attributes)>\(HTMLText.escaped(text))</pre>\n"
    }

    /// A picture; where there is another one for narrow screens, both, of which the style shows one.
    private mutating func figures(_ value: ShownValue, _ svg: String) -> String {
        let scale = value.hasColourScale ? ["scale"] : []
        guard let narrow = value.narrowSVG else { return figure(svg, value.description, classes: scale) }
        return figure(svg, value.description, classes: ["wide"] + scale)
            + figure(narrow, value.description, classes: ["narrow"] + scale)
    }

    private mutating func figure(_ svg: String, _ label: String, classes: [String]) -> String {
        let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
        return "<figure tabindex=\"0\"\(attribute)>\(picture(svg, label))</figure>\n"
    }

    private mutating func picture(_ svg: String, _ label: String) -> String {
        pictureCount += 1
        if let inline = InlineSVG(svg, prefix: "picture-\(pictureCount)-", label: label) { return inline.text }
        // Browsers run nothing in an image.
        let source = "data:image/svg+xml;base64," + Data(svg.utf8).base64EncodedString()
        return "<img src=\"\(source)\" alt=\"\(HTMLText.escaped(label))\">"
    }

    // MARK: Words

    /// An anchor that no other heading has: the text's letters and digits.
    private static func anchor(_ text: String, _ taken: inout Set<String>) -> String {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        let base = "section-" + (words.isEmpty ? "untitled" : words.joined(separator: "-"))
        var anchor = base
        var number = 2
        while !taken.insert(anchor).inserted {
            anchor = "\(base)-\(number)"
            number += 1
        }
        return anchor
    }

    /// `name` in backticks as code.
    private static func withCode(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index % 2 == 0 ? HTMLText.escaped(String(part)) : "<code>\(HTMLText.escaped(String(part)))</code>"
        }.joined()
    }

    /// A wide table scrolls by itself, not with the page.
    private static func scrollingTables(_ html: String) -> String {
        let opening = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>"
        return html.replacing("<table>", with: opening).replacing("</table>", with: "</table></div>")
    }
}
