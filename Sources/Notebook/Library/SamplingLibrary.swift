import Language
import Models
import Tasks
import Training

/// Sampled groups with rewards.
enum SamplingLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] { [sample(environment)] }

    static var model: Parameter { Parameter("m", .object("Model"), "the model") }
    static var task: Parameter { Parameter("task", .object("Task"), "the task") }
    static var first: Parameter { Parameter("first", .int, default: .int(0), "the index of the first problem") }

    static func width(_ value: Int) -> Parameter { Parameter("width", .int, default: .int(value), "rows of a group") }
    static func problems(_ value: Int) -> Parameter {
        Parameter("problems", .int, default: .int(value), "how many problems")
    }
    static var groups: Parameter { Parameter("groups", .int, default: .int(1), "groups of a problem") }

    static func model(_ call: NativeCall) throws -> LanguageModel { try call.object("m", as: ModelObject.self).model }
    static func task(_ call: NativeCall) throws -> any ReasoningTask {
        try call.object("task", as: TaskObject.self).task
    }

    /// Of calls that take `held_out`.
    static func shape(_ call: NativeCall) throws -> SampleShape {
        SampleShape(
            problems: try call.int("problems"), first: try call.int("first"),
            split: try call.bool("held_out") ? .heldOut : .training, width: try call.int("width"),
            groups: try call.int("groups"))
    }

    private static func sample(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "sample",
            parameters: [
                model, task, problems(16), width(8), groups, first,
                Parameter("held_out", .bool, default: .bool(false), "problems kept for evaluation"),
            ] + GenerationLibrary.sampling(maxTokens: 64), returns: "Groups",
            summary: "Samples groups of answers to problems, and verifies them.",
            details: """
                The rows of a group see each other where the model has a Bridge. A draw is named by the seed, the \
                problem, group, row and step: the same call gives the same text, whatever else is in the batch. \
                Fields: `rows`, a record for each row; `text`, `tokens`, `logprobs`, `rewards` and `finished`, each a \
                list of groups, and a group a list of its rows; `width`, `accuracy`, `mean_length`. Ctrl-C leaves the \
                rows so far; those that it cut off are not `finished`, and their reward is 0.
                """,
            example: """
                g = sample(model.load("tiny"), task.sums(terms: 3, digits: 1), problems: 4, width: 8)
                print(g.accuracy, g.text[0][0])
                """,
            seeAlso: ["traces", "evaluate", "metric.gpass"]
        ) { call in
            let shape = try shape(call)
            let options = try GenerationLibrary.options(call, environment)
            let (model, task) = (try model(call), try task(call))
            return try environment.sampling(
                call, shape, object: { .object(GroupsObject($0)) }, rest: { rest($0, shape) }
            ) {
                try Training.sample(model, task, shape, options: options, onProgress: $0, onInterruption: $1)
            }
        }
    }

    /// What interrupted sampling leaves.
    private static func rest(_ groups: Groups, _ shape: SampleShape) -> (progress: String, name: String, done: Int) {
        let begun = groups.problems.count - groups.whole
        let name =
            if begun == 0 { "those" } else if groups.whole > 0 { "those and the rows so far of \(begun) more" } else {
                "the rows so far of \(begun)"
            }
        return ("after \(groups.whole) of \(shape.problems) problems", name, groups.whole)
    }
}

/// Sampled groups in a script's hands. Lists run over groups, and within a group over its rows.
final class GroupsObject: NativeObject {
    let groups: Groups

    init(_ groups: Groups) { self.groups = groups }

    override var typeName: String { "Groups" }
    override class var fields: [TypeField] {
        [
            TypeField("width", "Int", "rows in a group"),
            TypeField("rows", "List", "a record for each row"),
            TypeField("text", "List", "the texts, a list a group"),
            TypeField("tokens", "List", "the ids, a list a group"),
            TypeField("logprobs", "List", "log-probabilities of the tokens, a list a group"),
            TypeField("rewards", "List", "1.0 where the answer is right, a list a group"),
            TypeField("finished", "List", "whether the row came to its end, a list a group"),
            TypeField("accuracy", "Float", "the share of rows that are right"),
            TypeField("mean_length", "Float", "tokens of a row, on average"),
        ]
    }

    override var byteCount: Int {
        groups.problems.reduce(0) { $0 + $1.rows.reduce(0) { $0 + 200 + $1.text.utf8.count + 8 * $1.tokens.count } }
    }

    override func member(_ name: String) -> Value? {
        switch name {
        case "width": .int(groups.width)
        case "rows": rows(groups.problems)
        case "text": each { .string($0.text) }
        case "tokens": each { .list($0.tokens.map { .int(Int($0)) }) }
        case "logprobs": each { .list($0.logProbabilities.map { .float(Double($0)) }) }
        case "rewards": each { .float($0.reward) }
        case "finished": each { .bool($0.finished) }
        case "accuracy": .float(groups.accuracy)
        case "mean_length": .float(groups.meanLength)
        default: nil
        }
    }

    override func firstElement(of field: String) -> Value? {
        guard field == "rows", let problem = groups.problems.first else { return nil }
        return rows([ProblemGroups(problem: problem.problem, prompt: [], groups: [Array(problem.rows.prefix(1))])])
            .asList?.elements.first
    }

    private func each(_ value: (AnsweredRow) -> Value) -> Value {
        .list(groups.problems.flatMap { problem in problem.groups.map { group in .list(group.map(value)) } })
    }

    /// A record a row.
    private func rows(_ problems: [ProblemGroups]) -> Value {
        .list(
            problems.flatMap { problem in
                problem.groups.enumerated().flatMap { number, group in
                    group.enumerated().map { index, row in
                        .record([
                            "problem": .int(problem.index), "group": .int(number), "row": .int(index),
                            "prompt": .string(problem.problem.prompt),
                            "text": .string(row.text), "tokens": .list(row.tokens.map { .int(Int($0)) }),
                            "logprobs": .list(row.logProbabilities.map { .float(Double($0)) }),
                            "answer": row.answer.map { .string($0) } ?? .null,
                            "reward": .float(row.reward),
                            "finished": .bool(row.finished),
                        ])
                    }
                }
            })
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        let groupCount = groups.problems.reduce(0) { $0 + $1.groups.count }
        let share = (groups.accuracy * 1000).rounded() / 10
        return "<Groups: \(groups.problems.count) problems, \(groupCount) groups of \(groups.width), \(share)% right>"
    }
}
