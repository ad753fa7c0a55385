import Models
import XCTest

final class ChatTemplateTests: XCTestCase {
    /// Against `apply_chat_template` of transformers, for the templates of five model families.
    func testRenderingIsThatOfTheJinjaTemplates() throws {
        let cases = try XCTUnwrap(ModelFilesFixture.json("chats.json").array)
        XCTAssertEqual(Set(cases.compactMap { $0["name"]?.string }).count, 5)
        let beginnings = ["<|begin_of_text|>", "<｜begin▁of▁sentence｜>"]
        for example in cases {
            let name = try XCTUnwrap(example["name"]?.string)
            let template = try XCTUnwrap(ChatTemplate(recognising: XCTUnwrap(example["template"]?.string)), name)
            let messages = try XCTUnwrap(example["messages"]?.array).map { pair in
                ChatMessage(role: try XCTUnwrap(pair.array?[0].string), content: try XCTUnwrap(pair.array?[1].string))
            }
            let found = try template.render(messages, addingGenerationPrompt: example["generation"]?.bool ?? true)
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
