import Language
import Models
import Tasks
import Training

/// Learning: traces, warm-up, supervised learning, reinforcement learning.
enum TrainingLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [examples(environment), sft(environment), traces(environment), warmup(environment), rlvr(environment)]
    }

    private static func rate(_ value: Double) -> Parameter { Parameter("lr", .number, default: .float(value), "the learning rate") }
    private static var record: [Parameter] {
        [
            Parameter("folder", .string, default: .null, "where config.json, history.jsonl and checkpoints of the run are kept while it runs"),
            Parameter("checkpoint", .int, default: .int(0), "steps between checkpoints in the folder; 0 keeps none"),
            Parameter("resume", .bool, default: .bool(false), "go on from the folder's checkpoint, if there is one, to the same bytes"),
        ]
    }

    private static func record(_ call: NativeCall) throws -> RecordOptions {
        RecordOptions(folder: try call.optionalString("folder"), checkpointEvery: try call.int("checkpoint"), resumes: try call.bool("resume"))
    }
    private static var seed: Parameter { Parameter("seed", .int, default: .null, "the session's without it") }
    private static func which(_ value: String) -> Parameter {
        Parameter("parameters", .string, default: .string(value), "which ones learn: \"all\", \"new\" or \"old\"")
    }
    private static func schedule(_ value: String) -> Parameter {
        Parameter("schedule", .string, default: .string(value), "of the learning rate: \"constant\", \"linear\" or \"cosine\", the latter two down to a tenth")
    }
    private static var optimiser: [Parameter] {
        [
            Parameter("beta2", .number, default: .float(0.99), "decay of AdamW's second moment"),
            Parameter("weight_decay", .number, default: .float(0), "decoupled"),
            Parameter("grad_clip", .number, default: .float(1), "longer gradients are shortened to this; 0 for never"),
            Parameter("warmup_steps", .int, default: .int(0), "in which the learning rate rises from 0"),
            Parameter("microbatch", .int, default: .null, "whole groups in memory at once; as many as fit without it"),
        ]
    }

    private static func optimiser(_ call: NativeCall, newRate: Double? = nil) throws -> OptimiserOptions {
        OptimiserOptions(
            learningRate: try call.float("lr"), newLearningRate: newRate, beta2: try call.float("beta2"),
            weightDecay: try call.float("weight_decay"), gradientClip: try call.float("grad_clip"))
    }

    private static func schedule(_ call: NativeCall) throws -> LearningRateSchedule {
        LearningRateSchedule(try choice(call, "schedule"), warmUpSteps: try call.int("warmup_steps"))
    }

    /// A string that must be one of an enumeration's.
    static func choice<T: RawRepresentable & CaseIterable>(_ call: NativeCall, _ name: String) throws -> T where T.RawValue == String {
        let text = try call.string(name)
        guard let value = T(rawValue: text) else {
            let known = T.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw RuntimeError("`\(name)` of `\(call.function.name)` must be one of \(known), not \"\(text)\"", code: "E203")
        }
        return value
    }

    private static func seed(_ call: NativeCall, _ environment: LibraryEnvironment) throws -> UInt64 {
        try call.optionalInt("seed").map { UInt64(bitPattern: Int64($0)) } ?? environment.seed
    }

    private static func examples(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "Task.examples",
            parameters: [
                Parameter("count", .int, "how many"), SamplingLibrary.first,
                Parameter("mistakes", .number, default: .float(0), "the share of examples whose worked steps hold a mistake"), seed,
            ], returns: "List", summary: "Prompts with worked solutions, as records, for `sft`.",
            details: "A model trained on examples with mistakes has a latent skill that reinforcement learning can sharpen.",
            example: "print(task.sums(terms: 3, digits: 2).examples(3, mistakes: 0.5))", seeAlso: ["sft"]
        ) { call in
            let task = try call.receiver(as: TaskObject.self).task
            let list = try Training.examples(
                task, problems: try call.int("count"), first: try call.int("first"), mistakeShare: try call.float("mistakes"), seed: try seed(call, environment))
            return .list(list.map { .record(["prompt": .string($0.prompt), "completion": .string($0.completion)]) })
        }
    }

    private static func sft(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "sft",
            parameters: [
                SamplingLibrary.model, Parameter("examples", .list, "records with `prompt` and `completion`"), Parameter("epochs", .int, default: .int(1), "passes over the examples"),
                rate(1e-3), Parameter("batch", .int, default: .int(64), "examples of a step"), which("all"), schedule("cosine"), seed,
            ] + record + optimiser, returns: "Run", summary: "Supervised learning of examples. The model changes in place.",
            details: "The loss is the mean over the completions' tokens, the end token included.",
            example: """
                m = model.new(layers: 1, dim: 32, heads: 2, context: 32)
                run = sft(m, task.sums(terms: 2, digits: 1).examples(64), lr: 3e-3, batch: 16)
                print(len(run.history))
                """, seeAlso: ["Task.examples", "warmup", "rlvr"]
        ) { call in
            let model = try SamplingLibrary.model(call)
            let examples = try call.list("examples").elements.enumerated().map { index, value in
                guard let record = value.asRecord, let prompt = record["prompt"]?.asString, let completion = record["completion"]?.asString else {
                    throw RuntimeError("example \(index) must be a record with the strings `prompt` and `completion`", code: "E203")
                }
                return Example(prompt: prompt, completion: completion)
            }
            let options = SFTOptions(
                epochs: try call.int("epochs"), optimiser: try optimiser(call), schedule: try schedule(call), batch: try call.int("batch"),
                microBatch: try call.optionalInt("microbatch"), parameters: try choice(call, "parameters"), seed: try seed(call, environment), record: try record(call))
            return .object(RunObject(try environment.watching("sft") { try Training.sft(model, examples, options, onProgress: $0) }))
        }
    }

    private static func traces(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "traces",
            parameters: [SamplingLibrary.model, SamplingLibrary.task, SamplingLibrary.problems(256), SamplingLibrary.width(8), SamplingLibrary.first] + GenerationLibrary.sampling(maxTokens: 64),
            returns: "Traces", summary: "The model's own correct answers to training problems, for `warmup`.",
            details: "Wrong answers go, and problems with fewer than two correct ones.",
            example: "t = traces(model.load(\"tiny\"), task.sums(terms: 3, digits: 1), problems: 16, width: 8)\nprint(t.problems, t.accuracy)", seeAlso: ["warmup", "sample"]
        ) { call in
            let shape = SampleShape(problems: try call.int("problems"), first: try call.int("first"), width: try call.int("width"))
            let options = try GenerationLibrary.options(call, environment)
            let (model, task) = (try SamplingLibrary.model(call), try SamplingLibrary.task(call))
            let traces = try environment.reporting("traces", unit: "problem", total: shape.problems) { report in
                try Training.traces(model, task, shape, options: options) { done, _ in report(done) }
            }
            return .object(TracesObject(traces))
        }
    }

    private static func warmup(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "warmup",
            parameters: [
                SamplingLibrary.model, Parameter("traces", .object("Traces"), "from `traces`"), Parameter("epochs", .int, default: .int(1), "passes over the traces"), rate(1e-3),
                Parameter("batch", .int, default: .int(16), "groups of a step"), Parameter("width", .int, default: .null, "at most this many traces of a problem side by side"),
                which("new"), schedule("linear"), seed,
            ] + record + optimiser, returns: "Run", summary: "Supervised learning of traces, several of one problem side by side. The model changes in place.",
            details: "Only the new parameters learn, unless told otherwise.",
            example: """
                base = model.load("tiny")
                sums = task.sums(terms: 3, digits: 1)
                net = bridge.attach(base, heads: 4, dim: 16)
                run = warmup(net, traces(base, sums, problems: 16, width: 4), lr: 1e-3)
                print(len(run.history))
                """, seeAlso: ["traces", "rlvr"]
        ) { call in
            let model = try SamplingLibrary.model(call)
            let traces = try call.object("traces", as: TracesObject.self).traces
            let options = WarmUpOptions(
                epochs: try call.int("epochs"), optimiser: try optimiser(call), schedule: try schedule(call), batchGroups: try call.int("batch"),
                microBatch: try call.optionalInt("microbatch"), parameters: try choice(call, "parameters"), width: try call.optionalInt("width"),
                seed: try seed(call, environment), record: try record(call))
            return .object(RunObject(try environment.watching("warmup") { try warmUp(model, traces, options, onProgress: $0) }))
        }
    }

    private static func rlvr(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "rlvr",
            parameters: [
                SamplingLibrary.model, SamplingLibrary.task, Parameter("steps", .int, default: .int(60), "updates of the model"), SamplingLibrary.problems(8), SamplingLibrary.width(8),
                SamplingLibrary.groups, rate(1e-4), Parameter("new_lr", .number, default: .null, "the learning rate of the new parameters; `lr` without it"),
                Parameter("credit", .string, default: .string("own"), "whose reward counts for a row: \"own\", \"group\" or \"mixed\"; the latter two need 2 groups or more"),
                Parameter("loss", .string, default: .string("dapo"), "how tokens are averaged: \"dapo\", \"grpo\" or \"dr_grpo\""),
                Parameter("clip_low", .number, default: .float(0.2), "the ratio is clipped at 1 - clip_low"), Parameter("clip_high", .number, default: .float(0.28), "and at 1 + clip_high"),
                Parameter("kl", .number, default: .float(0), "weight of the divergence from the starting model"),
                Parameter("kl_estimator", .string, default: .string("k3"), "\"k1\", \"k2\" or \"k3\", as in Schulman's note"),
                Parameter("dynamic", .bool, default: .bool(false), "replace problems whose rows are all right or all wrong, at most 10 times a step"),
                Parameter("mask_truncated", .bool, default: .bool(false), "rows that were cut off do not count in the loss"),
                Parameter("inner_steps", .int, default: .int(1), "updates from the same samples"), which("all"), schedule("linear"), SamplingLibrary.first,
                Parameter("max_tokens", .int, default: .int(64), "the most tokens of a row"), Parameter("temperature", .number, default: .float(1), "of sampler and trainer alike"), seed,
            ] + record + optimiser, returns: "Run", summary: "Reinforcement learning with a verifiable reward: GRPO on whole groups. The model changes in place.",
            details: """
                The reward is 1 for a right answer, else 0; the advantage is normalised in the group. Log-probabilities are computed with the whole group in one \
                forward pass, so that a row's loss reaches its siblings. A loss near 0 is right: with one inner step every ratio is 1. The history has TRL's names.
                """,
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 16)
                run = rlvr(net, task.sums(terms: 3, digits: 1), steps: 2, problems: 4, width: 4)
                print(run.history[0].reward)
                """, seeAlso: ["warmup", "evaluate", "plot.training"]
        ) { call in
            let (model, task) = (try SamplingLibrary.model(call), try SamplingLibrary.task(call))
            let sampling = SamplingOptions(maxTokens: try call.int("max_tokens"), temperature: try call.float("temperature"), seed: try seed(call, environment))
            let objective = PolicyObjective(
                clipLow: try call.float("clip_low"), clipHigh: try call.float("clip_high"), kl: try call.float("kl"), klEstimator: try choice(call, "kl_estimator"))
            let options = RLVROptions(
                steps: try call.int("steps"), problems: try call.int("problems"), firstProblem: try call.int("first"), width: try call.int("width"),
                groups: try call.int("groups"), optimiser: try optimiser(call, newRate: call.optionalFloat("new_lr")), schedule: try schedule(call),
                credit: try choice(call, "credit"), aggregation: try choice(call, "loss"), objective: objective, dynamic: try call.bool("dynamic"),
                maskTruncated: try call.bool("mask_truncated"), parameters: try choice(call, "parameters"), innerSteps: try call.int("inner_steps"),
                microBatch: try call.optionalInt("microbatch"), sampling: sampling, record: try record(call))
            return .object(RunObject(try environment.watching("rlvr") { try Training.rlvr(model, task, options, onProgress: $0) }))
        }
    }
}

/// Traces in a script's hands.
final class TracesObject: NativeObject {
    let traces: Traces

    init(_ traces: Traces) { self.traces = traces }

    override var typeName: String { "Traces" }
    override var memberNames: [String] { ["problems", "rows", "sampled", "accuracy"] }

    override func member(_ name: String) -> Value? {
        switch name {
        case "problems": .int(traces.traces.count)
        case "rows": .int(traces.traces.reduce(0) { $0 + $1.completions.count })
        case "sampled": .int(traces.sampledProblems)
        case "accuracy": .float(traces.accuracy)
        default: nil
        }
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        "<Traces: \(traces.traces.reduce(0) { $0 + $1.completions.count }) correct answers to \(traces.traces.count) of \(traces.sampledProblems) problems>"
    }
}

/// The record of a training run in a script's hands.
final class RunObject: NativeObject {
    let run: Run

    init(_ run: Run) { self.run = run }

    override var typeName: String { "Run" }
    override var memberNames: [String] { ["kind", "history", "folder", "seconds"] }

    override func member(_ name: String) -> Value? {
        switch name {
        case "kind": .string(run.kind.rawValue)
        case "history": .list(run.history.map { step in .object(RecordObject(step.entries.map { ($0.name, Self.number($0.name, $0.value)) })) })
        case "folder": run.folder.map { .string($0) } ?? .null
        case "seconds": .float(run.duration)
        default: nil
        }
    }

    private static func number(_ name: String, _ value: Double) -> Value { name == "step" ? .int(Int(value)) : .float(value) }

    override func describe(_ budget: inout PrintBudget) -> String {
        let last = run.history.last.map { step in
            ["reward", "loss"].compactMap { name in step[name].map { ", \(name) \(($0 * 1000).rounded() / 1000)" } }.first ?? ""
        }
        return "<Run \(run.kind.rawValue): \(run.history.count) of \(run.steps) steps in \(ProgressLine.duration(run.duration))\(last ?? "")>"
    }
}
