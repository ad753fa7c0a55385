import Language
import Tasks

/// Verifiable tasks.
enum TaskLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        made(environment) + [jsonl(), custom(), problem(), verify()]
    }

    private static func digits(_ value: Int, _ range: String) -> Parameter {
        Parameter("digits", .int, default: .int(value), "digits of each number, exactly, \(range)")
    }

    private static func make(
        _ environment: LibraryEnvironment, _ name: String, _ parameters: [Parameter], _ summary: String,
        _ body: @escaping (NativeCall) throws -> any ReasoningTask
    ) -> NativeFunction {
        let arguments = parameters.first.map { "\($0.name): \(Printer.repr($0.defaultValue ?? .null))" } ?? ""
        return NativeFunction(
            name: "task.\(name)", parameters: parameters, returns: "Task", summary: summary,
            details: """
                Problems depend on the seed and their index only. Training and held-out problems are disjoint by \
                content.
                """,
            example: "t = task.\(name)(\(arguments))\nprint(t.problem(0).prompt, t.problem(0).answer)",
            seeAlso: ["Task.problem", "Task.verify", "sample", "evaluate"]
        ) { call in .object(TaskObject(try body(call), RecordedCall(call, seed: environment.seed))) }
    }

    private static func made(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [
            make(
                environment, "sums",
                [Parameter("terms", .int, default: .int(3), "numbers to add, 2 to 20"), digits(1, "1 to 6")],
                "Chained sums with running totals as worked steps: `47+85+13=` is solved by `132>145`."
            ) { try SumsTask(terms: $0.int("terms"), digits: $0.int("digits"), seed: environment.seed) },
            make(
                environment, "products",
                [
                    digits(1, "1 to 6"),
                    Parameter(
                        "other", .int, default: .null, "digits of the second factor; as many as the first without it"),
                ],
                "Products, with the partial products as worked steps."
            ) {
                try ProductsTask(digits: $0.int("digits"), otherDigits: $0.optionalInt("other"), seed: environment.seed)
            },
            make(
                environment, "gcd", [digits(2, "1 to 6")],
                "The greatest common divisor of two numbers, by Euclid's algorithm."
            ) {
                try GCDTask(digits: $0.int("digits"), seed: environment.seed)
            },
            make(
                environment, "countdown",
                [
                    Parameter("count", .int, default: .int(3), "numbers given, 2 to 6"),
                    Parameter("largest", .int, default: .int(12), "the largest of them, 3 to 99"),
                ],
                "Reach a target from given numbers with + - * / and brackets, each number used once."
            ) { try CountdownTask(count: $0.int("count"), largest: $0.int("largest"), seed: environment.seed) },
            make(
                environment, "sort",
                [Parameter("count", .int, default: .int(4), "numbers to sort, 2 to 20"), digits(2, "1 to 6")],
                "Numbers to be put in order."
            ) {
                try SortTask(count: $0.int("count"), digits: $0.int("digits"), seed: environment.seed)
            },
            make(
                environment, "reverse", [Parameter("length", .int, default: .int(5), "letters of the word, 2 to 20")],
                "A word to be spelled backward."
            ) {
                try ReverseTask(length: $0.int("length"), seed: environment.seed)
            },
            make(environment, "words", [digits(1, "1 to 3")], "One-step word problems.") {
                try WordsTask(digits: $0.int("digits"), seed: environment.seed)
            },
        ]
    }

    private static func jsonl() -> NativeFunction {
        NativeFunction(
            name: "task.jsonl",
            parameters: [
                Parameter("path", .string, "a file of lines with `question` and `answer`"),
                Parameter("held_out", .string, default: .null, "another such file for evaluation"),
            ],
            returns: "Task", summary: "Problems from a file in GSM8K's format; the gold answer follows `#### `.",
            details: "Without `held_out` a quarter of the lines, chosen by their content, is kept for evaluation.",
            example: """
                lines = for i in 0..40 { {question: "What is {i} + 1?", answer: "One more. #### {i + 1}"} }
                write_jsonl("lines.jsonl", lines)
                print(task.jsonl("lines.jsonl").problem(0).answer)
                """,
            seeAlso: ["read_jsonl"]
        ) { call in
            let (path, heldOut) = (try call.string("path"), try call.optionalString("held_out"))
            for file in [path, heldOut].compactMap(\.self) { _ = try FileReader(file) }
            let task = try JSONLTask(path: path, heldOutPath: heldOut)
            return .object(TaskObject(task, RecordedCall(call, seed: 0)))
        }
    }

    private static func custom() -> NativeFunction {
        NativeFunction(
            name: "task.new",
            parameters: [
                Parameter(
                    "make", .function,
                    """
                    from an index to a record with `prompt` and `answer`, and `question` and `solution` where there are
                    """
                ),
                Parameter(
                    "verify", .function, default: .null,
                    "from that record and a completion to a Bool; the last number must be the answer without it"),
                Parameter("name", .string, default: .string("custom"), "for records and messages"),
            ],
            returns: "Task", summary: "A task of your own.",
            details:
                "Of every four indices the fourth is kept for evaluation: see to it that each makes another problem.",
            example: """
                successor = i -> {prompt: "{i}+1=", answer: str(i + 1)}
                t = task.new(make: successor, verify: (problem, text) -> text == problem.answer)
                print(t.verify(0, t.problem(0).answer))
                """,
            seeAlso: ["task.sums", "task.jsonl"]
        ) { call in
            .object(
                TaskObject(
                    ScriptedTask.task(
                        named: try call.string("name"), make: call.value("make"), verify: call.value("verify"),
                        interpreter: call.interpreter)))
        }
    }

    private static var index: Parameter { Parameter("index", .int, "which problem, from 0") }
    private static var heldOut: Parameter {
        Parameter("held_out", .bool, default: .bool(false), "whether it is one for evaluation")
    }

    private static func problem() -> NativeFunction {
        NativeFunction(
            name: "Task.problem", parameters: [index, heldOut], returns: "Record",
            summary: "The problem with an index: prompt, question, answer and a worked solution.",
            example: "print(task.sums(terms: 3, digits: 2).problem(0))", seeAlso: ["Task.verify"]
        ) { call in
            let task = try call.receiver(as: TaskObject.self).task
            return TaskObject.record(
                try task.problem(try call.int("index"), split: try call.bool("held_out") ? .heldOut : .training))
        }
    }

    private static func verify() -> NativeFunction {
        NativeFunction(
            name: "Task.verify", parameters: [index, Parameter("text", .string, "a completion"), heldOut],
            returns: "Bool",
            summary: "Whether a completion's answer to a problem is right.",
            example: """
                t = task.sums(terms: 3, digits: 2)
                print(t.verify(0, t.problem(0).solution), t.verify(0, "no idea"))
                """,
            seeAlso: ["Task.problem"]
        ) { call in
            let task = try call.receiver(as: TaskObject.self).task
            let problem = try task.problem(
                try call.int("index"), split: try call.bool("held_out") ? .heldOut : .training)
            return .bool(try task.verify(problem, try call.string("text")))
        }
    }
}

/// A task in a script's hands.
final class TaskObject: NativeObject {
    let task: any ReasoningTask
    /// The call that made it; nil for one that holds a script's functions.
    let origin: RecordedCall?

    init(_ task: any ReasoningTask, _ origin: RecordedCall? = nil) {
        self.task = task
        self.origin = origin
    }

    override var typeName: String { "Task" }
    override class var fields: [TypeField] {
        [
            TypeField("name", "String", "what it is called"),
        ]
    }
    override func member(_ name: String) -> Value? { name == "name" ? .string(task.name) : nil }

    override func describe(_ budget: inout PrintBudget) -> String {
        "<Task \(task.name)\(task.parameters.map { " \($0.name)=\($0.value)" }.joined())>"
    }

    static func record(_ problem: Problem) -> Value {
        .record([
            "index": .int(problem.index), "prompt": .string(problem.prompt), "question": .string(problem.question),
            "answer": .string(problem.answer), "solution": .string(problem.solution),
        ])
    }
}
