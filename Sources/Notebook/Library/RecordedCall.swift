import FoundationEssentials
import Language
import Tasks
import Training

/// A call of a library function as a run's folder keeps it, to be made again by another process.
struct RecordedCall {
    let function: String
    /// What the call gave that is plain: numbers, texts, Bools, nil.
    let arguments: RecordObject
    /// The session's seed at the time.
    let seed: UInt64

    static let file = "call.json", examples = "examples.jsonl", traces = "traces.jsonl"

    init(_ call: NativeCall, seed: UInt64) {
        function = call.function.name
        arguments = RecordObject()
        self.seed = seed
        // The folder is named anew when the call is made again.
        for parameter in call.function.parameters
        where call.wasGiven(parameter.name) && !["folder", "resume"].contains(parameter.name) {
            let value = call.value(parameter.name)
            if value.object == nil || value.asString != nil { arguments[parameter.name] = value }
        }
    }

    /// - Returns: nil where the value is not what `value` gives.
    init?(_ value: Value?) {
        guard let record = value?.asRecord, let function = record["function"]?.asString,
            let arguments = record["arguments"]?.asRecord, let seed = record["seed"]?.asString.flatMap(UInt64.init)
        else { return nil }
        (self.function, self.arguments, self.seed) = (function, arguments, seed)
    }

    var value: Value {
        .record(["function": .string(function), "seed": .string(String(seed)), "arguments": .object(arguments)])
    }

    /// The files that let `resume` make a call of `sft`, `warmup` or `rlvr` again.
    static func attachments(_ call: NativeCall, seed: UInt64) throws -> [String: String] {
        let record = RecordedCall(call, seed: seed).value
        var files: [String: String] = [:]
        for parameter in call.function.parameters {
            switch call.value(parameter.name).object {
            case let model as ModelObject: record.asRecord?["model"] = .string(model.model.name)
            case let task as TaskObject: record.asRecord?["task"] = task.origin?.value ?? .null
            case let list as ListObject: files[examples] = try JSONFile.text(ofLines: list.elements)
            case let object as TracesObject:
                files[traces] = try JSONFile.text(ofLines: [summary(object.traces)] + object.traces.traces.map(value))
            default: break
            }
        }
        files[file] = try JSONFile.text(ofLines: [record])
        return files
    }

    // MARK: - Traces

    private static func summary(_ traces: Traces) -> Value {
        .record(["sampled": .int(traces.sampledProblems), "accuracy": .float(traces.accuracy)])
    }

    private static func value(_ trace: Trace) -> Value {
        let problem = trace.problem
        return .record([
            "index": .int(problem.index), "prompt": .string(problem.prompt), "question": .string(problem.question),
            "answer": .string(problem.answer), "solution": .string(problem.solution),
            "numbers": .list(problem.numbers.map { .int($0) }), "tokens": list(trace.prompt),
            "completions": .list(trace.completions.map(list)),
        ])
    }

    private static func list(_ tokens: [Int32]) -> Value { .list(tokens.map { .int(Int($0)) }) }

    /// - Throws: `RuntimeError` where the file is damaged.
    static func traces(in path: String) throws -> Traces {
        let next = try JSONFile.lines(path)
        let damaged = RuntimeError("\(path) is not what a run has written", code: "E300")
        guard let head = try next()?.asRecord, let sampled = head["sampled"]?.asInt,
            let accuracy = head["accuracy"]?.asDouble
        else { throw damaged }
        var traces: [Trace] = []
        while let value = try next() {
            guard let record = value.asRecord, let trace = trace(record) else { throw damaged }
            traces.append(trace)
        }
        return Traces(traces: traces, sampledProblems: sampled, accuracy: accuracy)
    }

    private static func trace(_ record: RecordObject) -> Trace? {
        func text(_ name: String) -> String? { record[name]?.asString }
        func tokens(_ value: Value?) -> [Int32]? {
            guard let elements = value?.asList?.elements else { return nil }
            let tokens = elements.compactMap { $0.asInt.flatMap { Int32(exactly: $0) } }
            return tokens.count == elements.count ? tokens : nil
        }
        guard let index = record["index"]?.asInt, let prompt = text("prompt"), let question = text("question"),
            let answer = text("answer"), let solution = text("solution"),
            let numbers = record["numbers"]?.asList?.elements.compactMap(\.asInt), let ids = tokens(record["tokens"]),
            let rows = record["completions"]?.asList?.elements
        else { return nil }
        let completions = rows.compactMap(tokens)
        guard completions.count == rows.count else { return nil }
        let problem = Problem(
            index: index, split: .training, prompt: prompt, question: question, answer: answer, solution: solution,
            numbers: numbers)
        return Trace(problem: problem, prompt: ids, completions: completions)
    }
}
