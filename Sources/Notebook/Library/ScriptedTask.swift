import Language
import Tasks

/// A task whose problems and verifier are a script's functions.
enum ScriptedTask {
    /// - Parameters:
    ///   - make: from a number to a record with `prompt` and `answer`.
    ///   - verify: from that record and a completion to a Bool, or nil to compare answers.
    static func task(named name: String, make: Value, verify: Value, interpreter: Interpreter) -> CustomTask {
        var check: ((Problem, String) throws -> Bool)?
        if !verify.isNull {
            check = { problem, text in
                let verdict = try interpreter.call(verify, [TaskObject.record(problem), .string(text)])
                guard case .bool(let isRight) = verdict else {
                    throw RuntimeError(
                        "`verify` of the task `\(name)` must give a Bool, not \(verdict.typeInWords)", code: "E203")
                }
                return isRight
            }
        }
        return CustomTask(
            name: name, make: { try content(of: try interpreter.call(make, [.int($0)]), task: name) }, verify: check)
    }

    private static func content(of value: Value, task: String) throws -> CustomTask.Content {
        guard let record = value.asRecord else {
            throw RuntimeError(
                "`make` of the task `\(task)` must give a record, not \(value.typeInWords)", code: "E203")
        }
        func text(_ field: String) -> String? { record[field].map { Printer.display($0) } }
        guard let prompt = text("prompt"), let answer = text("answer") else {
            throw RuntimeError(
                "`make` of the task `\(task)` must give a record with `prompt` and `answer`", code: "E204")
        }
        return CustomTask.Content(
            prompt: prompt, question: text("question"), answer: answer, solution: text("solution"))
    }
}
