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
                Parameter("eps", .number, default: .float(1e-8), "added to the root of the second moment"),
            ]
        ) { groups, call in
            let betas = try betas(call.value("betas"), "`adamw`")
            return AdamW(
                groups, beta1: betas.0, beta2: betas.1, epsilon: try setting(call.value("eps"), "eps", "`adamw`"),
                weightDecay: try setting(call.value("weight_decay"), "weight_decay", "`adamw`"))
        }
    }

    private static func sgd() -> NativeFunction {
        optimiser(
            "sgd", "Stochastic gradient descent.",
            [
                Parameter("momentum", .number, default: .float(0), "of the gradients"),
                Parameter("weight_decay", .number, default: .float(0), "added to the gradients"),
                Parameter("nesterov", .bool, default: .bool(false), "look a step of the momentum ahead"),
            ]
        ) { groups, call in
            SGD(
                groups, momentum: try setting(call.value("momentum"), "momentum", "`sgd`"),
                weightDecay: try setting(call.value("weight_decay"), "weight_decay", "`sgd`"),
                isNesterov: try call.bool("nesterov"))
        }
    }

    private static func muon() -> NativeFunction {
        optimiser(
            "muon", "Momentum made orthogonal, for parameters that are matrices (Jordan 2024).",
            [
                Parameter("momentum", .number, default: .float(0.95), "of the gradients"),
                Parameter("weight_decay", .number, default: .float(0.1), "decoupled"),
            ], parameter: "param([[5.0]])",
            details: """
                As torch.optim.Muon with Nesterov momentum, but the orthogonalisation is in 32-bit floats where \
                PyTorch takes bfloat16, so that steps differ by a few per cent; `lr` has no default.
                """
        ) { groups, call in
            try Muon(
                groups, momentum: try setting(call.value("momentum"), "momentum", "`muon`"),
                weightDecay: try setting(call.value("weight_decay"), "weight_decay", "`muon`"))
        }
    }

    private static func optimiser(
        _ name: String, _ summary: String, _ options: [Parameter], parameter: String = "param([5.0])",
        details: String = "",
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
                be left out, as may `betas` of adamw and `momentum` of the others. `opt.lr = x` sets the rate of all \
                groups.
                """ + (details.isEmpty ? "" : "\n\n" + details),
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
                try opt.load(call.value("state"))
                return .null
            },
        ]
    }
}
