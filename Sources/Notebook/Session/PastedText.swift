/// Text that comes from the clipboard.
package enum PastedText {
    /// Text copied from a session: the prompts are taken off and the output between them is dropped. Other text stays as
    /// it is.
    package static func withoutPrompts(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix(Prompt.firstPrompt) else { return text }
        let typed = lines.compactMap { line in
            for prompt in [Prompt.firstPrompt, Prompt.nextPrompt] where line.hasPrefix(prompt) {
                return line.dropFirst(prompt.count)
            }
            return nil
        }
        return typed.joined(separator: "\n")
    }
}
