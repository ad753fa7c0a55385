import Foundation
import Language
import Notebook
import TestSupport
import XCTest

/// What editors know of the language agrees with the language.
final class EditorGrammarTests: XCTestCase {
    private let folder = GoldenScript.folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("scripts/editor")

    private func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    private func object(_ name: String) throws -> [String: Any] {
        try XCTUnwrap(JSONSerialization.jsonObject(with: Data(try text(name).utf8)) as? [String: Any], name)
    }

    // MARK: - Word lists

    private static let words = [
        "control": ["break", "catch", "continue", "else", "for", "if", "no_grad", "return", "try", "while"],
        "word-operator": ["and", "in", "not", "or"], "storage": ["fn"], "import": ["as", "import"],
        "constant": ["false", "nil", "true"],
    ]

    /// The lists by the names of their rules in the TextMate grammar.
    private var lists: [String: [String]] {
        let registry = Library.registry(console: RecordedConsole().console)
        var lists = Self.words
        lists["namespace"] = registry.namespaces
        lists["function"] = registry.globalNames.filter { !registry.namespaces.contains($0) }
        return lists
    }

    func testEveryWordOfTheGrammarHasItsKind() {
        XCTAssertEqual(Self.words.values.flatMap(\.self).sorted(), GrammarWords.all)
    }

    func testTheWordListsOfTheEditorsAreThoseOfTheLanguage() throws {
        let vim = [
            "control": "Control", "word-operator": "OperatorWord", "storage": "Storage", "import": "Import",
            "constant": "Constant",
        ]
        var grammar = try text("bridge.tmLanguage.json")
        var syntax = try text("bridge.vim")
        for (rule, words) in lists {
            grammar = try replace(
                in: grammar, #"("\#(rule)": \{\s+"match": "[^"]*?\(\?:)[^)]*(\))"#, words.joined(separator: "|"))
            if let group = vim[rule] {
                syntax = try replace(in: syntax, "(syntax keyword bridge\(group) ).*()", words.joined(separator: " "))
            } else {
                let group = rule == "namespace" ? "Namespace" : "Function"
                syntax = try replace(
                    in: syntax, #"(syntax match bridge\#(group) .*?\\%\()[^)]*(\\\))"#, words.joined(separator: #"\|"#))
            }
        }
        for (name, wanted) in [("bridge.tmLanguage.json", grammar), ("bridge.vim", syntax)] {
            let found = try text(name)
            if found != wanted, ProcessInfo.processInfo.environment["BRIDGE_RECORD"] != nil {
                try Data(wanted.utf8).write(to: folder.appendingPathComponent(name))
            }
            XCTAssertEqual(found, wanted, "scripts/editor/\(name) is stale: BRIDGE_RECORD=1 writes it anew")
        }
    }

    /// Puts words between the two groups of a pattern, which must be there once.
    private func replace(in text: String, _ pattern: String, _ words: String) throws -> String {
        let expression = try NSRegularExpression(pattern: pattern)
        let range = NSRange(text.startIndex..., in: text)
        XCTAssertEqual(expression.numberOfMatches(in: text, range: range), 1, pattern)
        let template = "$1" + NSRegularExpression.escapedTemplate(for: words) + "$2"
        return expression.stringByReplacingMatches(in: text, range: range, withTemplate: template)
    }

    // MARK: - Files

    func testTheExtensionNamesFilesThatAreThere() throws {
        let contributions = try XCTUnwrap(object("package.json")["contributes"] as? [String: Any])
        let languages = try XCTUnwrap(contributions["languages"] as? [[String: Any]])
        let grammars = try XCTUnwrap(contributions["grammars"] as? [[String: Any]])
        XCTAssertEqual(languages.first?["extensions"] as? [String], [".bridge"])
        XCTAssertEqual(grammars.first?["scopeName"] as? String, try object("bridge.tmLanguage.json")["scopeName"] as? String)
        for path in [languages.first?["configuration"], grammars.first?["path"]] {
            let file = folder.appendingPathComponent(try XCTUnwrap(path as? String)).path
            XCTAssertTrue(FileManager.default.fileExists(atPath: file), file)
        }
    }

    func testEveryPatternIsARegularExpression() throws {
        var count = 0
        func visit(_ value: Any) {
            if let list = value as? [Any] { list.forEach(visit) }
            guard let record = value as? [String: Any] else { return }
            for (key, value) in record {
                let isPattern = ["match", "begin", "end"].contains(key) || key.hasSuffix("Pattern") || key.hasSuffix("Text")
                if isPattern, key != "appendText", let pattern = value as? String {
                    count += 1
                    XCTAssertNoThrow(try NSRegularExpression(pattern: pattern), pattern)
                }
                visit(value)
            }
        }
        visit(try object("bridge.tmLanguage.json"))
        visit(try object("language-configuration.json"))
        XCTAssertGreaterThan(count, 40)
    }

    // MARK: - Lines

    /// The innermost scope of each piece, without `.bridge`.
    private func scopes(_ line: String) throws -> [String] {
        try TextMateLine(grammar: object("bridge.tmLanguage.json")).pieces(of: line).map { "\($0.text) \($0.scope)" }
    }

    private func check(_ line: String, _ wanted: [String], file: StaticString = #filePath, at: UInt = #line) throws {
        let found = try scopes(line)
        for piece in wanted { XCTAssertTrue(found.contains(piece), "\(piece) is not in \(found)", file: file, line: at) }
    }

    func testCellsAndComments() throws {
        try check("# %% A title", ["%% punctuation.definition.heading", " A title entity.name.section"])
        try check("x = 1 # why", ["= keyword.operator.assignment", "1 constant.numeric.integer", " why comment.line.number-sign"])
    }

    func testWordsNamesAndNumbers() throws {
        try check(
            "fn mean_of(xs, digits = 2) { return round(sum(xs), digits) }",
            [
                "fn storage.type.function", "mean_of entity.name.function", "xs variable.parameter",
                "return keyword.control", "round support.function", "2 constant.numeric.integer",
            ])
        try check(
            "net = bridge.attach(base, heads: 4, lr: 1e-3)",
            [
                "bridge support.class.namespace", "attach entity.name.function.member", "heads variable.parameter.named",
                "1e-3 constant.numeric.float",
            ])
        try check("0xff..=10 |> f", ["0xff constant.numeric.integer", "..= keyword.operator.range", "|> keyword.operator.pipe"])
        try check("not nil and mean2(1)", ["not keyword.operator.logical", "nil constant.language", "mean2 entity.name.function.call"])
    }

    func testStringsWithValuesFormatsAndEscapes() throws {
        try check(
            "\"a {e.accuracy:.3f} \\n \\q\" + r'\\n {x}'",
            [
                "{ punctuation.section.interpolation.begin", "accuracy variable.other.member", ":.3f constant.other.format",
                "\\n constant.character.escape", "\\q invalid.illegal.escape", "\\n {x} string.quoted.single.raw",
            ])
        try check(
            "\"{f(\"in\", 1)} {name:>{width}} \\{\" ",
            ["in string.quoted.double", "f entity.name.function.call", "\\{ constant.character.escape", ":> constant.other.format"])
        try check("\"\"\"one \"two\" {x}\"\"\" or 1", ["one \"two\"  string.quoted.triple", "or keyword.operator.logical"])
    }
}
