import Language
import XCTest

final class SyntaxHighlightTests: XCTestCase {
    /// `keyword:fn function:f ...`
    private func highlights(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SyntaxHighlight.highlights(in: text).map {
            "\($0.kind.rawValue):" + String(decoding: bytes[$0.span.start..<$0.span.end], as: UTF8.self)
        }
    }

    func testWordsNumbersAndComments() {
        XCTAssertEqual(
            highlights("fn f(x) { return 2 * x } # twice\nnil"),
            ["keyword:fn", "function:f", "keyword:return", "number:2", "comment:# twice", "constant:nil"])
    }

    func testArgumentNamesAndFieldsAreLabelsAndSlicesAreNot() {
        XCTAssertEqual(
            highlights("f(a, k: 1.5)\nr = {name: x}\nxs[a:b]"),
            ["function:f", "label:k", "number:1.5", "label:name"])
    }

    func testWhatStandsInBracesIsCodeAgain() {
        XCTAssertEqual(
            highlights(#"print("a {len(x):>{w}} b")"#),
            ["function:print", #"string:"a {"#, "function:len", "string::>{", #"string:}} b""#])
    }

    func testCommentSignsInStringsAreText() {
        XCTAssertEqual(highlights("x = \"# no\" # yes"), ["string:\"# no\"", "comment:# yes"])
    }

    func testEveryTextHasHighlightsInOrderWithoutOverlap() {
        let texts = [
            "", "\"open", "\"\"\"open {", "x = (", "“curly” & ^ # é", "\"{\"{\"{x}\"}\"}\"", "f(\r\n# a\r\n)", "{}}}{{",
            "\"{}\"", "\"{:}\"",
            "\"a {x\nb", "r\"{raw}\"", "\u{0}\u{1}", "é = \"ü {ä} ö\" # ß",
        ]
        for text in texts {
            var end = 0
            for highlight in SyntaxHighlight.highlights(in: text) {
                XCTAssertGreaterThanOrEqual(highlight.span.start, end, text)
                XCTAssertLessThan(highlight.span.start, highlight.span.end, text)
                end = highlight.span.end
            }
            XCTAssertLessThanOrEqual(end, text.utf8.count, text)
        }
    }
}
