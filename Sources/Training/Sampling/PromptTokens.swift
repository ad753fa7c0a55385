import Models
import Tasks

extension LanguageModel {
    /// What the model is given for a problem: the question as a user's message where the model has a chat template that
    /// is known here, else the plain prompt.
    public func promptTokens(_ problem: Problem) throws -> [Int32] {
        guard let template = chat else {
            return try tokenizer.encodeFromBeginning(problem.prompt, parsingSpecialTokens: false)
        }
        let text = try template.render([ChatMessage(role: "user", content: problem.question)])
        return try tokenizer.encodeFromBeginning(text)
    }
}
