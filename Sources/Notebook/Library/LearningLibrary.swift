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
            clip(), checkpoint(), nan(),
        ] + OptimiserLibrary.functions()
    }

    private static func clip() -> NativeFunction {
        NativeFunction(
            name: "clip_grad_norm",
            parameters: [
                Parameter("params", .list, "tensors made by `param`"),
                Parameter("max", .number, "the longest that the gradients may be, all together"),
            ], returns: "Float",
            summary: "Shortens gradients to a common Euclidean length; gives their length before.",
            details: "Gradients that are not finite stay as they are, so that the length given tells of them.",
            example: "w = param([3, 4])\nbackward((w * w).sum())\nprint(clip_grad_norm([w], 1), w.grad)",
            seeAlso: ["backward", "adamw"]
        ) { call in
            let parameters = try OptimiserLibrary.parameters(call.list("params").elements, "`params`")
            return .float(Double(try clipGradientNorm(parameters, maximum: Float(call.float("max")))))
        }
    }

    private static func checkpoint() -> NativeFunction {
        NativeFunction(
            name: "checkpoint",
            parameters: [
                Parameter("f", .function, "from tensors to a tensor; it must do the same each time"),
                .variadic("inputs", .any, "tensors"),
            ], returns: "Tensor",
            summary: "The result of a function, of which nothing is kept for gradients: `backward` calls it again.",
            details: "Memory for time: what lies inside needs room only while its own gradients are computed.",
            example: """
                w = param([2])
                y = checkpoint(x -> (x * w).exp(), tensor([1]))
                backward(y.sum())
                print(w.grad)
                """,
            seeAlso: ["backward"]
        ) { call in
            let inputs = try call.list("inputs").elements.enumerated().map { try $1.tensor("input \($0)") }
            let (interpreter, function) = (call.interpreter, call.value("f"))
            return .tensor(
                try Tensors.checkpoint(inputs) { inputs in
                    let result = try interpreter.call(function, inputs.map { .tensor($0) })
                    guard let tensor = (result.object as? TensorObject)?.tensor else {
                        throw RuntimeError(
                            "the function given to `checkpoint` must give a Tensor, not \(result.typeInWords)",
                            code: "E203")
                    }
                    return tensor
                })
        }
    }

    private static func nan() -> NativeFunction {
        NativeFunction(
            name: "debug.nan", parameters: [Parameter("on", .bool, default: .bool(true), "whether to look for it")],
            summary: "Makes the tensor operation that first gives NaN an error, forward and in gradients.",
            details: """
                The error names the operation, the element, and the range of what went in; tensors that hold NaN \
                already are let through. It reads every result, so turn it on only to find a fault.
                """,
            example: "debug.nan(true)\nx = tensor([1, 2]).log()\ndebug.nan(false)", seeAlso: ["backward"]
        ) { call in
            NaNCheck.isOn = try call.bool("on")
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
                    let loss = try withGrad { try call.call(function, inputs.map { .tensor($0) }) }
                    guard let tensor = (loss.object as? TensorObject)?.tensor else {
                        throw RuntimeError(
                            "the function given to `value_and_grad` must give a Tensor, not \(loss.typeInWords)",
                            code: "E203")
                    }
                    let gradients = try zip(inputs, tensor.gradients(of: inputs)).map {
                        Value.tensor(try $1 ?? Tensor.zeros($0.shape))
                    }
                    return .list([.tensor(tensor.detached()), .list(gradients)])
                }))
    }
}
