import Language
import Training

/// Traces in a script's hands.
final class TracesObject: NativeObject {
    let traces: Traces

    init(_ traces: Traces) { self.traces = traces }

    override var typeName: String { "Traces" }
    override class var fields: [TypeField] {
        [
            TypeField("problems", "Int", "problems with a right answer"),
            TypeField("rows", "Int", "right answers"),
            TypeField("sampled", "Int", "problems that were tried"),
            TypeField("accuracy", "Float", "the share of answers that were right"),
        ]
    }

    override var byteCount: Int {
        traces.traces.reduce(0) { sum, trace in
            sum + 200 + 4 * (trace.prompt.count + trace.completions.reduce(0) { $0 + $1.count })
        }
    }

    override func member(_ name: String) -> Value? {
        switch name {
        case "problems": .int(traces.traces.count)
        case "rows": .int(rows)
        case "sampled": .int(traces.sampledProblems)
        case "accuracy": .float(traces.accuracy)
        default: nil
        }
    }

    private var rows: Int { traces.traces.reduce(0) { $0 + $1.completions.count } }

    override func describe(_ budget: inout PrintBudget) -> String {
        let problems = "\(traces.traces.count) of \(traces.sampledProblems) problems"
        return "<Traces: \(rows) correct answers to \(problems)>"
    }
}
