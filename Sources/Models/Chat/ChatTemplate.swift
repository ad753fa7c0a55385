import Glibc

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

/// How a model's makers write a conversation as text: the Jinja template of its files, rendered as transformers does
/// (`apply_chat_template`). What a template has of Jinja that this program does not know is an error, never a guess.
public struct ChatTemplate {
    private let nodes: [TemplateNode]

    /// - Throws: `ModelError` that names the part of the template that is not known here.
    public init(_ template: String) throws { nodes = try TemplateParser.nodes(of: template) }

    /// The conversation as text, with the spelling of special tokens in it; the token before every text is there where
    /// the template puts it.
    /// - Parameters:
    ///   - addingGenerationPrompt: whether the text ends with the head of the assistant's next message.
    ///   - specialTokens: the spellings of `bos_token`, `eos_token` and others that the template may ask for.
    ///   - now: seconds since 1970, for templates that write the present day, in local time.
    /// - Throws: `ModelError` for no messages, a role that is not "system", "user" or "assistant", what the template
    ///   refuses, and what it needs that is not known here.
    public func render(
        _ messages: [ChatMessage], addingGenerationPrompt: Bool = true, specialTokens: [String: String] = [:],
        now: Int = time(nil)
    ) throws -> String {
        guard !messages.isEmpty else { throw ModelError("a conversation needs at least one message") }
        for message in messages where !["system", "user", "assistant"].contains(message.role) {
            throw ModelError(
                "a message has the role \(quoted(message.role)); roles are \"system\", \"user\" and \"assistant\"")
        }
        var names: [String: TemplateValue] = [
            "bos_token": .string(""), "eos_token": .string(""), "tools": .none, "documents": .none,
            "add_generation_prompt": .bool(addingGenerationPrompt),
            "messages": .list(
                messages.map { .map([("role", .string($0.role)), ("content", .string($0.content))]) }),
        ]
        for (name, spelling) in specialTokens { names[name] = .string(spelling) }
        return try TemplateRun.render(nodes, names, now: now)
    }

    /// A time in local time, by a format of `strftime`.
    static func date(_ format: String, at seconds: Int) -> String {
        var seconds = time_t(seconds), parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return "" }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, $0.count, format, &parts) }
        }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

extension LanguageModel {
    /// The template of conversations; nil for a model whose files hold none.
    /// - Throws: `ModelError` that names the part of the template that is not known here.
    public var chat: ChatTemplate? { get throws { try chatTemplate.map { try ChatTemplate($0) } } }

    /// The tokens of a conversation up to the head of the assistant's next message; nil for a model without a template.
    /// The token before every text is there where the template puts it, as in transformers.
    public func chatTokens(_ messages: [ChatMessage]) throws -> [Int32]? {
        guard let template = try chat else { return nil }
        return try tokenizer.encode(template.render(messages, specialTokens: specialTokens))
    }
}
