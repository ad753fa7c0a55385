import Language
import Tensors
import Training

/// Optimisers in scripts: making them, stepping, their state, and schedules of the learning rate.
enum OptimiserLibrary {
    static func functions() -> [NativeFunction] { [adamw(), sgd(), muon(), schedule()] + methods() }

    private static func adamw() -> NativeFunction {
        optimiser(
            "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).",
            [
                Parameter("betas", .list, default: .list([.float(0.9), .float(0.999)]), "decay of the two moments"),
                Parameter("weight_decay", .number, default: .float(0.01), "decoupled"),
            ]
        ) { groups, call in
            let betas = try call.value("betas").numbers("`betas`")
            guard betas.count == 2 else {
                throw RuntimeError("`betas` of `adamw` must be two numbers", code: "E203")
            }
            return AdamW(
                groups, beta1: Float(betas[0]), beta2: Float(betas[1]),
                weightDecay: Float(try call.float("weight_decay")))
        }
    }

    private static func sgd() -> NativeFunction {
        optimiser(
            "sgd", "Stochastic gradient descent.",
            [
                Parameter("momentum", .number, default: .float(0), "of the gradients"),
                Parameter("weight_decay", .number, default: .float(0), "added to the gradients"),
            ]
        ) { groups, call in
            SGD(groups, momentum: Float(try call.float("momentum")), weightDecay: Float(try call.float("weight_decay")))
        }
    }

    private static func muon() -> NativeFunction {
        optimiser(
            "muon", "Momentum made orthogonal, for parameters that are matrices (Jordan 2024).",
            [
                Parameter("momentum", .number, default: .float(0.95), "of the gradients"),
                Parameter("weight_decay", .number, default: .float(0.1), "decoupled"),
            ], parameter: "param([[5.0]])"
        ) { groups, call in
            try Muon(
                groups, momentum: Float(try call.float("momentum")),
                weightDecay: Float(try call.float("weight_decay")))
        }
    }

    private static func optimiser(
        _ name: String, _ summary: String, _ options: [Parameter], parameter: String = "param([5.0])",
        _ make: @escaping ([ParameterGroup], NativeCall) throws -> any Optimiser
    ) -> NativeFunction {
        NativeFunction(
            name: name,
            parameters: [
                Parameter("params", .list, "tensors made by `param`, or groups of them as records"),
                Parameter("lr", .number, "the learning rate"),
            ] + options,
            returns: "Optimiser", summary: summary,
            details: """
                A group is a record `{params: [...], lr: 0.1, weight_decay: 0}`, in which `lr` and `weight_decay` may \
                be left out. `opt.lr = x` sets the rate of all groups.
                """,
            example: """
                w = \(parameter)
                opt = \(name)([w], lr: 0.1)
                for i in 0..50 {
                  opt.zero()
                  backward((w ** 2).sum())
                  opt.step()
                }
                print(w.sum().item() < 2)
                """, seeAlso: ["Optimiser.step", "Optimiser.zero", "schedule"]
        ) { call in
            .object(OptimiserObject(name, try make(try groups(call), call)))
        }
    }

    /// A list of tensors is one group.
    private static func groups(_ call: NativeCall) throws -> [ParameterGroup] {
        let items = try call.list("params").elements
        let rate = Float(try call.float("lr"))
        guard items.contains(where: { $0.asRecord != nil }) else {
            return [ParameterGroup(try parameters(items, "`params`"), learningRate: rate)]
        }
        return try items.enumerated().map { index, item in
            let what = "group \(index) of `params`"
            guard let record = item.asRecord, let list = record["params"]?.asList else {
                throw RuntimeError("\(what) must be a record with a list `params`", code: "E203")
            }
            for name in record.keys where !["params", "lr", "weight_decay"].contains(name) {
                throw RuntimeError(
                    "\(what) has no use for `\(name)`: it may have params, lr and weight_decay", code: "E203")
            }
            func setting(_ name: String) throws -> Float? {
                guard let value = record[name] else { return nil }
                guard let number = value.asDouble else {
                    throw RuntimeError("`\(name)` of \(what) must be a number, not \(value.typeInWords)", code: "E203")
                }
                return Float(number)
            }
            return ParameterGroup(
                try parameters(list.elements, what), learningRate: try setting("lr") ?? rate,
                weightDecay: try setting("weight_decay"))
        }
    }

    private static func parameters(_ items: [Value], _ what: String) throws -> [Tensor] {
        try items.enumerated().map { index, value in
            guard let object = value.object as? TensorObject, object.tensor.requiresGradient else {
                throw RuntimeError("item \(index) of \(what) must be a tensor made by `param`", code: "E203")
            }
            return object.tensor
        }
    }

    private static func schedule() -> NativeFunction {
        NativeFunction(
            name: "schedule",
            parameters: [
                Parameter("kind", .string, "\"constant\", \"linear\", \"cosine\" or \"wsd\""),
                Parameter("step", .int, "which step, from 0"), Parameter("steps", .int, "of how many"),
                Parameter("warmup", .int, default: .int(0), "the first steps, over which the rate rises"),
                Parameter("final", .number, default: .float(0.1), "where it ends, as a share"),
            ],
            returns: "Float", summary: "The factor of the learning rate at a step.",
            details: """
                "wsd" (warm-up, stable, decay) is constant until the last fifth of the steps, and then a straight \
                line down.
                """,
            example: """
                print([round(schedule("cosine", i, steps: 5), 3) for i in 0..5])
                """, seeAlso: ["adamw"]
        ) { call in
            let (step, steps, warmUp) = (try call.int("step"), try call.int("steps"), try call.int("warmup"))
            for (name, value) in [("step", step), ("steps", steps), ("warmup", warmUp)] where value < 0 {
                throw RuntimeError("`\(name)` of `schedule` must not be negative: \(value)", code: "E203")
            }
            let kind: LearningRateSchedule.Kind = try TrainingLibrary.choice(call, "kind")
            return .float(
                LearningRateSchedule(kind, warmUpSteps: warmUp, finalShare: try call.float("final"))
                    .factor(step: step, of: steps))
        }
    }

    private static func methods() -> [NativeFunction] {
        func method(
            _ name: String, _ parameters: [Parameter], returns: String = "Nil", _ summary: String,
            _ example: String, _ body: @escaping (OptimiserObject, NativeCall) throws -> Value
        ) -> NativeFunction {
            NativeFunction(
                name: "Optimiser.\(name)", parameters: parameters, returns: returns, summary: summary,
                example: "w = param([5.0])\nopt = adamw([w], lr: 0.1)\n" + example, seeAlso: ["adamw"]
            ) { call in try body(try call.receiver(as: OptimiserObject.self), call) }
        }
        return [
            method(
                "step", [], "Moves every parameter that has a gradient.", "backward(w.sum())\nopt.step()"
            ) { opt, _ in
                try opt.optimiser.step()
                return .null
            },
            method("zero", [], "Forgets the gradients of its parameters.", "opt.zero()\nprint(w.grad)") { opt, _ in
                opt.optimiser.zeroGradients()
                return .null
            },
            method(
                "state", [], returns: "Record", "A copy of all that it remembers, for `load`.",
                "backward(w.sum())\nopt.step()\nprint(opt.state().steps)"
            ) { opt, _ in try opt.state() },
            method(
                "load", [Parameter("state", .record, "what `state` gave")],
                "Goes back to a state: from there on it does exactly what it did then.",
                "state = opt.state()\nbackward(w.sum())\nopt.step()\nopt.load(state)"
            ) { opt, call in
                try opt.load(try call.value("state"))
                return .null
            },
        ]
    }
}

/// An optimiser in a script's hands.
final class OptimiserObject: NativeObject {
    let name: String
    let optimiser: any Optimiser

    init(_ name: String, _ optimiser: any Optimiser) {
        self.name = name
        self.optimiser = optimiser
    }

    override var typeName: String { "Optimiser" }
    override func describe(_ budget: inout PrintBudget) -> String { "<Optimiser \(name)>" }

    override class var fields: [TypeField] {
        [TypeField("lr", "Float", "the learning rate of its first group; setting it sets that of all")]
    }

    override func member(_ name: String) throws -> Value? {
        guard name == "lr" else { return nil }
        return .float(Double(optimiser.groups.first?.learningRate ?? 0))
    }

    override func setMember(_ name: String, _ value: Value) throws -> Bool {
        guard name == "lr" else { return false }
        guard let rate = value.asDouble else {
            throw RuntimeError("`lr` must be a number, not \(value.typeInWords)", code: "E203")
        }
        for index in optimiser.groups.indices { optimiser.groups[index].learningRate = Float(rate) }
        return true
    }

    /// `{steps: 3, memory: [{first: Tensor, second: Tensor}, ...]}`
    func state() throws -> Value {
        let memory = try optimiser.memory.map { tensors in
            var record: [(String, Value)] = []
            for name in tensors.keys.sorted() { record.append((name, .tensor(try tensors[name]!.copy()))) }
            return Value.object(RecordObject(record))
        }
        return .record(["steps": .int(optimiser.steps), "memory": .list(memory)])
    }

    func load(_ state: Value) throws {
        guard let record = state.asRecord, let steps = record["steps"]?.asInt, steps >= 0,
            let memory = record["memory"]?.asList
        else { throw RuntimeError("the state must be a record that `state` gave", code: "E203") }
        try optimiser.restore(
            steps: steps,
            memory: try memory.elements.map { item in
                guard let tensors = item.asRecord else {
                    throw RuntimeError("the state must be a record that `state` gave", code: "E203")
                }
                var result: [String: Tensor] = [:]
                for name in tensors.keys { result[name] = try tensors[name]!.tensor("`\(name)` of the state") }
                return result
            })
    }
}
