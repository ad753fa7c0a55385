import Language
import Tasks

/// A task whose problems and verifier are a script's functions.
struct ScriptTask: ReasoningTask {
    let name: String
    let make: (Value, [Value]) throws -> Value
    let makeFunction: Value
    let verifyFunction: Value?

    var parameters: [(name: String, value: String)] { [] }

    func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
        guard index >= 0 else { throw TaskError.negativeIndex(task: name, index: index) }
        let number = split == .training ? 2 * index : 2 * index + 1
        let made = try make(makeFunction, [.int(number)])
        guard let record = made.asRecord else {
            throw RuntimeError("`make` of the task `\(name)` must give a record, not a \(made.typeName)", code: "E203")
        }
        func text(_ field: String) throws -> String {
            guard let value = record[field] else {
                throw RuntimeError("`make` of the task `\(name)` gave a record without the field `\(field)`", code: "E204")
            }
            return Printer.display(value)
        }
        let prompt = try text("prompt"), answer = try text("answer")
        return Problem(
            index: index, split: split, prompt: prompt, question: try record["question"] == nil ? prompt : text("question"),
            answer: answer, solution: try record["solution"] == nil ? answer : text("solution"))
    }

    func answer(in text: String, for problem: Problem) -> String? {
        verifyFunction == nil ? NumberReading.last(in: text) : text
    }

    func verify(_ problem: Problem, _ text: String) throws -> Bool {
        guard let verifyFunction else { return NumberReading.last(in: text) == NumberReading.canonical(problem.answer) }
        let verdict = try make(verifyFunction, [TaskObject.record(problem), .string(text)])
        guard case .bool(let isRight) = verdict else {
            throw RuntimeError("`verify` of the task `\(name)` must give a Bool, not a \(verdict.typeName)", code: "E203")
        }
        return isRight
    }
}
