import Models
import XCTest

final class CharacterTokenizerTests: XCTestCase {
    private let tokenizer = CharacterTokenizer()

    func testEveryCharacterOfTheVocabularyComesBack() throws {
        let text = String(decoding: [10] + Array(UInt8(32)...126), as: UTF8.self)
        let tokens = try tokenizer.encode(text)
        XCTAssertEqual(tokens, Array(1...96))
        XCTAssertEqual(tokenizer.decode(tokens), text)
        XCTAssertEqual(tokenizer.decode([0, 2, 0]), " ")
        XCTAssertEqual(tokenizer.spelling(of: 0), "<end>")
    }

    func testOtherCharactersAreNamedInTheError() {
        for (text, code) in [("naïve", "U+EF"), ("a\tb", "U+9"), ("\u{1F600}", "U+1F600")] {
            XCTAssertThrowsError(try tokenizer.encode(text)) { XCTAssertTrue("\($0)".contains(code), "\($0)") }
        }
    }

    /// A tokenizer of single bytes, to cut characters into pieces.
    private struct ByteTokenizer: Tokenizer {
        var vocabularySize: Int { 256 }
        var stopTokens: [Int32] { [] }
        func encode(_ text: String, parsingSpecialTokens: Bool) throws -> [Int32] { text.utf8.map(Int32.init) }
        func bytes(of token: Int32) -> [UInt8] { [UInt8(token)] }
    }

    func testStreamingHoldsBackIncompleteCharacters() throws {
        let text = "aé€😀z", bytes = ByteTokenizer()
        var decoder = StreamingDecoder(bytes)
        let pieces = try bytes.encode(text).map { decoder.append($0) }
        XCTAssertEqual(pieces, ["a", "", "é", "", "", "€", "", "", "", "😀", "z"])
        XCTAssertEqual(decoder.finish(), "")
        // A character that never ends, and bytes that begin none.
        XCTAssertEqual(decoder.append(0xE2), "")
        XCTAssertEqual(decoder.append(0x82), "")
        XCTAssertEqual(decoder.finish(), "\u{FFFD}")
        XCTAssertEqual(decoder.append(0x82), "\u{FFFD}")
    }
}
