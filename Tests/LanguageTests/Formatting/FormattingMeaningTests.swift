import Foundation
import Language
import TestSupport
import XCTest

/// Laying out changes no meaning, and a second time changes nothing.
final class FormattingMeaningTests: XCTestCase {
    private var scripts: [GoldenScript] {
        get throws {
            try GoldenScript.all { _ in true }.filter { script in
                (try? SourceOutline(Source(name: script.name, text: script.text))) != nil
            }
        }
    }

    private func code(_ text: String, _ script: GoldenScript) -> String {
        Disassembler.disassemble(Source(name: script.name, text: text, path: script.path))
    }

    func testGoldenScriptsKeepTheirMeaningAtEveryWidth() throws {
        var compiled = 0
        for script in try scripts {
            let before = try SourceOutline(Source(name: script.name, text: script.text))
            let code = code(script.text, script)
            compiled += code.isEmpty ? 0 : 1
            for width in [100, 70, 40, 20, 1] {
                let once = try SourceFormatter.format(Source(name: script.name, text: script.text), lineWidth: width)
                let twice = try SourceFormatter.format(Source(name: script.name, text: once), lineWidth: width)
                XCTAssertEqual(twice, once, "\(script.name) at \(width)")
                XCTAssertEqual(self.code(once, script), code, "\(script.name) at \(width)")
                XCTAssertTrue(try SourceOutline(Source(name: script.name, text: once)).agrees(with: before))
            }
        }
        XCTAssertGreaterThan(compiled, 15)
    }

    func testScriptsWithOtherSpacesKeepTheirMeaning() throws {
        var random = SplitMix(state: 20_26)
        for script in try scripts {
            let before = try SourceOutline(Source(name: script.name, text: script.text))
            let code = code(script.text, script)
            for round in 0..<12 {
                let mangled = MangledScript.text(of: script.text, outline: before, random: &random)
                let source = Source(name: script.name, text: mangled)
                let width = [100, 60, 20][round % 3]
                let once = try SourceFormatter.format(source, lineWidth: width)
                let twice = try SourceFormatter.format(Source(name: script.name, text: once), lineWidth: width)
                XCTAssertEqual(twice, once, "\(script.name) from\n\(mangled)")
                XCTAssertEqual(self.code(once, script), code, "\(script.name) from\n\(mangled)")
                XCTAssertTrue(
                    try SourceOutline(Source(name: script.name, text: once)).agrees(with: SourceOutline(source)))
            }
        }
    }
}
