import Language
import Plots

/// The figures of a study: training curves, G-Pass@k by arm, accuracy and coverage against width. They take what
/// `rlvr`, `warmup` and `evaluate` give, or records with the same fields, such as those read back from a file.
extension PlotLibrary {
    static func studies(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [training(environment), gpass(environment), widths(environment)]
    }

    private static func training(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.training",
            parameters: [
                Parameter("runs", .any, "a run, a record of named runs, or histories (lists of records)"),
                Parameter(
                    "metrics", .list, default: .null, "panels to draw; reward and entropy, or the loss, without it"),
                Parameter("window", .int, default: .null, "steps in the moving average; 1 shows the values alone"),
                labels[0],
            ],
            returns: "Figure", summary: "Training curves, a panel for each metric and a line for each run.",
            details: "Every run is drawn as it is, faint, under the moving average of its values.",
            example:
                "fig = plot.training({demo: [{step: 1, reward: 0.2}, {step: 2, reward: 0.4}]}, metrics: [\"reward\"])",
            seeAlso: ["rlvr", "warmup", "plot.widths"]
        ) { call in
            let curves = try call.value("runs").named(orSingle: "run").map { name, run in try curve(name, run) }
            let recorded = curves.first?.metrics.map(\.name) ?? []
            let chosen =
                try call.optionalList("metrics")?.elements.map { Printer.display($0) }
                ?? (recorded.contains("reward")
                    ? ["reward", "entropy"].filter(recorded.contains) : recorded.filter { $0 == "loss" })
            return figure(
                try .training(
                    curves, metrics: chosen, window: try call.optionalCount("window"), title: try call.string("title")),
                environment)
        }
    }

    /// A run's history, or a list of records, as columns.
    private static func curve(_ name: String, _ run: Value) throws -> TrainingCurve {
        let history = try run.asList.map { Value.object($0) } ?? run.field("history")
        guard let rows = history?.asList?.elements, !rows.isEmpty else {
            throw RuntimeError("`\(name)` must be a run, or a list of records, not \(run.typeName)", code: "E203")
        }
        let names = rows[0].asRecord?.keys.filter { $0 != "step" } ?? []
        let columns = names.map { metric in
            (name: metric, values: rows.map { $0.asRecord?[metric]?.asDouble ?? .nan })
        }
        let steps = rows.compactMap { $0.asRecord?["step"]?.asDouble }
        return TrainingCurve(name: name, steps: steps.count == rows.count ? steps : nil, metrics: columns)
    }

    private static func gpass(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.gpass",
            parameters: [
                Parameter("evaluations", .any, "an evaluation, or a record of named ones with the same k"), labels[0],
            ],
            returns: "Figure", summary: "G-Pass@k against the number of right answers asked for, an arm a line.",
            details: """
                Figure 4 of the paper. The fields used are `gpass` (a list of k numbers) and, where there are, \
                `gpass_low` and `gpass_high`.
                """,
            example: "fig = plot.gpass({base: {gpass: [0.9, 0.6, 0.3, 0.1]}, bridge: {gpass: [0.9, 0.7, 0.5, 0.3]}})",
            seeAlso: ["evaluate", "plot.widths", "metric.gpass"]
        ) { call in
            let arms = try arms(call.value("evaluations"), parameter: "evaluations").map { name, evaluation in
                guard let values = try evaluation.field("gpass") else {
                    throw RuntimeError("`\(name)` is \(evaluation.typeInWords) without the field `gpass`", code: "E204")
                }
                let low = try evaluation.field("gpass_low")?.numbers("`gpass_low`")
                let high = try evaluation.field("gpass_high")?.numbers("`gpass_high`")
                let estimates = try values.numbers("`gpass` of `\(name)`").enumerated().map { index, value in
                    Plots.Estimate(value, low: low?[safe: index], high: high?[safe: index])
                }
                return (name: name, values: estimates)
            }
            return figure(try .gPass(arms, title: try call.string("title")), environment)
        }
    }

    private static func widths(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "plot.widths",
            parameters: [
                Parameter("sweeps", .any, "a list of evaluations at several widths, or a record of named lists"),
                labels[0],
            ],
            returns: "Figure",
            summary: "Accuracy and coverage against evaluation width, an arm a line, with intervals.",
            details: """
                Figure 5 of the paper. The fields used are `width`, `accuracy` and `coverage`, each with `_low` and \
                `_high` where there are.
                """,
            example: """
                sweep = [{width: 1, accuracy: 0.4, coverage: 0.4}, {width: 2, accuracy: 0.5, coverage: 0.7}]
                fig = plot.widths({base: sweep})
                """,
            seeAlso: ["evaluate", "plot.gpass"]
        ) { call in
            let curves = try arms(call.value("sweeps"), parameter: "sweeps").map { name, value in
                guard let sweep = value.asList?.elements else {
                    throw RuntimeError(
                        "`\(name)` must be a list of evaluations, not \(value.typeInWords)", code: "E203")
                }
                return WidthCurve(
                    name: name, widths: try sweep.map { Int(try $0.numberField("width", of: "`\(name)`")) },
                    accuracy: try sweep.map { try estimate($0, "accuracy", of: name) },
                    coverage: try sweep.map { try estimate($0, "coverage", of: name) })
            }
            return figure(try .widths(curves, title: try call.string("title")), environment)
        }
    }

    /// The arms of a record; an evaluation, or a record that looks like one, is a single arm.
    private static func arms(_ value: Value, parameter: String) throws -> [(String, Value)] {
        guard let record = value.asRecord, record["gpass"] == nil else { return [("", value)] }
        guard record.count > 0 else { throw RuntimeError("`\(parameter)` names no arm", code: "E203") }
        return record.pairs
    }

    private static func estimate(_ evaluation: Value, _ name: String, of arm: String) throws -> Plots.Estimate {
        Plots.Estimate(
            try evaluation.numberField(name, of: "`\(arm)`"), low: try evaluation.field(name + "_low")?.asDouble,
            high: try evaluation.field(name + "_high")?.asDouble)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
