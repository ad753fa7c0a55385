import Language
import Models
import Tasks
import Training

/// Learning: traces, warm-up, supervised learning, reinforcement learning.
enum TrainingLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [
            examples(environment), sft(environment), traces(environment), warmup(environment), rlvr(environment),
            ResumeLibrary.resume(environment),
        ]
    }

    private static func examples(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "Task.examples",
            parameters: [
                Parameter("count", .int, "how many"), SamplingLibrary.first,
                Parameter(
                    "mistakes", .number, default: .float(0), "the share of examples whose worked steps hold a mistake"),
                seed,
            ], returns: "List", summary: "Prompts with worked solutions, as records, for `sft`.",
            details:
                "A model trained on examples with mistakes has a latent skill that reinforcement learning can sharpen.",
            example: "print(task.sums(terms: 3, digits: 2).examples(3, mistakes: 0.5))", seeAlso: ["sft"]
        ) { call in
            let task = try call.receiver(as: TaskObject.self).task
            let list = try Training.examples(
                task, problems: try call.int("count"), first: try call.int("first"),
                mistakeShare: try call.float("mistakes"), seed: try environment.seed(call))
            return .list(list.map { .record(["prompt": .string($0.prompt), "completion": .string($0.completion)]) })
        }
    }

    private static func sft(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "sft",
            parameters: [
                SamplingLibrary.model, Parameter("examples", .list, "records with `prompt` and `completion`"),
                Parameter("epochs", .int, default: .int(1), "passes over the examples"),
                rate(1e-3), Parameter("batch", .int, default: .int(64), "examples of a step"), which("all"),
                schedule("cosine"), seed,
            ] + record + optimiser, returns: "Run",
            summary: "Supervised learning of examples. The model changes in place.",
            details: """
                The loss is the mean over the completions' tokens, the end token included. The run's fields: `history` \
                (a record for each step), `model`, `kind`, `folder` and `seconds`.
                """,
            example: """
                m = model.new(layers: 1, dim: 32, heads: 2, context: 32)
                run = sft(m, task.sums(terms: 2, digits: 1).examples(64), lr: 3e-3, batch: 16)
                print(len(run.history))
                """, seeAlso: ["Task.examples", "warmup", "rlvr"]
        ) { call in
            let model = try SamplingLibrary.model(call)
            let examples = try call.list("examples").elements.enumerated().map { index, value in
                guard let record = value.asRecord, let prompt = record["prompt"]?.asString,
                    let completion = record["completion"]?.asString
                else {
                    throw RuntimeError(
                        "example \(index) must be a record with the strings `prompt` and `completion`", code: "E203")
                }
                return Example(prompt: prompt, completion: completion)
            }
            let options = SFTOptions(
                epochs: try call.int("epochs"), optimiser: try optimiser(call), schedule: try schedule(call),
                batch: try call.int("batch"),
                microBatch: try call.optionalInt("microbatch"), parameters: try choice(call, "parameters"),
                seed: try environment.seed(call), record: try record(call, environment))
            return try environment.watching("sft", call, model, options.record) {
                try Training.sft(model, examples, options, onProgress: $0, onInterruption: $1)
            }
        }
    }

    private static func traces(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "traces",
            parameters: [
                SamplingLibrary.model, SamplingLibrary.task, SamplingLibrary.problems(256), SamplingLibrary.width(8),
                SamplingLibrary.first,
            ] + GenerationLibrary.sampling(maxTokens: 64),
            returns: "Traces", summary: "The model's own correct answers to training problems, for `warmup`.",
            details: """
                Wrong answers go, and problems with fewer than two correct ones. Fields: `problems` and `rows` that \
                were kept; `sampled` problems; `accuracy` of all rows that were sampled.
                """,
            example: """
                t = traces(model.load("tiny"), task.sums(terms: 3, digits: 1), problems: 16, width: 8)
                print(t.problems, t.accuracy)
                """,
            seeAlso: ["warmup", "sample"]
        ) { call in
            let shape = SampleShape(
                problems: try call.int("problems"), first: try call.int("first"), width: try call.int("width"))
            let options = try GenerationLibrary.options(call, environment)
            let (model, task) = (try SamplingLibrary.model(call), try SamplingLibrary.task(call))
            return try environment.sampling(
                call, shape, object: { .object(TracesObject($0)) },
                rest: {
                    let begun = $0.sampledProblems
                    return ("with \(begun) of \(shape.problems) problems begun", "the traces so far", begun)
                }
            ) {
                try Training.traces(model, task, shape, options: options, onProgress: $0, onInterruption: $1)
            }
        }
    }

    private static func warmup(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "warmup",
            parameters: [
                SamplingLibrary.model, Parameter("traces", .object("Traces"), "from `traces`"),
                Parameter("epochs", .int, default: .int(1), "passes over the traces"), rate(1e-3),
                Parameter("batch", .int, default: .int(16), "groups of a step"),
                Parameter("width", .int, default: .null, "at most this many traces of a problem side by side"),
                which("new"), schedule("linear"), seed,
            ] + record + optimiser, returns: "Run",
            summary: "Supervised learning of traces, several of one problem side by side. The model changes in place.",
            details: """
                Only the new parameters learn, unless `parameters` says otherwise. The run's fields: `history` (a \
                record for each step), `model`, `kind`, `folder` and `seconds`.
                """,
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
                epochs: try call.int("epochs"), optimiser: try optimiser(call), schedule: try schedule(call),
                batchGroups: try call.int("batch"),
                microBatch: try call.optionalInt("microbatch"), parameters: try choice(call, "parameters"),
                width: try call.optionalInt("width"),
                seed: try environment.seed(call), record: try record(call, environment))
            return try environment.watching("warmup", call, model, options.record) {
                try warmUp(model, traces, options, onProgress: $0, onInterruption: $1)
            }
        }
    }

    private static func rlvr(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "rlvr",
            parameters: [
                SamplingLibrary.model, SamplingLibrary.task,
                Parameter("steps", .int, default: .int(60), "rounds of sampling, then learning"),
                Parameter("problems", .int, default: .int(8), "problems of each step"),
                SamplingLibrary.width(8),
                SamplingLibrary.groups, rate(1e-4),
                Parameter(
                    "new_lr", .number, default: .null, "the learning rate of the new parameters; `lr` without it"),
                Parameter(
                    "credit", .string, default: .string("own"),
                    """
                    whose reward counts for a row: "own", "group" or "mixed"; the latter two need 2 groups or more
                    """
                ).offering(Credit.self),
                Parameter(
                    "loss", .string, default: .string("dapo"),
                    "how tokens are averaged: \"dapo\", \"grpo\" or \"dr_grpo\""
                ).offering(LossAggregation.self),
                Parameter("clip_low", .number, default: .float(0.2), "the ratio is clipped at 1 - clip_low"),
                Parameter("clip_high", .number, default: .float(0.28), "and at 1 + clip_high"),
                Parameter("kl", .number, default: .float(0), "weight of the divergence from the starting model"),
                Parameter(
                    "kl_estimator", .string, default: .string("k3"), "\"k1\", \"k2\" or \"k3\", as in Schulman's note"
                ).offering(KLEstimator.self),
                Parameter(
                    "dynamic", .bool, default: .bool(false),
                    "replace problems whose rows are all right or all wrong, at most 10 times a step"),
                Parameter(
                    "mask_truncated", .bool, default: .bool(false),
                    "rows cut off at `max_tokens` do not count in the loss"),
                Parameter("inner_steps", .int, default: .int(1), "updates from the same samples"), which("all"),
                schedule("linear"), SamplingLibrary.first,
                Parameter("max_tokens", .int, default: .int(64), "the most tokens of a row"),
                Parameter("temperature", .number, default: .float(1), "of sampler and trainer alike"), seed,
                Parameter(
                    "precision", .string, default: .string("f32"),
                    "bits of the sampler's weights; any but \"f32\" need `lossy: true`"
                ).offering(WeightPrecision.self),
                Parameter(
                    "lossy", .bool, default: .bool(false),
                    "whether the sampler's log-probabilities may differ from the trainer's"),
            ] + record + optimiser, returns: "Run",
            summary:
                "Reinforcement learning with a verifiable reward: GRPO on whole groups. The model changes in place.",
            details: """
                The reward is 1 for a right answer, else 0; the advantage is normalised over all rows of a problem. \
                Log-probabilities are computed with the whole group in one forward pass, so that a row's loss reaches \
                the other rows. A loss near 0 is right: with one inner step every ratio is 1. The run's fields: \
                `history` (a record for each step, its names like TRL's), `model`, `kind`, `folder` and `seconds`.
                """,
            example: """
                net = bridge.attach(model.load("tiny"), heads: 4, dim: 16)
                run = rlvr(net, task.sums(terms: 3, digits: 1), steps: 2, problems: 4, width: 4)
                print(run.history[0].reward)
                """, seeAlso: ["warmup", "evaluate", "plot.training"]
        ) { call in
            let (model, task) = (try SamplingLibrary.model(call), try SamplingLibrary.task(call))
            let sampling = SamplingOptions(
                maxTokens: try call.int("max_tokens"), temperature: try call.float("temperature"),
                seed: try environment.seed(call), precision: try GenerationLibrary.precision(call))
            let objective = PolicyObjective(
                clipLow: try call.float("clip_low"), clipHigh: try call.float("clip_high"), kl: try call.float("kl"),
                klEstimator: try choice(call, "kl_estimator"))
            let options = RLVROptions(
                steps: try call.int("steps"), problems: try call.int("problems"), firstProblem: try call.int("first"),
                width: try call.int("width"),
                groups: try call.int("groups"), optimiser: try optimiser(call, newRate: call.optionalFloat("new_lr")),
                schedule: try schedule(call),
                credit: try choice(call, "credit"), aggregation: try choice(call, "loss"), objective: objective,
                dynamic: try call.bool("dynamic"),
                maskTruncated: try call.bool("mask_truncated"), parameters: try choice(call, "parameters"),
                innerSteps: try call.int("inner_steps"),
                microBatch: try call.optionalInt("microbatch"), sampling: sampling,
                lossySampling: try call.bool("lossy"), record: try record(call, environment))
            return try environment.watching("rlvr", call, model, options.record) {
                try Training.rlvr(model, task, options, onProgress: $0, onInterruption: $1)
            }
        }
    }
}
