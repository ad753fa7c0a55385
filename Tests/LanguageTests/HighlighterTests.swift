import Language
import XCTest

final class HighlighterTests: XCTestCase {
    /// Each piece as `kind:text`.
    private func pieces(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return Highlighter(text).spans.map { piece in
            "\(piece.kind):" + String(decoding: bytes[piece.span.start..<piece.span.end], as: UTF8.self)
        }
    }

    func testKindsOfTokens() {
        XCTAssertEqual(
            pieces("for x in f(1.5, width: y) { } # end"),
            [
                "keyword:for", "name:x", "keyword:in", "callee:f", "opening:(", "number:1.5", "operation:,",
                "label:width", "operation::", "name:y", "closing:)", "opening:{", "closing:}", "comment:# end",
            ])
    }

    func testConstantsLabelsAndBounds() {
        XCTAssertEqual(pieces("nil true"), ["constant:nil", "constant:true"])
        XCTAssertEqual(
            pieces("{k : xs[a:b]}"),
            [
                "opening:{", "label:k", "operation::", "name:xs", "opening:[", "name:a", "operation::", "name:b", "closing:]",
                "closing:}",
            ])
        XCTAssertEqual(
            pieces(#""a {len(x):>{w}} b""#),
            [#"string:"a {"#, "callee:len", "opening:(", "name:x", "closing:)", "string::>{", "name:w", #"string:}} b""#])
    }

    func testCodeInsideStringsIsCode() {
        XCTAssertEqual(
            pieces("\"a {x + 1:.2f} b\""),
            ["string:\"a {", "name:x", "operation:+", "number:1", "string::.2f} b\""])
        XCTAssertEqual(pieces("r\"a {x}\""), ["string:r\"a {x}\""])
        XCTAssertEqual(pieces("'#' #'"), ["string:'#'", "comment:#'"])
    }

    func testHalfTypedTextIsCutAsFarAsItGoes() {
        XCTAssertEqual(pieces("x = \"abc"), ["name:x", "operation:=", "string:\"abc"])
        XCTAssertTrue(Highlighter("\"\"\"abc\n").endsInsideString)
        XCTAssertFalse(Highlighter("\"abc\n").endsInsideString)
        XCTAssertEqual(pieces("a ! b"), ["name:a", "keyword:!", "name:b"])
        XCTAssertEqual(pieces(""), [])
        XCTAssertEqual(pieces("# a\n# b"), ["comment:# a", "comment:# b"])
    }

    func testPiecesAreInOrderAndDoNotOverlapWhateverTheText() {
        let parts = [
            "\"", "'", "\"\"\"", "{", "}", "(", "]", "#", "\n", "x", "1.", "..", "漢", "\\", ":", " ", "r\"", "f'",
        ]
        var seed: UInt64 = 7
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<12 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int(seed >> 33) % parts.count]
            }
            var end = 0
            for piece in Highlighter(text).spans {
                XCTAssertGreaterThanOrEqual(piece.span.start, end, text)
                XCTAssertGreaterThan(piece.span.end, piece.span.start, text)
                end = piece.span.end
            }
            XCTAssertLessThanOrEqual(end, text.utf8.count, text)
        }
    }
}
