import Language
import Models
import Training

/// The record of a training run in a script's hands.
final class RunObject: NativeObject {
    let run: Run
    /// What was trained.
    let model: LanguageModel

    init(_ run: Run, _ model: LanguageModel) {
        self.run = run
        self.model = model
    }

    override var typeName: String { "Run" }
    override class var fields: [TypeField] {
        [
            TypeField("kind", "String", "what kind of training it was"),
            TypeField("model", "Model", "the model that was trained"),
            TypeField("history", "List", "a record of numbers for each step"),
            TypeField("folder", "String or Nil", "where its checkpoints lie; nil without one"),
            TypeField("seconds", "Float", "how long it took"),
        ]
    }

    override var byteCount: Int { run.history.reduce(0) { $0 + 100 + 48 * $1.names.count } }

    override func member(_ name: String) -> Value? {
        switch name {
        case "kind": .string(run.kind.rawValue)
        case "model": .object(ModelObject(model))
        case "history":
            .list(run.history.map(Self.record))
        case "folder": run.folder.map { .string($0) } ?? .null
        case "seconds": .float(run.duration)
        default: nil
        }
    }

    override func firstElement(of field: String) -> Value? {
        field == "history" ? run.history.first.map(Self.record) : nil
    }

    private static func record(_ step: RunMetrics) -> Value {
        .object(RecordObject(step.entries.map { ($0.name, number($0.name, $0.value)) }))
    }

    private static func number(_ name: String, _ value: Double) -> Value {
        name == "step" ? .int(Int(value)) : .float(value)
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        let last = run.history.last.map { step in
            ["reward", "loss"].compactMap { name in step[name].map { ", \(name) \(($0 * 1000).rounded() / 1000)" } }
                .first ?? ""
        }
        let steps = "\(run.history.count) of \(run.steps) steps in \(ProgressLine.duration(run.duration))"
        return "<Run \(run.kind.rawValue): \(steps)\(last ?? "")>"
    }
}

extension RunObject: Summarised {
    /// What was done, and a line for each metric: its first value, its course, its last.
    func summary(columns: Int, hasUnicode: Bool) -> String {
        let steps = "\(run.history.count) of \(run.steps) steps in \(ProgressLine.duration(run.duration))"
        let series = metricNames.map { name in (name, run.history.compactMap { $0[name] }) }.filter { !$0.1.isEmpty }
        let starts = series.map { Trends.number($0.1[0]) }
        let widths = (name: series.map(\.0.count).max() ?? 0, start: starts.map(\.count).max() ?? 0)
        let lines = zip(series, starts).map { line, start in
            let (name, values) = line
            let head = "  " + Self.padded(name, widths.name + 2) + start
            guard values.contains(where: { $0 != values[0] }) else { return head }
            let end = Trends.number(values[values.count - 1])
            let room = columns - widths.name - widths.start - end.count - 7
            guard hasUnicode, room >= 4 else { return head + " to " + end }
            let course = Sparkline.text(values, columns: min(room, 40))
            return Self.padded(head, widths.name + widths.start + 5) + course + " " + end
        }
        return (["\(run.kind.rawValue): \(steps)"] + lines + (run.folder.map { ["  in \($0)"] } ?? []))
            .joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// All but the step's own number, in the order of their first coming.
    private var metricNames: [String] {
        var names: [String] = []
        for name in run.history.flatMap(\.names) where name != "step" && !names.contains(name) { names.append(name) }
        return names
    }
}
