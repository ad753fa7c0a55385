import Foundation
import Language
import Notebook
import TestSupport
import XCTest

final class ExportHTMLTests: XCTestCase {
    /// Elements that stand alone in HTML.
    private static let voidElements: Set<String> = ["meta", "img", "br", "hr", "input"]

    /// Checks that every element that is opened is closed again, in order, and gives the names of all of them.
    @discardableResult
    private func assertWellFormed(_ html: String, line: UInt = #line) -> [String] {
        var open: [String] = [], seen: [String] = []
        for match in html.matches(of: /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/) {
            let name = String(match.2).lowercased()
            if match.1 == "/" {
                XCTAssertEqual(open.popLast(), name, "closed by </\(name)>", line: line)
            } else {
                seen.append(name)
                if !match.3.hasSuffix("/") && !Self.voidElements.contains(name) { open.append(name) }
            }
        }
        XCTAssertEqual(open, [], line: line)
        return seen
    }

    private func page(_ source: String, expecting ending: LoadedNotebook.RunEnding = .finished) throws -> String {
        let folder = try TemporaryFolder()
        return try RanNotebook(source, folder: folder, expecting: ending).written("study.html")
    }

    func testAPageHoldsTextCodeOutputsTablesAndPictures() throws {
        let html = try page(
            """
            # %% [markdown]
            # # A study
            # With **words**.
            # %% First
            print("six")
            2 * 3
            # %% Second
            [{arm: "base", right: 3}, {arm: "bridge", right: 12}]
            # %% Third
            plot.line([1, 2, 4], title: "growth")
            """)
        let elements = assertWellFormed(html)
        XCTAssertTrue(html.contains("<title>A study</title>"))
        XCTAssertTrue(html.contains("<h1 id=\"top\">A study</h1>"))
        XCTAssertEqual(elements.count { $0 == "h1" }, 1)
        XCTAssertTrue(html.contains("<strong>words</strong>"))
        XCTAssertTrue(
            html.contains("<span class=\"function\">print</span>(<span class=\"string\">&quot;six&quot;</span>)"))
        XCTAssertTrue(html.contains(">six\n</pre>"))
        XCTAssertTrue(html.contains(">6</pre>"))
        XCTAssertTrue(html.contains("<td>bridge</td><td style=\"text-align: right\">12</td>"))
        // For wide screens and for phones; the style shows one.
        XCTAssertEqual(elements.count { $0 == "svg" }, 2)
        XCTAssertTrue(html.contains("<figure tabindex=\"0\" class=\"wide\"><svg "))
        XCTAssertTrue(html.contains("<figure tabindex=\"0\" class=\"narrow\"><svg "))
        XCTAssertTrue(html.contains("aria-label=\"Figure &quot;growth&quot;: 1 series\""))
        for title in ["First", "Second", "Third"] {
            XCTAssertTrue(html.contains("<a href=\"#section-\(title.lowercased())\">\(title)</a>"))
            XCTAssertTrue(html.contains("<h2 id=\"section-\(title.lowercased())\">\(title)</h2>"))
        }
    }

    func testNothingIsLoadedFromElsewhereAndNothingRuns() throws {
        let html = try page(
            """
            # %% [markdown]
            # ![far](https://example.org/a.png) ![near](missing.png) <script>alert(1)</script> [x](javascript:alert(2))
            # <img src=x onerror=alert(3)>
            # %%
            plot.line([1, 2], title: "</svg><script>alert(4)</script>", xlabel: "]]>", ylabel: "<!-- & -->")
            """)
        let elements = Set(assertWellFormed(html))
        XCTAssertFalse(elements.contains("script"))
        XCTAssertFalse(elements.contains("link"))
        XCTAssertFalse(elements.contains("img"))
        XCTAssertFalse(html.contains("href=\"javascript:"))
        XCTAssertTrue(html.contains("<a href=\"https://example.org/a.png\">far</a>"))
        XCTAssertTrue(html.contains("Content-Security-Policy"))
        XCTAssertNil(html.firstMatch(of: /(?:src|url\()=?["']?(?!data:|#)(?:https?:|\/)/))
    }

    func testHostileTitlesAndOutputsAreText() throws {
        let attack = "</title></script></pre><script>alert('x')</script>]]>&amp;\"'"
        let literal = attack.replacing("\"", with: "\\\"")
        let html = try page(
            """
            # %% \(attack)
            print("\(literal)")
            "\(literal)"
            # %%
            print([{"\(literal)": "\(literal)"}, {"\(literal)": "b"}])
            # %% [markdown] \(attack)
            # # \(attack)
            # `\(attack)`
            """)
        XCTAssertFalse(assertWellFormed(html).contains("script"))
        XCTAssertFalse(html.contains("<script"))
        XCTAssertTrue(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;]]&gt;&amp;amp;"))
    }

    func testTwoPicturesDoNotShareIdentifiers() throws {
        let html = try page("# %%\nplot.line([1, 2])\n# %%\nfor i in 0..2 { print(plot.scatter([1, 2], [3, i])) }")
        assertWellFormed(html)
        let identifiers = html.matches(of: /\ id=["']([^"']*)["']/).map { String($0.1) }
        XCTAssertEqual(Set(identifiers).count, identifiers.count)
        XCTAssertGreaterThan(identifiers.count, 30)
        let references = html.matches(of: /href=["']#([^"']*)["']/).map { String($0.1) }
        XCTAssertTrue(Set(references).isSubset(of: Set(identifiers)), "\(Set(references).subtracting(identifiers))")
        XCTAssertEqual(html.matches(of: /<figure/).count, 2 * 3)
    }

    func testAnErrorStandsInItsCellAndTheNextOnesHaveNotRun() throws {
        let html = try page("# %% One\nprint(1)\n# %% Two\nx = [1]\nx[5]\n# %% Three\nprint(3)", expecting: .failed)
        XCTAssertTrue(html.contains("study.bridge:5:"))
        XCTAssertTrue(html.contains("<a class=\"bad\" href=\"#cell-2\">cell 2 failed</a>"))
        XCTAssertEqual(html.matches(of: /<span>not run<\/span>/).count, 1)
        assertWellFormed(html)
    }

    func testHeadingsOfTheSameNameHaveAnchorsOfTheirOwn() throws {
        let html = try page("# %% [md]\n# # Title\n# %% Same\n1\n# %% [md]\n# ## Same\n# ### Same!\n# %% ???\n2")
        for anchor in ["section-same", "section-same-2", "section-same-3", "section-untitled"] {
            XCTAssertEqual(html.components(separatedBy: "id=\"\(anchor)\"").count, 2, anchor)
            XCTAssertEqual(html.components(separatedBy: "href=\"#\(anchor)\"").count, 2, anchor)
        }
    }

    func testAPictureBesideTheNotebookIsPutIntoThePage() throws {
        let folder = try TemporaryFolder()
        let pixel = Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")!
        try pixel.write(to: URL(fileURLWithPath: folder.file("a b.png")))
        try pixel.write(to: URL(fileURLWithPath: folder.file("secret.txt")))
        let source =
            "# %% [md]\n# ![a dot](<a b.png>) then ![no](secret.txt) ![no](../a.png) ![no](/etc/a.png)\n# %%\n1"
        let html = try RanNotebook(source, folder: folder).written("study.html")
        XCTAssertTrue(
            html.contains("<img src=\"data:image/png;base64,\(pixel.base64EncodedString())\" alt=\"a dot\" /> then "))
        XCTAssertEqual(html.matches(of: /<img/).count, 1)
    }

    func testCodeInTextIsColoured() throws {
        let html = try page("# %% [md]\n# ```bridge\n# x = \"<b>\"\n# ```\n# ```python\n# x = '<i>'\n# ```\n# %%\n1")
        XCTAssertTrue(html.contains("x = <span class=\"string\">&quot;&lt;b&gt;&quot;</span>"))
        XCTAssertTrue(html.contains("x = '&lt;i&gt;'"))
        assertWellFormed(html)
    }

    func testANotebookWithoutTextOrCellsIsAPage() throws {
        for source in ["", "\n\n", "# %%\n", "# %% only a title\n"] { assertWellFormed(try page(source)) }
        XCTAssertTrue(try page("").contains("<h1 id=\"top\">study</h1>"))
    }
}

/// A picture from elsewhere is put into the page only where it is nothing but a drawing.
final class ExportForeignPictureTests: XCTestCase {
    private func page(svg: String) throws -> String {
        let folder = try TemporaryFolder()
        let lines = try XCTUnwrap(String(data: JSONSerialization.data(withJSONObject: [svg]), encoding: .utf8))
        let path = try folder.write(
            """
            {"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": "1", "outputs": [
            {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "a picture", "image/svg+xml": \(lines)}}]}],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """, to: "study.ipynb")
        let notebook = try RanNotebook.loaded(path, console: RecordedConsole())
        try notebook.restoreOutputs()
        try notebook.write(.html, to: folder.file("study.html"))
        return try String(contentsOfFile: folder.file("study.html"), encoding: .utf8)
    }

    func testADrawingIsAnElementOfThePage() throws {
        let html = try page(
            svg:
                "<?xml version=\"1.0\"?>\n<svg viewBox='0 0 1 1'><g id=\"a\"><path d='M0 0' fill='url(#b)'/></g><use href='#a'/></svg>\n"
        )
        XCTAssertTrue(
            html.contains(
                "<figure tabindex=\"0\"><svg role=\"img\" aria-label=\"a picture\" viewBox='0 0 1 1'>"
                    + "<g id=\"picture-1-a\"><path d='M0 0' fill='url(#picture-1-b)'/></g><use href='#picture-1-a'/></svg></figure>"
            ),
            html)
    }

    func testAnythingElseIsAnImageInWhichNothingRuns() throws {
        let pictures = [
            "<svg><script>alert(1)</script></svg>", "<svg onload=\"alert(1)\"/>",
            "<svg><a href='https://x.org'>x</a></svg>",
            "<svg><foreignObject><b/></foreignObject></svg>", "<svg><use href='https://x.org/#a'/></svg>",
            "<svg><image href='http://x.org/a.png'/></svg>", "<svg><path fill='url(http://x.org)'/></svg>",
            "<svg><style>*{}</style></svg>", "<svg><g></svg>", "<svg>", "<svg/><b>", "<g/>", "", "text", "<svg x/>",
            "<svg x=1/>",
            "<svg><!-- <b> --></svg>", "<svg><g style='fill:\\75 rl(http://x.org)'/></svg>", "<svg",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
            "<svg></svg></svg>", "<svg><p>x</p></svg>",
        ]
        for svg in pictures {
            let html = try page(svg: svg)
            XCTAssertFalse(html.contains("<svg"), svg)
            XCTAssertTrue(html.contains("<figure tabindex=\"0\"><img src=\"data:image/svg+xml;base64,"), svg)
        }
    }
}
