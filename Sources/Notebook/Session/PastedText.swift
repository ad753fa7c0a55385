/// Text that comes from the clipboard.
package enum PastedText {
    /// Text copied from a session: the prompts are taken off and the output between them is dropped. The first line may
    /// have been marked from behind its prompt. Other text stays as it is.
    package static func withoutPrompts(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let startsBehindPrompt = lines.count > 1 && input(lines[1], after: Prompt.nextPrompt) != nil
        guard input(lines[0], after: Prompt.firstPrompt) != nil || startsBehindPrompt else { return text }
        let typed = lines.enumerated().compactMap { number, line in
            input(line, after: Prompt.firstPrompt) ?? input(line, after: Prompt.nextPrompt)
                ?? (number == 0 ? line : nil)
        }
        return typed.joined(separator: "\n")
    }

    /// What was typed after a prompt; terminals leave the space at the end of an empty one out.
    private static func input(_ line: Substring, after prompt: String) -> Substring? {
        if line.hasPrefix(prompt) { return line.dropFirst(prompt.count) }
        return line == prompt.trimmedEnd ? "" : nil
    }
}
