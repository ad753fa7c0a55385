import Models
import Tasks

extension LanguageModel {
    /// What the model is given for a problem: the question as a user's message where the model has a chat template that
    /// is known here, else the plain prompt.
    public func promptTokens(_ problem: Problem) throws -> [Int32] {
        let begin = tokenizer.beginOfText.map { [$0] } ?? []
        guard let template = chatTemplate.flatMap(ChatTemplate.init(recognising:)) else {
            return begin + (try tokenizer.encode(problem.prompt, parsingSpecialTokens: false))
        }
        let text = try template.render([ChatMessage(role: "user", content: problem.question)])
        return begin + (try tokenizer.encode(text, parsingSpecialTokens: true))
    }
}
