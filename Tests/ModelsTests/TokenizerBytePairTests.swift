import JSON
import Models
import Randomness
import XCTest

final class TokenizerBytePairTests: XCTestCase {
    /// Merges as their definition has it: again and again the leftmost pair of the lowest rank.
    private func naiveTokens(_ text: String, merges: [String]) -> [String] {
        var symbols = text.utf8.map { GGUFBuilder.spelling($0) }
        let ranks = Dictionary(uniqueKeysWithValues: merges.enumerated().map { ($1, $0) })
        while true {
            let candidates = symbols.indices.dropLast().compactMap { i in
                ranks["\(symbols[i]) \(symbols[i + 1])"].map { (rank: $0, place: i) }
            }
            guard let best = candidates.min(by: { ($0.rank, $0.place) < ($1.rank, $1.place) }) else { return symbols }
            symbols[best.place] += symbols.remove(at: best.place + 1)
        }
    }

    func testMergingIsThatOfTheDefinition() throws {
        let merges = ["a b", "b a", "ab ab", "c c", "ab a", "cc ab", "a a", "aa aa", "b b", "abab abab", "bb c", "c a"]
        var builder = GGUFBuilder()
        builder.setVocabulary(merges: merges)
        let tokenizer = try BytePairTokenizer(builder.file())
        var stream = RandomStream(seed: 4, purpose: .data)
        for round in 0..<500 {
            let length = Int.random(in: 1...(round < 480 ? 24 : 400), using: &stream)
            let word = String((0..<length).map { _ in ["a", "b", "c"].randomElement(using: &stream)! as Character })
            let spelled = try tokenizer.encode(word).map { tokenizer.spelling(of: $0) }
            XCTAssertEqual(spelled, naiveTokens(word, merges: merges), word)
        }
    }

    /// Vocabularies that were not trained may have a merge that goes before the one that makes its half.
    func testMergesThatGoBeforeWhatMakesTheirHalvesAreThoseOfTheDefinition() throws {
        var stream = RandomStream(seed: 5, purpose: .data)
        for _ in 0..<40 {
            var merges: [String] = [], tokens = ["a", "b"]
            while merges.count < 10 {
                let pair = (tokens.randomElement(using: &stream)!, tokens.randomElement(using: &stream)!)
                if merges.contains("\(pair.0) \(pair.1)") || tokens.contains(pair.0 + pair.1) { continue }
                merges.append("\(pair.0) \(pair.1)")
                tokens.append(pair.0 + pair.1)
            }
            merges.shuffle(using: &stream)
            var builder = GGUFBuilder()
            builder.setVocabulary(merges: merges)
            let tokenizer = try BytePairTokenizer(builder.file())
            for length in [5, 17, 60, 300] {
                let word = String((0..<length).map { _ in ["a", "b"].randomElement(using: &stream)! as Character })
                let spelled = try tokenizer.encode(word).map { tokenizer.spelling(of: $0) }
                XCTAssertEqual(spelled, naiveTokens(word, merges: merges), "\(merges) \(word)")
            }
        }
    }

    func testAWordOfAMillionLettersIsMergedWhole() throws {
        var merges: [String] = []
        var half = "a"
        for _ in 0..<10 {
            merges.append("\(half) \(half)")
            half += half
        }
        var builder = GGUFBuilder()
        builder.setVocabulary(merges: merges)
        let tokenizer = try BytePairTokenizer(builder.file())
        let tokens = try tokenizer.encode(String(repeating: "a", count: 1 << 20))
        XCTAssertEqual(tokens.count, 1 << 10)
        XCTAssertEqual(Set(tokens).count, 1)
    }

    func testSpecialTokensAreRecognisedOnlyWhenAsked() throws {
        var builder = GGUFBuilder()
        builder.setVocabulary(merges: [])
        let tokenizer = try BytePairTokenizer(builder.file())
        XCTAssertEqual(try tokenizer.encode("a<|end|>"), [98, 0])
        let plain = try tokenizer.encode("a<|end|>", parsingSpecialTokens: false)
        XCTAssertEqual(plain, "a<|end|>".utf8.map { Int32($0) + 1 })
        XCTAssertEqual(tokenizer.decode(plain), "a<|end|>")
        XCTAssertEqual(tokenizer.decode([98, 0]), "a")
        XCTAssertEqual(tokenizer.spelling(of: 0), "<|end|>")
        XCTAssertEqual(tokenizer.bytes(of: 257), [])
        XCTAssertEqual(tokenizer.bytes(of: -1), [])
    }

    // MARK: tokenizer.json

    private func description(
        added: JSONValue = [], normalizer: JSONValue = nil,
        preTokenizer: JSONValue = ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
        merges: JSONValue = ["a b"], ignoresMerges: Bool = false, processor: JSONValue = nil
    ) -> JSONValue {
        let vocabulary = ["a", "b", "c", "ab", "abc", "Ġ", "Ã", "¥", "Ì", "Ĭ"]
        let ids = JSONObject(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, JSONValue.int($0)) })
        return [
            "added_tokens": added, "normalizer": normalizer, "pre_tokenizer": preTokenizer, "post_processor": processor,
            "decoder": ["type": "ByteLevel"],
            "model": ["type": "BPE", "vocab": .object(ids), "merges": merges, "ignore_merges": .bool(ignoresMerges)],
        ]
    }

    private static let qwen2Expression =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"#
        + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private func tokenizer(_ json: JSONValue) throws -> BytePairTokenizer {
        try BytePairTokenizer(json: json, source: "tokenizer.json")
    }

    func testTheLongestAddedTokenWinsAndMayTakeInWhitespace() throws {
        let tokenizer = try tokenizer(
            description(added: [
                ["id": 10, "content": "<x>", "special": true], ["id": 11, "content": "<x><x>", "special": true],
                ["id": 12, "content": "<y>", "special": false, "lstrip": true, "rstrip": true],
                ["id": 13, "content": "ca", "special": false, "single_word": true],
            ]))
        XCTAssertEqual(try tokenizer.encode("<x>"), [10])
        XCTAssertEqual(try tokenizer.encode("<x><x><x>"), [11, 10])
        XCTAssertEqual(try tokenizer.encode("a  <y>  b"), [0, 12, 1])
        XCTAssertEqual(try tokenizer.encode("ca cab"), [13, 5, 2, 3])
        XCTAssertEqual(tokenizer.decode([10, 12]), "<y>")
    }

    func testAmongManyAddedTokensTheRightOneIsFound() throws {
        let contents = ["<", "<|", "<|a|>", "<|a|>b", "<|b|>", "<é>"] + (0..<250).map { "<|special_\($0)|>" }
        let added = contents.enumerated().map { index, content -> JSONValue in
            ["id": .int(10 + index), "content": .string(content), "special": true, "single_word": .bool(index == 3)]
        }
        let tokenizer = try tokenizer(description(added: .array(added)))
        let text = "<<|<|a|>c<|special_2|><|special_249|><|special_2|>"
        XCTAssertEqual(try tokenizer.encode(text), [10, 11, 12, 2, 18, 265, 18])
        // A word only where no letter touches it; else the shorter one.
        XCTAssertEqual(try tokenizer.encode("<|a|>bb<|a|>b <|a|>b"), [12, 1, 1, 12, 1, 5, 13])
        XCTAssertEqual(try tokenizer.encode("<é><|b"), [15, 11, 1])
    }

    func testComposedFormIsUsedWhereTheFileAsksForIt() throws {
        // A decomposed å: with NFC it is the one character C3 A5, without it an a and the ring CC 8A.
        XCTAssertEqual(try tokenizer(description(normalizer: ["type": "NFC"])).encode("a\u{30A}"), [6, 7])
        XCTAssertEqual(try tokenizer(description()).encode("a\u{30A}"), [0, 8, 9])
    }

    func testWholePiecesGoBeforeMergesWhereTheFileAsksForIt() throws {
        XCTAssertEqual(try tokenizer(description(ignoresMerges: true)).encode("abc"), [4])
        XCTAssertEqual(try tokenizer(description()).encode("abc"), [3, 2])
    }

    func testMergesMayBeTextOrPairs() throws {
        XCTAssertEqual(try tokenizer(description(merges: [["a", "b"]])).encode("abab"), [3, 3])
        assertModelError("not a pair") { try tokenizer(description(merges: [["a"]])) }
        assertModelError("not a pair") { try tokenizer(description(merges: ["a  b"])) }
    }

    func testTheTokenBeforeEveryTextComesFromThePostProcessor() throws {
        let single: JSONValue = [
            ["SpecialToken": ["id": "<b>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ]
        let json = description(
            added: [["id": 10, "content": "<b>", "special": true]],
            processor: ["type": "Sequence", "processors": [["type": "TemplateProcessing", "single": single]]])
        let tokenizer = try tokenizer(json)
        XCTAssertEqual(tokenizer.beginOfText, 10)
        XCTAssertEqual(try tokenizer.encode("a"), [0])
        let again = try BytePairTokenizer(json: tokenizer.json(), source: "again")
        XCTAssertEqual(again.beginOfText, 10)
    }

    func testUnknownStepsAreNamed() throws {
        assertModelError("Whitespace") { try tokenizer(description(preTokenizer: ["type": "Whitespace"])) }
        assertModelError("regular expression") {
            try tokenizer(
                description(preTokenizer: [
                    "type": "Sequence",
                    "pretokenizers": [
                        ["type": "Split", "pattern": ["Regex": "."]], ["type": "ByteLevel", "use_regex": false],
                    ],
                ]))
        }
        assertModelError("behavior \"Removed\"") {
            let split: JSONValue = [
                "type": "Split", "pattern": ["Regex": .string(Self.qwen2Expression)], "behavior": "Removed",
            ]
            let steps: JSONValue = [split, ["type": "ByteLevel", "use_regex": false]]
            return try tokenizer(description(preTokenizer: ["type": "Sequence", "pretokenizers": steps]))
        }
        for (option, value) in [
            ("end_of_word_suffix", "</w>" as JSONValue), ("continuing_subword_prefix", "##"), ("dropout", 0.1),
        ] {
            var members = try XCTUnwrap(description().object)
            var model = try XCTUnwrap(members["model"]?.object)
            model[option] = value
            members["model"] = .object(model)
            assertModelError(option) { try tokenizer(.object(members)) }
        }
        assertModelError("has the id 1 of the token \"b\"") {
            try tokenizer(description(added: [["id": 1, "content": "<z>"]]))
        }
        assertModelError("Lowercase") { try tokenizer(description(normalizer: ["type": "Lowercase"])) }
        assertModelError("no model") { try tokenizer(["model": ["type": "BPE"]]) }
        assertModelError("no sound id") {
            try tokenizer(description(added: [["id": 2_000_000_000, "content": "<z>"]]))
        }
    }
}
