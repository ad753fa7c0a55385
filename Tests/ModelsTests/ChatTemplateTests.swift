import JSON
import Models
import XCTest

final class ChatTemplateTests: XCTestCase {
    /// Noon of 24 November 2026 in UTC: the same day nearly everywhere.
    private static let now = 1_795_521_600

    /// Against `apply_chat_template` of transformers, for the templates of model families and one of rare parts.
    func testRenderingIsThatOfTransformers() throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("chats.json").array)
        XCTAssertEqual(Set(cases.compactMap { $0["name"]?.string }).count, 14)
        for example in cases {
            let name = try XCTUnwrap(example["name"]?.string)
            let template = try ChatTemplate(XCTUnwrap(example["template"]?.string))
            let messages = try XCTUnwrap(example["messages"]?.array).map { pair in
                ChatMessage(role: try XCTUnwrap(pair.array?[0].string), content: try XCTUnwrap(pair.array?[1].string))
            }
            func render() throws -> String {
                try template.render(
                    messages, addingGenerationPrompt: example["generation"]?.bool ?? true,
                    specialTokens: [
                        "bos_token": XCTUnwrap(example["bos"]?.string), "eos_token": XCTUnwrap(example["eos"]?.string),
                    ], now: Self.now)
            }
            guard let expected = example["text"]?.string else {
                assertModelError("refuses the conversation") { try render() }
                continue
            }
            let found = try render()
            XCTAssertTrue(found.utf8.elementsEqual(expected.utf8), "\(name): \(found) is not \(expected)")
        }
    }

    private func render(_ template: String, _ content: String = "hi") throws -> String {
        try ChatTemplate(template).render([ChatMessage(role: "user", content: content)])
    }

    func testWhatATemplateHasThatIsNotKnownIsNamedWithItsLine() {
        assertModelError("the filter `tojson` in line 2") { try render("a\n{{ messages | tojson }}") }
        assertModelError("the statement `include`") { try render("{% include 'x' %}") }
        assertModelError("the function `lipsum`") { try render("{{ lipsum() }}") }
        assertModelError("the test `is odd`") { try render("{{ 1 is odd }}") }
        assertModelError("the method `title`") { try render("{{ 'a'.title() }}") }
    }

    func testDamagedTemplatesAreErrors() {
        for template in [
            "{{ 'a", "{{ a", "{% if a %}", "{% endif %}", "{{ }}", "{{ a b }}", "{{ (a }}", "{% for %}",
            "{% for a b %}", "{# a", "{{ [1, }}", "{{ a[ }}", "{{ ? }}", "{% set %}", "{{ 99999999999999999999 }}", "{{ '\\u12' }}",
            "{%",
            "{{ {'a'} }}", "{% for a, b in messages %}{% endfor %}{% for a, b in [1] %}{% endfor %}", "{{ -'a' }}",
        ] { XCTAssertFalse(modelErrorMessage { try render(template) }.isEmpty, template) }
    }

    func testHostileTemplatesEndWithAnErrorBeforeTheyFillTheStackOrTheMemory() {
        assertModelError("levels") { try render("{{ " + String(repeating: "(", count: 100_000) + " }}") }
        assertModelError("levels") { try render("{{ " + String(repeating: "not ", count: 100_000) + "a }}") }
        assertModelError("levels") { try render(String(repeating: "{% if a %}", count: 100_000)) }
        assertModelError("without end") { try render("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}") }
        let doubling = String(repeating: "{% set a = a + a %}", count: 24)
        assertModelError("64 MiB") { try render("{% set a = 'abcdefgh' %}" + doubling + "{{ a }}") }
    }

    func testAnEmptyConversationIsAnError() {
        assertModelError("at least one message") { try ChatTemplate("x").render([]) }
    }

    func testAWrongRoleIsNamed() {
        assertModelError("role \"robot\"") {
            try ChatTemplate("x").render([ChatMessage(role: "robot", content: "beep")])
        }
    }
}
