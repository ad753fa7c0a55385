/// Text that comes from the clipboard.
package enum PastedText {
    /// Text copied from a session: the prompts are taken off and the output between them is dropped. The first line may
    /// have been marked from behind its prompt. Other text stays as it is.
    package static func withoutPrompts(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        // What follows the first line shows whether it was typed.
        let startsBehindPrompt = lines.count > 1 && !isResult(lines[0])
            && (input(lines[1], after: Prompt.nextPrompt) != nil || input(lines[1], after: Prompt.firstPrompt) != nil
                || isResult(lines[1]))
        let isSession = lines.contains { input($0, after: Prompt.firstPrompt) != nil || isResult($0) }
        guard isSession || startsBehindPrompt else { return text }
        let typed = lines.enumerated().compactMap { number, line in
            input(line, after: Prompt.firstPrompt) ?? input(line, after: Prompt.nextPrompt)
                ?? (number == 0 && startsBehindPrompt ? line : nil)
        }
        return typed.isEmpty ? text : typed.joined(separator: "\n")
    }

    /// What was typed after a prompt; terminals leave the space at the end of an empty one out.
    private static func input(_ line: Substring, after prompt: String) -> Substring? {
        if line.hasPrefix(prompt) { return line.dropFirst(prompt.count) }
        return line == prompt.trimmedEnd ? "" : nil
    }

    /// Whether a line begins with the number of a result, as no line of a script does.
    private static func isResult(_ line: Substring) -> Bool {
        let (opening, closing) = Display.resultLabel
        guard line.hasPrefix(opening) else { return false }
        let rest = line.dropFirst(opening.count)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        return !digits.isEmpty && rest.dropFirst(digits.count).hasPrefix(closing)
    }
}
