import Language
import Metrics
import Models
import Tasks
import Training

/// How good a model is at a task, at any width.
enum EvaluationLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [evaluate(environment), record()]
    }

    private static func evaluate(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "evaluate",
            parameters: [
                SamplingLibrary.model, SamplingLibrary.task, SamplingLibrary.problems(200),
                SamplingLibrary.width(8),
                Parameter(
                    "k", .int, default: .null, "rows of the subset metrics, 1 to the width; the width without it"),
                SamplingLibrary.groups,
                Parameter("held_out", .bool, default: .bool(true), "problems kept for evaluation"),
                SamplingLibrary.first,
            ] + GenerationLibrary.sampling(maxTokens: 64), returns: "Evaluation",
            summary: "Accuracy, coverage, consistency, G-Pass@k, pass@k and maj@k at a width.",
            details: """
                All metrics are computed inside groups and averaged over groups, then problems. Fields ending in \
                `_low` and `_high` are 95% bootstrap intervals that resample problems, then groups. `gpass` lists \
                G-Pass@k for tau * k = 1 ... k. A width need not be the one a model was trained at. \
                Fields: `accuracy`, `coverage`, `consistency` and `gpass`, each also with `_low` and `_high`; \
                `mgpass`, `pass`, `majority`, `mean_length`, `finished`, `width`, `k`, `problems`, `model`, `task`.
                """,
            example: """
                e = evaluate(model.load("tiny"), task.sums(terms: 3, digits: 1), problems: 8, width: 4)
                print("{e.accuracy:.2f} of width {e.width}")
                """,
            seeAlso: ["metric.compare", "plot.gpass", "plot.widths"]
        ) { call in
            let shape = try SamplingLibrary.shape(call)
            let options = try GenerationLibrary.options(call, environment)
            let (model, task, k) = (
                try SamplingLibrary.model(call), try SamplingLibrary.task(call), try call.optionalInt("k")
            )
            return try environment.sampling(
                call, shape, object: { .object(EvaluationObject($0)) },
                nothing: "before the first of \(shape.problems) problems was done: there is nothing to evaluate yet",
                rest: {
                    let done = $0.counts.problems.count
                    return ("after \(done) of \(shape.problems) problems", "those", done)
                }
            ) {
                try Training.evaluate(model, task, shape, k: k, options: options, onProgress: $0, onInterruption: $1)
            }
        }
    }

    private static func record() -> NativeFunction {
        NativeFunction(
            name: "Evaluation.record", returns: "Record", summary: "The numbers as a record, for files and tables.",
            example: """
                e = evaluate(model.load("tiny"), task.sums(terms: 3, digits: 1), problems: 4, width: 2)
                print(e.record().accuracy == e.accuracy)
                """,
            seeAlso: ["evaluate", "write_json"]
        ) { call in
            let object = try call.receiver(as: EvaluationObject.self)
            return .object(RecordObject(object.memberNames.map { ($0, object.member($0) ?? .null) }))
        }
    }
}

/// An evaluation in a script's hands.
final class EvaluationObject: NativeObject {
    let evaluation: Evaluation
    private var intervals: [String: Metrics.Estimate] = [:]

    init(_ evaluation: Evaluation) { self.evaluation = evaluation }

    override var typeName: String { "Evaluation" }
    override class var fields: [TypeField] {
        [
            TypeField("model", "String", "the model's name"),
            TypeField("task", "String", "the task's name"),
            TypeField("width", "Int", "rows sampled for each problem"),
            TypeField("k", "Int", "rows that pass, majority and gpass draw"),
            TypeField("problems", "Int", "how many were asked"),
            TypeField("accuracy", "Float", "the share of rows that are right"),
            TypeField("accuracy_low", "Float", "lower end of its 95% interval"),
            TypeField("accuracy_high", "Float", "upper end of its 95% interval"),
            TypeField("coverage", "Float", "the share of problems with a right row"),
            TypeField("coverage_low", "Float", "lower end of its interval"),
            TypeField("coverage_high", "Float", "upper end of its interval"),
            TypeField("consistency", "Float", "the share of problems with all rows right"),
            TypeField("consistency_low", "Float", "lower end of its interval"),
            TypeField("consistency_high", "Float", "upper end of its interval"),
            TypeField("gpass", "List", "the chance that at least m of k rows are right, for m from 1 to k"),
            TypeField("gpass_low", "List", "lower ends of their intervals"),
            TypeField("gpass_high", "List", "upper ends of their intervals"),
            TypeField("mgpass", "Float", "the mean of gpass over the upper half of m"),
            TypeField("pass", "Float", "the chance that one of k rows is right"),
            TypeField("majority", "Float", "the chance that the commonest answer of k rows is right"),
            TypeField("mean_length", "Float", "tokens of a row, on average"),
            TypeField("finished", "Float", "the share of rows that came to their end"),
        ]
    }

    override func member(_ name: String) -> Value? {
        let e = evaluation
        switch name {
        case "model": return .string(e.model)
        case "task": return .string(e.task)
        case "width": return .int(e.width)
        case "k": return .int(e.k)
        case "problems": return .int(e.counts.problems.count)
        case "accuracy": return .float(e.accuracy.value)
        case "accuracy_low": return .float(e.accuracy.low)
        case "accuracy_high": return .float(e.accuracy.high)
        case "coverage": return .float(e.coverage)
        case "coverage_low": return .float(interval("coverage") { $0 > 0 ? 1 : 0 }.low)
        case "coverage_high": return .float(interval("coverage") { $0 > 0 ? 1 : 0 }.high)
        case "consistency": return .float(e.consistency)
        case "consistency_low": return .float(interval("consistency") { $0 == e.width ? 1 : 0 }.low)
        case "consistency_high": return .float(interval("consistency") { $0 == e.width ? 1 : 0 }.high)
        case "gpass": return .list(e.gPass.map { .float($0) })
        case "gpass_low": return .list((1...e.k).map { .float(gPassInterval($0).low) })
        case "gpass_high": return .list((1...e.k).map { .float(gPassInterval($0).high) })
        case "mgpass": return .float(e.mGPass)
        case "pass": return .float(e.passAtK)
        case "majority": return .float(e.majorityAtK)
        case "mean_length": return .float(e.meanLength)
        case "finished": return .float(e.finishedShare)
        default: return nil
        }
    }

    private func gPassInterval(_ m: Int) -> Metrics.Estimate {
        interval("gpass\(m)") {
            (try? Metric.gPass(n: self.evaluation.width, c: $0, k: self.evaluation.k, m: m)) ?? .nan
        }
    }

    /// Bootstrapped once.
    private func interval(_ name: String, _ metric: (Int) -> Double) -> Metrics.Estimate {
        if let known = intervals[name] { return known }
        let estimate =
            (try? Bootstrap.interval(evaluation.counts.map(metric)))
            ?? Metrics.Estimate(value: .nan, low: .nan, high: .nan)
        intervals[name] = estimate
        return estimate
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        let e = evaluation
        func text(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        let accuracy = "\(text(e.accuracy.value)) [\(text(e.accuracy.low)), \(text(e.accuracy.high))]"
        return "<Evaluation of \(e.model) on \(e.task) at width \(e.width): accuracy \(accuracy), "
            + "coverage \(text(e.coverage)), consistency \(text(e.consistency)), \(e.counts.problems.count) problems>"
    }
}
