import Language
import Models
import Tensors

/// Looking inside a model: what it is made of, and how far rounded weights move it.
enum ModelInspection {
    static func functions() -> [NativeFunction] { [summary(), logprobGap()] }

    private static func summary() -> NativeFunction {
        NativeFunction(
            name: "Model.summary", returns: "List",
            summary: "What the model is made of, as records that print as a table.",
            details: """
                A record for each kind of weight: `module`, its name with `*` for the number of the layer; `count`, in \
                how many layers it is; `shape` of one; `parameters` and `bytes` of all of them, in f32; `share` of the \
                model's parameters; and `new`, whether it belongs to Bridge or P-Match. The last record is of all \
                together, and its `new` is `new_fraction`: the new parameters for each of the base's.
                """,
            example: "print(model.load(\"tiny\").summary())", seeAlso: ["model.load", "bridge.attach"]
        ) { call in
            let model = try call.receiver(as: ModelObject.self).model
            let modules = try modules(of: model)
            let total = model.parameterCount()
            func row(_ module: Module, share: String, new: Value) -> Value {
                .record([
                    "module": .string(module.name), "count": .int(module.count), "shape": .string(module.shape),
                    "parameters": .int(module.parameters), "bytes": .int(4 * module.parameters),
                    "share": .string(share), "new": new,
                ])
            }
            let all = Module(
                name: "all", count: modules.reduce(0) { $0 + $1.count }, shape: "", parameters: total, isNew: false)
            let newShare = percent(model.parameterCount(.new), of: model.parameterCount(.old))
            return .list(
                modules.map { row($0, share: percent($0.parameters, of: total), new: .bool($0.isNew)) }
                    + [row(all, share: "100.0%", new: .string(newShare))])
        }
    }

    private struct Module {
        let name: String
        var count: Int
        let shape: String
        var parameters: Int
        let isNew: Bool
    }

    /// Weights whose names differ in the number of the layer only are one.
    private static func modules(of model: LanguageModel) throws -> [Module] {
        let old = try model.configuration.weightShapes().map { ($0.name, $0.shape, false) }
        let new = try model.namedParameters(.new).map { ($0.name, $0.tensor.shape, true) }
        var modules: [Module] = []
        var places: [String: Int] = [:]
        for (name, shape, isNew) in old + new {
            var parts = name.split(separator: ".").map { Int($0) == nil ? String($0) : "*" }
            // Short names, so that a line of the table holds them.
            if parts.first == "model" { parts.removeFirst() }
            if parts.last == "weight" { parts.removeLast() }
            let general = parts.joined(separator: ".")
            let count = shape.reduce(1, *)
            if let place = places[general] {
                modules[place].count += 1
                modules[place].parameters += count
            } else {
                places[general] = modules.count
                let sizes = shape.map(String.init).joined(separator: " x ")
                modules.append(Module(name: general, count: 1, shape: sizes, parameters: count, isNew: isNew))
            }
        }
        return modules
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = (1000 * part + whole / 2) / max(whole, 1)
        return "\(tenths / 10).\(tenths % 10)%"
    }

    private static func logprobGap() -> NativeFunction {
        NativeFunction(
            name: "Model.logprob_gap",
            parameters: [Parameter("groups", .object("Groups"), "what was sampled from this model")],
            returns: "Record",
            summary: "How far the log-probabilities that sampling recorded are from the model's own.",
            details: """
                `mean` and `max` are of the absolute differences over all `tokens`. With `precision: "f32"` they are \
                the rounding of two ways to compute the same (below 1e-4); with the others they say what the \
                rounded weights cost. The groups must have been sampled plainly: temperature above 0, nothing cut off.
                """,
            example: """
                m = model.load("tiny")
                g = sample(m, task.sums(terms: 3, digits: 1), problems: 2, width: 4, precision: "q8")
                print(m.logprob_gap(g).max < 0.5)
                """,
            seeAlso: ["sample", "rlvr"]
        ) { call in
            let model = try call.receiver(as: ModelObject.self).model
            let groups = try call.object("groups", as: GroupsObject.self).groups
            guard groups.options.isPlain else {
                throw RuntimeError(
                    "the groups were sampled with temperature 0 or with tokens cut off; sample them plainly",
                    code: "E205")
            }
            var sum = 0.0, largest = 0.0, count = 0
            for problem in groups.problems {
                for group in problem.groups {
                    let batch = try TokenBatch([(prompt: problem.prompt, rows: group.map(\.tokens))])
                    let own = try noGrad {
                        try model.tokenLogProbabilities(batch, temperature: Float(groups.options.temperature)).floats()
                    }
                    for (x, y) in zip(own, group.flatMap(\.logProbabilities)) {
                        sum += abs(Double(x - y))
                        largest = max(largest, abs(Double(x - y)))
                        count += 1
                    }
                }
            }
            return .record([
                "mean": .float(sum / Double(max(count, 1))), "max": .float(largest), "tokens": .int(count),
            ])
        }
    }
}
