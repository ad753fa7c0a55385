/// A message of a conversation.
public struct ChatMessage: Equatable, Sendable {
    public let role: String
    public let content: String

    /// - Parameter role: "system", "user" or "assistant"; rendering refuses any other.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }
}

/// How a model's makers write a conversation as text. Files carry a Jinja template for it; these are the families known
/// here, recognised by the template's text, and they render what the template renders for plain messages.
public enum ChatTemplate: Equatable, Sendable {
    /// `<|im_start|>role\ncontent<|im_end|>\n`, as in SmolLM2 and Qwen.
    /// - defaultSystem: the system message where a conversation has none of its own.
    case chatML(defaultSystem: String?)
    /// As ChatML; an earlier answer loses its thoughts, and the last one keeps them in a `<think>` block (Qwen3).
    case qwen3
    /// `<|start_header_id|>role<|end_header_id|>\n\ncontent<|eot_id|>`; the content is trimmed.
    case llama3
    /// As Llama 3, with two lines about dates at the head of the system message, which is always there (Llama 3.1 and
    /// later).
    /// - date: the day of "Today Date" where the template names one; nil where it takes the present day.
    case datedLlama3(date: String?)
    /// `<｜User｜>content<｜Assistant｜>content<｜end▁of▁sentence｜>`.
    /// - thinks: whether the answer starts with `<think>`.
    case deepSeek(thinks: Bool)

    /// Recognises the family of a Jinja template; nil when it is none of those known.
    public init?(recognising template: String) {
        if template.contains("<|start_header_id|>") {
            self =
                template.contains("Cutting Knowledge Date")
                ? .datedLlama3(date: ChatTemplate.date(in: template)) : .llama3
        } else if template.contains("<|im_start|>") {
            self =
                template.contains("</think>")
                ? .qwen3 : .chatML(defaultSystem: ChatTemplate.defaultSystem(in: template))
        } else if template.contains("<｜Assistant｜>") {
            self = .deepSeek(thinks: template.contains("<｜Assistant｜><think>"))
        } else {
            return nil
        }
    }

    /// The conversation as text, with the spelling of special tokens in it. The token before every text (`beginOfText`)
    /// is not in it.
    /// - Parameters:
    ///   - addingGenerationPrompt: whether the text ends with the head of the assistant's next message.
    ///   - today: the present day as templates write it, "24 Nov 2026"; only dated ones ask for it.
    /// - Throws: `ModelError` for no messages, or a role that is not "system", "user" or "assistant".
    public func render(
        _ messages: [ChatMessage], addingGenerationPrompt: Bool = true, today: String = ChatTemplate.today()
    ) throws -> String {
        guard !messages.isEmpty else { throw ModelError("a conversation needs at least one message") }
        for message in messages where !["system", "user", "assistant"].contains(message.role) {
            throw ModelError(
                "a message has the role \(quoted(message.role)); roles are \"system\", \"user\" and \"assistant\"")
        }
        switch self {
        case .chatML(let defaultSystem):
            return ChatTemplate.chatML(messages, defaultSystem)
                + (addingGenerationPrompt ? "<|im_start|>assistant\n" : "")
        case .qwen3:
            return ChatTemplate.qwen3(messages) + (addingGenerationPrompt ? "<|im_start|>assistant\n" : "")
        case .datedLlama3(let date):
            return ChatTemplate.datedLlama3(messages, date ?? today)
                + (addingGenerationPrompt ? ChatTemplate.llama3Head("assistant") : "")
        case .llama3:
            return messages.map(ChatTemplate.llama3).joined()
                + (addingGenerationPrompt ? ChatTemplate.llama3Head("assistant") : "")
        case .deepSeek(let thinks):
            return ChatTemplate.deepSeek(messages)
                + (addingGenerationPrompt ? "<｜Assistant｜>" + (thinks ? "<think>\n" : "") : "")
        }
    }

    private static func chatML(_ messages: [ChatMessage], _ defaultSystem: String?) -> String {
        var messages = messages
        if let defaultSystem, let first = messages.first, first.role != "system" {
            messages.insert(ChatMessage(role: "system", content: defaultSystem), at: 0)
        }
        return messages.map { "<|im_start|>\($0.role)\n\($0.content)<|im_end|>\n" }.joined()
    }

    static func llama3(_ message: ChatMessage) -> String {
        llama3Head(message.role) + trimmed(message.content) + "<|eot_id|>"
    }

    static func llama3Head(_ role: String) -> String { "<|start_header_id|>\(role)<|end_header_id|>\n\n" }

    /// The last system message leads, wherever it stood; an earlier answer loses its thoughts.
    private static func deepSeek(_ messages: [ChatMessage]) -> String {
        let system = messages.last { $0.role == "system" }?.content ?? ""
        return system
            + messages.map { message in
                switch message.role {
                case "user": "<｜User｜>\(message.content)"
                case "assistant": "<｜Assistant｜>\(afterThoughts(message.content))<｜end▁of▁sentence｜>"
                default: ""
                }
            }.joined()
    }

    /// The literal system message that a ChatML template puts in where there is none: the text between the markers that
    /// stands in one string of the template, rather than being put together from the messages.
    private static func defaultSystem(in template: String) -> String? {
        var rest = template[...]
        while let head = rest.firstRange(of: "<|im_start|>system") {
            rest = rest[head.upperBound...]
            for lineBreak in ["\n", "\\n"] where rest.hasPrefix(lineBreak) {
                let text = rest.dropFirst(lineBreak.count)
                guard let end = text.firstRange(of: "<|im_end|>") else { continue }
                let message = text[..<end.lowerBound]
                if !message.contains(where: { "'\"{}".contains($0) }) { return String(message) }
            }
        }
        return nil
    }
}

/// Without the white space at both ends.
func trimmed(_ text: String) -> String {
    let isSpace = { (character: Character) in character.isWhitespace }
    guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
    else {
        return ""
    }
    return String(text[first...last])
}
