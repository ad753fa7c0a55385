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
            TypeField("kind", "String"), TypeField("model", "Model"), TypeField("history", "List"),
            TypeField("folder", "String or Nil"), TypeField("seconds", "Float"),
        ]
    }

    override func member(_ name: String) -> Value? {
        switch name {
        case "kind": .string(run.kind.rawValue)
        case "model": .object(ModelObject(model))
        case "history":
            .list(
                run.history.map { step in
                    .object(RecordObject(step.entries.map { ($0.name, Self.number($0.name, $0.value)) }))
                })
        case "folder": run.folder.map { .string($0) } ?? .null
        case "seconds": .float(run.duration)
        default: nil
        }
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
