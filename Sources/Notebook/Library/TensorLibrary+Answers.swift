import Language
import Tensors

extension TensorLibrary {
    /// What is asked of answers, and made of them.
    static func answers() -> [Operation] {
        func quantifier(
            _ name: String, _ summary: String, _ ask: @escaping (Tensor, [Int]?, Bool) throws -> Tensor
        ) -> Operation {
            Operation(
                name: name,
                parameters: [
                    Parameter("dim", .int | .list, default: .null, "the dimension, or a list of them; all without it"),
                    Parameter("keepdim", .bool, default: .bool(false), "keep the dimension with the size 1"),
                ], returns: "Bool or Tensor",
                summary: "Whether \(summary): a Bool, or with `dim` a tensor of answers.",
                example: "x = tensor([[1, 2], [3, -4]])\nprint((x > 0).\(name)(), (x > 0).\(name)(dim: 1))"
            ) { x, call in
                guard !call.value("dim").isNull else { return .bool(try ask(x, nil, false).item() != 0) }
                return .tensor(try ask(x, try shape(of: call.value("dim"), "dim"), try call.bool("keepdim")))
            }
        }
        func joining(_ name: String, _ word: String, _ body: @escaping (Tensor, Tensor) throws -> Tensor) -> Operation {
            Operation(
                name: name, parameters: [Parameter("other", .any, "answers; what is not 0 counts as yes")],
                summary: "For each element whether it \(word) its counterpart are yes; broadcasts.",
                example: "x = tensor([1, 2, 3])\nprint(\(name)(x > 1, x < 3))"
            ) { x, call in .tensor(try body(x, call.value("other").tensor("`other`"))) }
        }
        return [
            quantifier("any", "any element is not 0") { try $0.any($1, keepDimensions: $2) },
            quantifier("all", "all elements are not 0") { try $0.all($1, keepDimensions: $2) },
            joining("logical_and", "and") { try $0.logicalAnd($1) },
            joining("logical_or", "or") { try $0.logicalOr($1) },
            Operation(
                name: "logical_not", summary: "The opposite answers: yes where an element is 0; also `not x`.",
                example: "x = tensor([1, 2, 3])\nprint(x[logical_not(x > 1)])"
            ) { x, _ in .tensor(try x.logicalNot()) },
        ]
    }
}

extension NativeFunction {
    /// The function as one that `debug.nan` names, where it computes tensors of tensors.
    func watchingForNaN() -> NativeFunction {
        NativeFunction(
            name: name, parameters: parameters, returns: returns, summary: summary, details: details, example: example,
            seeAlso: seeAlso
        ) { call in
            guard NaNCheck.isOn else { return try body(call) }
            let values = parameters.map { call.value($0.name) } + [call.receiver]
            let inputs = values.filter { $0.object != nil }.compactMap { try? $0.tensor("an input") }
            return try NaNCheck.watching(shortName, inputs, results: NativeFunction.tensors) { try body(call) }
        }
    }

    /// A result that is a tensor, or those of a record.
    private static func tensors(_ value: Value) -> [Tensor] {
        if let object = value.object as? TensorObject { return [object.tensor] }
        return (value.asRecord?.pairs ?? []).compactMap { ($0.1.object as? TensorObject)?.tensor }
    }
}
