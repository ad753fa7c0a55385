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

    func testOtherTextStaysAsItIs() {
        for text in ["x = 1\ny = 2", "", "a\nbridge> b", "\n"] { XCTAssertEqual(PastedText.withoutPrompts(text), text) }
    }
}
