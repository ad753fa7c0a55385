import Foundation
import Models
import Randomness
import XCTest

/// Unicode's composed form, which Qwen2's tokeniser wants, piece by piece: against Foundation's of whole texts.
final class CharacterCompositionTests: XCTestCase {
    private func tokenizer() throws -> any Tokenizer {
        try TokenizerDocument(path: ModelFilesFixture.path("families/qwen2-tokenizer.json")).tokenizer()
    }

    private func assertComposed(
        _ scalars: [Unicode.Scalar], _ tokenizer: any Tokenizer, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let text = String(String.UnicodeScalarView(scalars))
        let composed = text.precomposedStringWithCanonicalMapping
        let found = try tokenizer.encode(text), expected = try tokenizer.encode(composed)
        XCTAssertTrue(found == expected, "\(scalars.map { String($0.value, radix: 16) })", file: file, line: line)
    }

    private func isOld(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.age.map { $0.major <= 9 } ?? false }

    func testCharactersThatLibrariesMistake() throws {
        let tokenizer = try tokenizer()
        // U+10041 is no A, and what 𑂙 (U+11099) and 𑂺 (U+110BA) make is 𑂚 (U+1109A).
        for (text, composed) in [
            ("\u{10041}\u{301}", "\u{10041}\u{301}"), ("\u{11099}\u{110BA}", "\u{1109A}"),
            ("\u{1D15E}", "\u{1D157}\u{1D165}"), ("\u{2F800}", "\u{4E3D}"),
            ("\u{F73}\u{F73}", "\u{F71}\u{F71}\u{F72}\u{F72}"),
        ] {
            let found = tokenizer.decode(try tokenizer.encode(text))
            XCTAssertEqual(Array(found.unicodeScalars), Array(composed.unicodeScalars))
        }
    }

    /// The tables of `tokenizers` are those of Unicode 9.0.
    func testMarksThatCameAfterUnicodeNineStayWhereTheyAre() throws {
        let tokenizer = try tokenizer()
        for mark in ["\u{D3C}", "\u{1DF9}", "\u{8CA}", "\u{1E130}", "\u{1715}"] {
            // A mark of a class below that of the one before it would change places with it.
            for text in ["q\u{301}\(mark)", "q\(mark)\u{327}", "\(mark)", "a\(mark)\u{301}"] {
                let found = tokenizer.decode(try tokenizer.encode(text))
                XCTAssertEqual(Array(found.unicodeScalars), Array(text.unicodeScalars))
            }
        }
        let found = tokenizer.decode(try tokenizer.encode("\u{D3C}a\u{301}"))
        XCTAssertEqual(Array(found.unicodeScalars), ["\u{D3C}", "\u{E1}"])
    }

    func testEveryCharacterBesideOthersThatMayComposeWithIt() throws {
        let tokenizer = try tokenizer()
        // Foundation takes characters beyond the basic plane for others, and is no oracle for them.
        let scalars = (0x80..<0x1_0000).compactMap { Unicode.Scalar(UInt32($0)) }
        for scalar in scalars where isOld(scalar) {
            try assertComposed(["a", scalar, "\u{301}", scalar, "\u{327}", "\u{301}"], tokenizer)
        }
    }

    func testRandomTexts() throws {
        let tokenizer = try tokenizer()
        let pool =
            "aeÅ 한\u{1100}\u{1161}\u{11A8}가日か\u{3099}я\u{306}α\u{301}\u{327}\u{30A}\u{323}"
            + "क\u{93C}\u{212B}\u{F900}😀.\n"
        let scalars = Array(pool.unicodeScalars)
        var stream = RandomStream(seed: 3, purpose: .data)
        for _ in 0..<2_000 {
            let length = Int.random(in: 1...300, using: &stream)
            try assertComposed((0..<length).map { _ in scalars.randomElement(using: &stream)! }, tokenizer)
        }
    }
}
