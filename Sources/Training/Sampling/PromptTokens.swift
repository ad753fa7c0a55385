import Models
import Tasks

extension LanguageModel {
    /// What the model is given for a problem: the question as a user's message where the model has a chat template,
    /// else the plain prompt.
    /// - Throws: `ModelError` for a template that is not known here.
    public func promptTokens(_ problem: Problem) throws -> [Int32] {
        try chatTokens([ChatMessage(role: "user", content: problem.question)])
            ?? tokenizer.encodeFromBeginning(problem.prompt, parsingSpecialTokens: false)
    }
}
