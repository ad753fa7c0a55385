import JSON
import Models
import XCTest

/// SmolLM2's own vocabulary, against Hugging Face `tokenizers`.
final class TokenizerSmolLM2Tests: XCTestCase {
    private func assertAgrees(_ tokenizer: BytePairTokenizer) throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("smollm2-tokens.json").array)
        XCTAssertGreaterThan(cases.count, 150)
        for example in cases {
            let text = try XCTUnwrap(example["text"]?.string)
            let expected = try XCTUnwrap(example["ids"]?.array).compactMap(\.int).map(Int32.init)
            let tokens = try tokenizer.encode(text)
            XCTAssertEqual(tokens, expected, text.debugDescription)
            XCTAssertEqual(tokenizer.decode(expected), example["decoded"]?.string, text.debugDescription)
            // The cache of the first pass must not change the second.
            XCTAssertEqual(try tokenizer.encode(text), expected)
        }
    }

    func testTokensAreThoseOfHuggingFace() throws {
        let tokenizer = try BytePairTokenizer(ModelFilesFixture.smollm2())
        XCTAssertEqual(tokenizer.vocabularySize, 49_152)
        XCTAssertEqual(tokenizer.stopTokens, [2, 0])
        XCTAssertNil(tokenizer.beginOfText)
        try assertAgrees(tokenizer)
    }

    func testTokensAreTheSameThroughTokenizerJSON() throws {
        let json = try BytePairTokenizer(ModelFilesFixture.smollm2()).json()
        let read = try JSONValue(parsing: json.text())
        XCTAssertEqual(read, json)
        try assertAgrees(BytePairTokenizer(json: read, source: "tokenizer.json"))
    }

    func testStreamedTextIsTheWholeTextAndHoldsNoHalfCharacters() throws {
        let tokenizer = try BytePairTokenizer(ModelFilesFixture.smollm2())
        let text = "Emoji 👨‍👩‍👧‍👦, 日本語のテキスト and Ünïcödé. 🎉"
        var decoder = StreamingDecoder(tokenizer)
        let parts = try tokenizer.encode(text).map { decoder.append($0) }
        XCTAssertEqual(parts.joined() + decoder.finish(), text)
        XCTAssertFalse(parts.joined().contains("\u{FFFD}"))
    }
}
