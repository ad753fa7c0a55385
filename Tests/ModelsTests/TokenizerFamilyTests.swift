import Foundation
import JSON
import Models
import XCTest

/// Tokenisers of every kind on awkward text, against Hugging Face `tokenizers` and the SentencePiece library
/// (`scripts/dev/make-family-fixtures.py`).
final class TokenizerFamilyTests: XCTestCase {
    private static let names = ["gpt2", "llama3", "qwen2", "llama2-prepend", "llama2-first", "llama2-always"]

    private func tokenizer(_ name: String) throws -> any Tokenizer {
        try TokenizerDocument(path: ModelFilesFixture.path("families/\(name)-tokenizer.json")).tokenizer()
    }

    private func ggufTokenizer() throws -> any Tokenizer {
        try GGUFFile(path: ModelFilesFixture.path("families/sentencepiece.gguf")).tokenizer()
    }

    /// The same tokeniser, written and read again.
    private func saved(_ tokenizer: any Tokenizer, _ path: String) throws -> any Tokenizer {
        let text = try XCTUnwrap(tokenizer as? any SavedTokenizer).jsonText()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try TokenizerDocument(path: path).tokenizer()
    }

    /// The line of about a megabyte that the script makes.
    private func longLine(_ texts: [String]) -> String {
        var state: UInt64 = 1, parts: [String] = [], size = 0
        while size < 1_000_000 {
            state = (state &* 1_103_515_245 &+ 12_345) % (1 << 31)
            let text = texts[Int(state >> 8) % texts.count]
            let part = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" && $0 != "\n" }))
            parts.append(part)
            size += part.utf8.count + 1
        }
        return parts.joined(separator: " ")
    }

    private func digest(_ tokens: [Int32]) -> String {
        let start: UInt64 = 0xCBF2_9CE4_8422_2325
        return "\(tokens.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 })"
    }

    private func assertAgrees(_ tokenizer: any Tokenizer, with name: String, special: Bool = true) throws {
        let fixture = try ModelFilesFixture.json("families/\(name)-tokens.json")
        let cases = try XCTUnwrap(fixture["cases"]?.array)
        XCTAssertGreaterThan(cases.count, 150)
        for example in cases {
            let text = try XCTUnwrap(example["text"]?.string)
            let expected = try XCTUnwrap(example["ids"]?.array).compactMap(\.int).map(Int32.init)
            let found = try tokenizer.encode(text, parsingSpecialTokens: special)
            XCTAssertEqual(found, expected, "\(name): \(text.debugDescription)")
            let decoded = try tokenizer.decodeFromBeginning(expected)
            XCTAssertEqual(
                Array(decoded.utf8), Array(try XCTUnwrap(example["decoded"]?.string).utf8), "\(name): \(text)")
        }
        let line = longLine(cases.compactMap { $0["text"]?.string })
        let tokens = try tokenizer.encode(line, parsingSpecialTokens: special)
        XCTAssertEqual(tokens.count, fixture["line"]?["count"]?.int, name)
        XCTAssertEqual(digest(tokens), fixture["line"]?["hash"]?.string, name)
    }

    func testTokensAreThoseOfHuggingFace() throws {
        for name in Self.names { try assertAgrees(tokenizer(name), with: name) }
    }

    func testTokensOfAGGUFVocabularyAreThoseOfSentencePiece() throws {
        let tokenizer = try ggufTokenizer()
        XCTAssertEqual(tokenizer.beginOfText, 1)
        XCTAssertEqual(tokenizer.stopTokens, [2])
        // The library never reads special tokens out of text.
        try assertAgrees(tokenizer, with: "sentencepiece", special: false)
    }

    func testSavedTokenizersAreTheSame() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        for name in Self.names {
            try assertAgrees(saved(tokenizer(name), "\(folder)/\(name).json"), with: name)
        }
        try assertAgrees(saved(ggufTokenizer(), folder + "/gguf.json"), with: "sentencepiece", special: false)
    }

    func testTheFirstSpaceGoesOnlyAtTheBeginningOfAText() throws {
        let tokenizer = try tokenizer("llama2-prepend")
        let tokens = try tokenizer.encode("Hello world")
        XCTAssertEqual(try tokenizer.decodeFromBeginning(tokens), "Hello world")
        XCTAssertEqual(tokenizer.decode(tokens), " Hello world")
        var decoder = StreamingDecoder(tokenizer)
        XCTAssertEqual(tokens.map { decoder.append($0) }.joined() + decoder.finish(), " Hello world")
    }

    func testStreamedBytesBecomeWholeCharacters() throws {
        let text = "Emoji 👨‍👩‍👧‍👦, 日本語のテキスト and Ünïcödé. 🎉"
        for name in Self.names {
            let tokenizer = try tokenizer(name)
            var decoder = StreamingDecoder(tokenizer)
            let parts = try tokenizer.encode(text).map { decoder.append($0) }
            XCTAssertFalse(parts.joined().contains("\u{FFFD}"), name)
            let whole = parts.joined() + decoder.finish()
            XCTAssertTrue(whole == text || whole == " " + text, name)
        }
    }

    /// As the decoder ByteFallback of `tokenizers`: a run of bytes that is no text gives U+FFFD for every byte.
    func testRunsOfByteTokensThatAreNoTextGiveAReplacementForEveryByte() throws {
        let tokenizer = try tokenizer("llama2-prepend")
        let bytes = Dictionary(
            uniqueKeysWithValues: (0..<Int32(tokenizer.vocabularySize)).compactMap { id in
                tokenizer.fallbackByte(of: id).map { ($0, id) }
            })
        let letter = try XCTUnwrap(tokenizer.encode("a").last)
        func decoded(_ values: [UInt8], then rest: [Int32] = []) throws -> String {
            try tokenizer.decode(values.map { try XCTUnwrap(bytes[$0]) } + rest)
        }
        XCTAssertEqual(try decoded([0xE4, 0xBD, 0xA0]), "你")
        XCTAssertEqual(try decoded([0xE4, 0xBD]), "\u{FFFD}\u{FFFD}")
        XCTAssertEqual(try decoded([0xE4, 0xBD, 0xA0, 0xFF]), "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
        XCTAssertEqual(try decoded([0xF0], then: [letter]), "\u{FFFD}" + tokenizer.decode([letter]))
        // Streaming gives the same.
        for values: [UInt8] in [[0xE4, 0xBD, 0xA0], [0xE4, 0xBD], [0xE4, 0xBD, 0xA0, 0xFF, 0x41]] {
            let ids = try values.map { try XCTUnwrap(bytes[$0]) } + [letter]
            var decoder = StreamingDecoder(tokenizer)
            XCTAssertEqual(ids.map { decoder.append($0) }.joined() + decoder.finish(), tokenizer.decode(ids))
        }
    }

    func testIdsThatTheModelHasAndTheVocabularyLacksAddNothing() throws {
        let tokenizer = try tokenizer("qwen2")
        let size = Int32(tokenizer.vocabularySize)
        let text = try tokenizer.encode("ab")
        XCTAssertEqual(try tokenizer.decodeFromBeginning(text + [size, size + 9], modelSize: Int(size) + 10), "ab")
        assertModelError("ids are 0 to \(size + 9)") {
            try tokenizer.decodeFromBeginning([size + 10], modelSize: Int(size) + 10)
        }
    }

    func testIdsOutsideTheVocabularyAreNamed() throws {
        let tokenizer = try tokenizer("qwen2")
        assertModelError("the token 99999") { try tokenizer.decodeFromBeginning([1, 99_999]) }
        assertModelError("the token -1") { try tokenizer.decodeFromBeginning([-1]) }
    }
}
