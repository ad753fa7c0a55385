import Notebook
import XCTest

final class PastedTextTests: XCTestCase {
    func testPromptsAreTakenOffAndOutputIsDropped() {
        XCTAssertEqual(
            PastedText.withoutPrompts("bridge> fn f(x) {\n   ...>     x\n   ...> }\nbridge> f(3)\n3"),
            "fn f(x) {\n    x\n}\nf(3)")
    }

    func testTheFirstPromptMayBeMissingAndSpacesAtTheEndsOfLines() {
        XCTAssertEqual(PastedText.withoutPrompts("fn f() {\n   ...> 1\n   ...>\n   ...> }\n5"), "fn f() {\n1\n\n}")
    }

    func testResultsWithTheirNumbersShowThatTheTextIsASessions() {
        for (pasted, typed) in [
            ("bridge> 1 + 1\nout[1]: 2\nbridge> x = 3", "1 + 1\nx = 3"),
            ("1 + 1\nout[12]: 2\nbridge> x = 3", "1 + 1\nx = 3"),
            ("name  size\na     3\nbridge> 2 + 2\nout[2]:\n4", "2 + 2"),
            ("x = 3\nbridge> x\nout[2]: 3", "x = 3\nx"), ("x = 3\nbridge> y = 4", "x = 3\ny = 4"),
            ("out[2]: 4\nbridge> 5\nout[3]: 5", "5"), ("out[3]: 5", "out[3]: 5"), ("out[3] + 1", "out[3] + 1"),
        ] { XCTAssertEqual(PastedText.withoutPrompts(pasted), typed) }
    }

    func testOtherTextStaysAsItIs() {
        for text in ["x = 1\ny = 2", "", "a\n bridge> b", "\n"] { XCTAssertEqual(PastedText.withoutPrompts(text), text) }
    }
}
