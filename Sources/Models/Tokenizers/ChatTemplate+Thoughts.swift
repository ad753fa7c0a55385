/// Answers with thoughts in them: `<think>...</think>` before what is meant to be read.
extension ChatTemplate {
    private static let end = "</think>"

    /// What follows the last end of thoughts.
    static func afterThoughts(_ answer: String) -> String {
        var rest = answer[...]
        while let found = rest.firstRange(of: end) { rest = rest[found.upperBound...] }
        return String(rest)
    }

    /// Qwen3's messages: answers after the last question keep their thoughts, those before it lose them.
    static func qwen3(_ messages: [ChatMessage]) -> String {
        let lastQuestion = messages.lastIndex { $0.role == "user" } ?? messages.count - 1
        return messages.enumerated().map { index, message in
            var content = message.content
            if message.role == "assistant" {
                let thoughts = thoughts(in: content)
                if thoughts != nil { content = withoutLineBreaks(afterThoughts(content), atEnd: false) }
                if index > lastQuestion, index == messages.count - 1 || thoughts.map({ !$0.isEmpty }) ?? false {
                    let whole = withoutLineBreaks(thoughts ?? "", atEnd: true)
                    content = "<think>\n\(whole)\n</think>\n\n" + withoutLineBreaks(content, atEnd: false)
                }
            }
            return "<|im_start|>\(message.role)\n\(content)<|im_end|>\n"
        }.joined()
    }

    /// What stands between the marks of thoughts; nil without an end mark.
    private static func thoughts(in answer: String) -> String? {
        guard let found = answer.firstRange(of: end) else { return nil }
        var rest = Substring(withoutLineBreaks(String(answer[..<found.lowerBound]), atStart: false, atEnd: true))
        while let start = rest.firstRange(of: "<think>") { rest = rest[start.upperBound...] }
        return withoutLineBreaks(String(rest), atEnd: false)
    }

    private static func withoutLineBreaks(_ text: String, atStart: Bool = true, atEnd: Bool) -> String {
        var rest = text.unicodeScalars[...]
        while atStart, rest.first == "\n" { rest.removeFirst() }
        while atEnd, rest.last == "\n" { rest.removeLast() }
        return String(rest)
    }
}
