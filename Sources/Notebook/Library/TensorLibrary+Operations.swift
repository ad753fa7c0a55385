import Glibc
import Language
import Tensors

extension TensorLibrary {
    private static var dim: Parameter {
        Parameter("dim", .int | .list, default: .null, "the dimension, or a list of them; all without it")
    }
    private static var oneDim: Parameter {
        Parameter("dim", .int, default: .null, "the dimension; all elements without it")
    }
    private static var lastDim: Parameter { Parameter("dim", .int, default: .int(-1), "the dimension") }
    private static var correction: Parameter {
        Parameter("correction", .int, default: .int(1), "taken off the count; 1 for a sample")
    }
    private static var keep: Parameter {
        Parameter("keepdim", .bool, default: .bool(false), "keep the dimension with the size 1")
    }

    static func operations() -> [Operation] { elementwise() + shaping() + reductions() + selecting() + answers() }

    private static func elementwise() -> [Operation] {
        let functions: [(String, String, Bool, (Tensor) throws -> Tensor)] = [
            ("abs", "The absolute value of each element.", true, { try $0.abs() }),
            ("exp", "e to the power of each element.", true, { try $0.exp() }),
            ("log", "The natural logarithm of each element.", true, { try $0.log() }),
            ("sqrt", "The square root of each element.", true, { try $0.sqrt() }),
            ("floor", "The largest whole number not above each element.", true, { try $0.floor() }),
            ("ceil", "The smallest whole number not below each element.", true, { try $0.ceil() }),
            ("round", "Each element rounded to a whole number, halves to even.", true, { try $0.round() }),
            ("tanh", "The hyperbolic tangent of each element.", false, { try $0.tanh() }),
            ("sigmoid", "1 / (1 + exp(-x)) of each element.", false, { try $0.sigmoid() }),
            ("relu", "Each element, but 0 where it is negative.", false, { try $0.relu() }),
            ("silu", "x * sigmoid(x) of each element.", false, { try $0.silu() }),
            ("sin", "The sine of each element.", false, { try $0.sin() }),
            ("cos", "The cosine of each element.", false, { try $0.cos() }),
            ("erf", "The error function of each element.", false, { try $0.erf() }),
        ]
        return functions.map { name, summary, isMethodOnly, body in
            Operation(
                name: name, summary: summary, example: "print(tensor([0.5, 2]).\(name)())", isMethodOnly: isMethodOnly,
                ofNumber: ofNumber[name]
            ) { x, _ in .tensor(try body(x)) }
        } + [gelu(), clamp()]
    }

    /// The functions of a single number, which scripts use without thinking of tensors.
    private static let ofNumber: [String: @Sendable (Double) -> Double] = [
        "tanh": { tanh($0) }, "sin": { sin($0) }, "cos": { cos($0) }, "erf": { erf($0) }, "relu": { max(0, $0) },
        "sigmoid": { 1 / (1 + exp(-$0)) }, "silu": { $0 / (1 + exp(-$0)) },
    ]

    private static func gelu() -> Operation {
        Operation(
            name: "gelu",
            parameters: [Parameter("approximate", .string, default: .string("none"), "\"none\" or \"tanh\"")],
            summary: "The Gaussian error linear unit of each element: x times the normal distribution function.",
            details: "`approximate: \"tanh\"` is the form that GPT-2 was trained with.",
            example: "print(tensor([0.5, 2]).gelu())"
        ) { x, call in
            let form = try call.string("approximate")
            guard ["none", "tanh"].contains(form) else {
                throw RuntimeError("`approximate` of `gelu` is \"none\" or \"tanh\", not \"\(form)\"", code: "E203")
            }
            return .tensor(try x.gelu(approximateByTanh: form == "tanh"))
        }
    }

    private static func clamp() -> Operation {
        Operation(
            name: "clamp",
            parameters: [
                Parameter("min", .number, default: .null, "the lowest value"),
                Parameter("max", .number, default: .null, "the highest value"),
            ], summary: "Each element, but no lower and no higher than the limits.",
            example: "print(tensor([-3, 0.5, 3]).clamp(-1, 1))"
        ) { x, call in
            let low = try call.optionalFloat("min"), high = try call.optionalFloat("max")
            let result = try x.clamp(Float(low ?? -.infinity), Float(high ?? .infinity))
            let isWhole = ["min", "max"].allSatisfy { call.value($0).isNull || call.value($0).asInt != nil }
            return .tensor(isWhole && x.kind != .real ? try result.asIntegers() : result)
        }
    }

    private static func shaping() -> [Operation] {
        [
            Operation(
                name: "reshape", parameters: [sizes],
                summary: "The same elements in another shape; one size may be -1.",
                example: "print(arange(6).reshape(2, -1))"
            ) { x, call in .tensor(try x.reshape(try shape(call))) },
            Operation(
                name: "permute", parameters: [.variadic("dims", .int | .list, "all dimensions in their new order")],
                summary: "The dimensions in another order; a view.",
                example: "print(zeros(2, 3, 4).permute(2, 0, 1).shape)"
            ) { x, call in .tensor(try x.permute(try shape(call, "dims"))) },
            Operation(
                name: "transpose",
                parameters: [
                    Parameter("a", .int, default: .int(-2), "a dimension"),
                    Parameter("b", .int, default: .int(-1), "another"),
                ],
                summary: "Two dimensions exchanged; a view.", example: "print(zeros(2, 3).transpose().shape)"
            ) { x, call in .tensor(try x.transpose(try call.int("a"), try call.int("b"))) },
            Operation(
                name: "squeeze",
                parameters: [Parameter("dim", .int, default: .null, "the dimension; all of the size 1 without it")],
                summary: "Without one dimension of the size 1, or without all of them.",
                example: "print(zeros(1, 3, 1).squeeze().shape)"
            ) { x, call in
                .tensor(try x.squeeze(try call.optionalInt("dim")))
            },
            Operation(
                name: "unsqueeze", parameters: [Parameter("dim", .int, "where the new dimension goes")],
                summary: "With a new dimension of the size 1.",
                example: "print(zeros(3).unsqueeze(0).shape)"
            ) { x, call in .tensor(try x.unsqueeze(try call.int("dim"))) },
            Operation(
                name: "expand", parameters: [sizes],
                summary: "Dimensions of the size 1 repeated without copying; -1 keeps a size.",
                example: "print(tensor([[1], [2]]).expand(2, 3))"
            ) { x, call in
                .tensor(try x.expand(try shape(call)))
            },
        ]
    }

    private static func reductions() -> [Operation] {
        func dims(_ call: NativeCall) throws -> [Int]? {
            call.value("dim").isNull ? nil : try shape(of: call.value("dim"), "dim")
        }
        func extreme(
            _ name: String, _ all: @escaping (Tensor) throws -> Tensor,
            _ one: @escaping (Tensor, Int, Bool) throws -> (values: Tensor, indices: Tensor)
        ) -> Operation {
            Operation(
                name: name, parameters: [oneDim, keep], returns: "Tensor or Record",
                summary:
                    "The \(name == "max" ? "largest" : "smallest") element; with `dim` a record of values and indices.",
                example: "x = tensor([[1, 5], [7, 2]])\nprint(x.\(name)(), x.\(name)(dim: 1).values)",
                isMethodOnly: true
            ) { x, call in
                guard let dim = try call.optionalInt("dim") else { return .tensor(try all(x)) }
                let result = try one(x, dim, try call.bool("keepdim"))
                return .record(["values": .tensor(result.values), "indices": .tensor(result.indices)])
            }
        }
        return [
            Operation(
                name: "sum", parameters: [dim, keep], summary: "The sum of the elements.",
                example: "print(ones(2, 3).sum(dim: 0))", isMethodOnly: true
            ) { x, call in
                .tensor(try x.sum(try dims(call), keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "mean", parameters: [dim, keep], summary: "The mean of the elements.",
                example: "print(arange(4).mean())", isMethodOnly: true
            ) { x, call in
                .tensor(try x.mean(try dims(call), keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "var", parameters: [dim, correction, keep],
                summary: "The variance of the elements, of a sample unless `correction` is 0.",
                example: "print(tensor([1, 2, 3, 4]).var())"
            ) { x, call in
                .tensor(
                    try x.variance(
                        try dims(call), correction: try call.int("correction"),
                        keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "std", parameters: [dim, correction, keep],
                summary: "The standard deviation of the elements, of a sample unless `correction` is 0.",
                example: "print(tensor([1, 2, 3, 4]).std())", isMethodOnly: true
            ) { x, call in
                .tensor(
                    try x.standardDeviation(
                        try dims(call), correction: try call.int("correction"),
                        keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "logsumexp", parameters: [lastDim, keep],
                summary: "The logarithm of the sum of the exponentials along a dimension, numerically safe.",
                example: "print(tensor([0, 1000]).logsumexp())"
            ) { x, call in
                .tensor(try x.logSumExp(try call.int("dim"), keepDimensions: try call.bool("keepdim")))
            },
            extreme("max", { try $0.max() }, { try $0.max($1, keepDimensions: $2) }),
            extreme("min", { try $0.min() }, { try $0.min($1, keepDimensions: $2) }),
            Operation(
                name: "argmax", parameters: [oneDim, keep],
                summary: "The index of the largest element; the first of several.",
                example: "print(tensor([1, 5, 2]).argmax())"
            ) { x, call in
                .tensor(try x.argmax(try call.optionalInt("dim"), keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "argmin", parameters: [oneDim, keep],
                summary: "The index of the smallest element; the first of several.",
                example: "print(tensor([1, 5, 2]).argmin())"
            ) { x, call in
                .tensor(try x.argmin(try call.optionalInt("dim"), keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "prod", parameters: [oneDim, keep], summary: "The product of the elements.",
                example: "print(tensor([2, 3, 4]).prod())"
            ) { x, call in
                .tensor(try x.prod(try call.optionalInt("dim"), keepDimensions: try call.bool("keepdim")))
            },
            Operation(
                name: "cumsum", parameters: [Parameter("dim", .int, "the dimension")],
                summary: "Running sums along a dimension.", example: "print(ones(4).cumsum(0))"
            ) { x, call in
                .tensor(try x.cumsum(try call.int("dim")))
            },
            Operation(
                name: "softmax", parameters: [lastDim],
                summary: "exp(x) / sum(exp(x)) along a dimension, numerically safe: of the same shape.",
                details: "A row of nothing but -inf gives zeros, where PyTorch gives NaN.",
                example: "print(tensor([0, 1, 2]).softmax())"
            ) { x, call in
                .tensor(try x.softmax(try call.int("dim")))
            },
            Operation(
                name: "log_softmax", parameters: [lastDim],
                summary: "The logarithm of softmax along a dimension, numerically safe: of the same shape.",
                example: "print(tensor([0, 1000]).log_softmax())"
            ) { x, call in
                .tensor(try x.logSoftmax(try call.int("dim")))
            },
        ]
    }

    private static func selecting() -> [Operation] {
        [
            Operation(
                name: "gather",
                parameters: [
                    Parameter("dim", .int, "the dimension"),
                    Parameter("index", .any, "whole numbers, in the result's shape"),
                ],
                summary: "Elements picked along a dimension by an index tensor: of the index's shape.",
                example: "x = tensor([[1, 2], [3, 4]])\nprint(gather(x, 1, [[1], [0]]))"
            ) { x, call in .tensor(try x.gather(try call.int("dim"), try call.value("index").tensor("`index`"))) },
            Operation(
                name: "topk", parameters: [Parameter("k", .int, "how many"), lastDim], returns: "Record",
                summary: "The k largest elements along a dimension: values and indices, [..., n] to [..., k].",
                example: "print(topk([1, 5, 2, 4], 2).values)"
            ) { x, call in
                let top = try x.topk(try call.int("k"), try call.int("dim"))
                return .record(["values": .tensor(top.values), "indices": .tensor(top.indices)])
            },
            Operation(
                name: "one_hot", parameters: [Parameter("classes", .int, "the size of the new last dimension")],
                summary: "1 at the index that each element names, else 0.",
                example: "print(one_hot([0, 2], 3))"
            ) { x, call in .tensor(try x.oneHot(try call.int("classes"))) },
            Operation(
                name: "tril",
                parameters: [Parameter("diagonal", .int, default: .int(0), "elements up to this diagonal stay")],
                summary: "The lower triangle of the last two dimensions, of the same shape; 0 above it.",
                example: "print(ones(3, 3).tril())"
            ) { x, call in .tensor(try x.tril(try call.int("diagonal"))) },
            Operation(
                name: "triu",
                parameters: [Parameter("diagonal", .int, default: .int(0), "elements from this diagonal on stay")],
                summary: "The upper triangle of the last two dimensions, of the same shape; 0 below it.",
                example: "print(ones(3, 3).triu())"
            ) { x, call in .tensor(try x.triu(try call.int("diagonal"))) },
        ]
    }
}
