import Models
import XCTest

final class TokenizerPiecesTests: XCTestCase {
    /// Against the regular expressions in Hugging Face `tokenizers`, on texts that were chosen to be awkward.
    func testPiecesAreThoseOfTheRegularExpressions() throws {
        let fixture = try ModelFilesFixture.json("pieces.json")
        let texts = try XCTUnwrap(fixture["texts"]?.array?.compactMap(\.string))
        XCTAssertGreaterThan(texts.count, 150)
        for preTokenizer in PreTokenizer.allCases {
            let expected = try XCTUnwrap(fixture["lengths"]?[preTokenizer.rawValue]?.array)
            XCTAssertEqual(expected.count, texts.count)
            for (text, lengths) in zip(texts, expected) {
                let pieces = preTokenizer.pieces(of: text)
                XCTAssertEqual(pieces.joined().unicodeScalars.elementsEqual(text.unicodeScalars), true)
                XCTAssertEqual(
                    pieces.map(\.unicodeScalars.count), lengths.array?.compactMap(\.int),
                    "\(preTokenizer) on \(text.debugDescription): \(pieces)")
            }
        }
    }

    func testThePiecesOfALongTextAreAllOfIt() {
        let text = String(repeating: "It's 12  o'clock,\r\n\n naïve 日本語 👍🏽\t!\n", count: 200)
        for preTokenizer in PreTokenizer.allCases {
            XCTAssertEqual(preTokenizer.pieces(of: text).joined(), text)
        }
    }
}
