import Language
import Tensors

/// Gradients and optimisers, for training loops of one's own.
enum LearningLibrary {
    static func functions() -> [NativeFunction] {
        [
            NativeFunction(
                name: "param", parameters: [Parameter("x", .any, "a tensor, or numbers")], returns: "Tensor",
                summary: "A copy of a tensor as a parameter: `backward` leaves its gradient in `.grad`.",
                example: "w = param([1, 2])\nbackward((w * w).sum())\nprint(w.grad)", seeAlso: ["backward", "adamw"]
            ) { call in .tensor(try call.value("x").tensor("`x`").detached().copy().parameter()) },
            NativeFunction(
                name: "backward", parameters: [Parameter("loss", .object("Tensor"), "a tensor of one element")],
                summary: "Adds the gradients of a loss to `.grad` of every parameter that it depends on.",
                details: """
                    Gradients add up until `opt.zero()`. The record of the computation is dropped, so that a loss can \
                    be used once.
                    """,
                example: "w = param([3])\nbackward((w ** 2).sum())\nprint(w.grad)",
                seeAlso: ["param", "value_and_grad"]
            ) { call in
                try call.object("loss", as: TensorObject.self).tensor.backward()
                return .null
            },
            NativeFunction(
                name: "value_and_grad", parameters: [Parameter("f", .function, "from tensors to a loss")],
                returns: "Function",
                summary: "A function that gives the loss and its gradients with respect to the arguments.",
                example:
                    "f = value_and_grad(x -> (x ** 3).sum())\n(loss, grads) = f(tensor([2]))\nprint(loss, grads[0])",
                seeAlso: ["backward"]
            ) { call in valueAndGrad(call.value("f")) },
            optimiser(
                "adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019).",
                [
                    Parameter("betas", .list, default: .list([.float(0.9), .float(0.999)]), "decay of the two moments"),
                    Parameter("weight_decay", .number, default: .float(0.01), "decoupled"),
                ]
            ) { parameters, rate, call in
                let betas = try call.value("betas").numbers("`betas`")
                guard betas.count == 2 else {
                    throw RuntimeError("`betas` of `adamw` must be two numbers", code: "E203")
                }
                let adam = AdamW(
                    parameters, learningRate: rate, beta1: Float(betas[0]), beta2: Float(betas[1]),
                    weightDecay: Float(try call.float("weight_decay")))
                return OptimiserObject("adamw", step: adam.step, zero: adam.zeroGradients)
            },
            optimiser(
                "sgd", "Stochastic gradient descent.",
                [
                    Parameter("momentum", .number, default: .float(0), "of the gradients"),
                    Parameter("weight_decay", .number, default: .float(0), "added to the gradients"),
                ]
            ) { parameters, rate, call in
                let sgd = SGD(
                    parameters, learningRate: rate, momentum: Float(try call.float("momentum")),
                    weightDecay: Float(try call.float("weight_decay")))
                return OptimiserObject("sgd", step: sgd.step, zero: sgd.zeroGradients)
            },
            step(), zero(),
        ]
    }

    private static func optimiser(
        _ name: String, _ summary: String, _ options: [Parameter],
        _ make: @escaping ([Tensor], Float, NativeCall) throws -> OptimiserObject
    ) -> NativeFunction {
        NativeFunction(
            name: name,
            parameters: [
                Parameter("params", .list, "tensors made by `param`"), Parameter("lr", .number, "the learning rate"),
            ] + options,
            returns: "Optimiser", summary: summary,
            example: """
                w = param([5.0])
                opt = \(name)([w], lr: 0.1)
                for i in 0..50 {
                  opt.zero()
                  backward((w ** 2).sum())
                  opt.step()
                }
                print(w.item() < 2)
                """, seeAlso: ["Optimiser.step", "Optimiser.zero"]
        ) { call in
            let parameters = try call.list("params").elements.enumerated().map { index, value in
                guard let object = value.object as? TensorObject, object.tensor.requiresGradient else {
                    throw RuntimeError("item \(index) of `params` must be a tensor made by `param`", code: "E203")
                }
                return object.tensor
            }
            return .object(try make(parameters, Float(try call.float("lr")), call))
        }
    }

    private static func step() -> NativeFunction {
        NativeFunction(
            name: "Optimiser.step", summary: "Moves every parameter that has a gradient.",
            example: "w = param([5.0])\nopt = adamw([w], lr: 0.1)\nbackward(w.sum())\nopt.step()",
            seeAlso: ["Optimiser.zero"]
        ) { call in
            try call.receiver(as: OptimiserObject.self).step()
            return .null
        }
    }

    private static func zero() -> NativeFunction {
        NativeFunction(
            name: "Optimiser.zero", summary: "Forgets the gradients of its parameters.",
            example: "w = param([5.0])\nopt = adamw([w], lr: 0.1)\nopt.zero()\nprint(w.grad)",
            seeAlso: ["Optimiser.step"]
        ) { call in
            try call.receiver(as: OptimiserObject.self).zero()
            return .null
        }
    }

    private static func valueAndGrad(_ function: Value) -> Value {
        .object(
            NativeFunctionObject(
                NativeFunction(
                    name: "value_and_grad(f)", parameters: [.variadic("arguments", .any, "tensors")], returns: "List",
                    summary: "The loss and a list of gradients.", example: ""
                ) { call in
                    let inputs = try call.list("arguments").elements.enumerated().map {
                        try $1.tensor("argument \($0)").detached().copy().parameter()
                    }
                    let loss = try call.call(function, inputs.map { .tensor($0) })
                    guard let tensor = (loss.object as? TensorObject)?.tensor else {
                        throw RuntimeError(
                            "the function given to `value_and_grad` must give a Tensor, not a \(loss.typeName)",
                            code: "E203")
                    }
                    try tensor.backward()
                    let gradients = try inputs.map { Value.tensor(try $0.gradient ?? Tensor.zeros($0.shape)) }
                    return .list([.tensor(tensor.detached()), .list(gradients)])
                }))
    }
}

/// An optimiser in a script's hands.
final class OptimiserObject: NativeObject {
    let name: String
    let step: () throws -> Void
    let zero: () -> Void

    init(_ name: String, step: @escaping () throws -> Void, zero: @escaping () -> Void) {
        self.name = name
        self.step = step
        self.zero = zero
    }

    override var typeName: String { "Optimiser" }
    override func describe(_ budget: inout PrintBudget) -> String { "<Optimiser \(name)>" }
}
