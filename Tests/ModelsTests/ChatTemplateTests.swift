import Models
import XCTest

final class ChatTemplateTests: XCTestCase {
    /// Against `apply_chat_template` of transformers, for the templates of eight model families.
    func testRenderingIsThatOfTheJinjaTemplates() throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("chats.json").array)
        XCTAssertEqual(Set(cases.compactMap { $0["name"]?.string }).count, 8)
        let beginnings = ["<|begin_of_text|>", "<｜begin▁of▁sentence｜>"]
        for example in cases {
            let name = try XCTUnwrap(example["name"]?.string)
            let template = try XCTUnwrap(ChatTemplate(recognising: XCTUnwrap(example["template"]?.string)), name)
            let messages = try XCTUnwrap(example["messages"]?.array).map { pair in
                ChatMessage(role: try XCTUnwrap(pair.array?[0].string), content: try XCTUnwrap(pair.array?[1].string))
            }
            let found = try template.render(
                messages, addingGenerationPrompt: example["generation"]?.bool ?? true, today: "24 Nov 2026")
            var expected = try XCTUnwrap(example["text"]?.string)
            for beginning in beginnings where expected.hasPrefix(beginning) { expected.removeFirst(beginning.count) }
            XCTAssertEqual(found, expected, name)
        }
    }

    func testTheDefaultSystemMessageOfSmolLM2IsReadFromItsTemplate() throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("chats.json").array)
        let template = try XCTUnwrap(cases.first { $0["name"] == "chatml" }?["template"]?.string)
        XCTAssertEqual(
            ChatTemplate(recognising: template),
            .chatML(defaultSystem: "You are a helpful AI assistant named SmolLM, trained by Hugging Face"))
    }

    func testTheDateOfADatedTemplateIsItsOwnOrThePresentDay() throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("chats.json").array)
        func template(_ name: String) throws -> ChatTemplate? {
            let text = try XCTUnwrap(cases.first { $0["name"]?.string == name }?["template"]?.string)
            return ChatTemplate(recognising: text)
        }
        XCTAssertEqual(try template("llama3.1"), .datedLlama3(date: "26 Jul 2024"))
        XCTAssertEqual(try template("llama3.2"), .datedLlama3(date: nil))
        XCTAssertEqual(try template("qwen3"), .qwen3)
        XCTAssertNotNil(ChatTemplate.today().firstMatch(of: #/^\d\d [A-Z][a-z][a-z] \d{4}$/#))
    }

    func testAnEmptyConversationIsAnError() {
        assertModelError("at least one message") { try ChatTemplate.llama3.render([]) }
    }

    func testAWrongRoleIsNamed() {
        assertModelError("role \"robot\"") {
            try ChatTemplate.chatML(defaultSystem: nil).render([ChatMessage(role: "robot", content: "beep")])
        }
    }

    func testUnknownTemplatesAreNotGuessed() {
        XCTAssertNil(ChatTemplate(recognising: "{{ messages[0]['content'] }}"))
        XCTAssertNil(ChatTemplate(recognising: "[INST] {{ message }} [/INST]"))
    }
}
