import Language
import Tensors

/// Layers as functions of tensors.
enum LayerLibrary {
    static func functions() -> [NativeFunction] {
        [linear(), rmsNorm(), layerNorm(), rope(), embedding(), attention(), crossEntropy(), bridgeAttention()]
    }

    private static func x(_ shape: String) -> Parameter { Parameter("x", .object("Tensor"), shape) }
    private static func tensor(_ call: NativeCall, _ name: String) throws -> Tensor {
        try call.value(name).tensor("`\(name)`")
    }
    private static func optional(_ call: NativeCall, _ name: String) throws -> Tensor? {
        call.value(name).isNull ? nil : try tensor(call, name)
    }

    private static func linear() -> NativeFunction {
        NativeFunction(
            name: "linear",
            parameters: [
                x("(..., in)"), Parameter("weight", .object("Tensor"), "(out, in)"),
                Parameter("bias", .object("Tensor"), default: .null, "(out)"),
            ],
            returns: "Tensor", summary: "x @ weight.T + bias, (..., out).",
            example: "print(linear(ones(4, 3), randn([2, 3])).shape)", seeAlso: ["rms_norm"]
        ) { call in .tensor(try Tensors.linear(tensor(call, "x"), tensor(call, "weight"), bias: optional(call, "bias")))
        }
    }

    private static func rmsNorm() -> NativeFunction {
        NativeFunction(
            name: "rms_norm",
            parameters: [
                x("(..., D)"), Parameter("weight", .object("Tensor"), "(D)"),
                Parameter("eps", .number, default: .float(1e-5), "added to the mean square"),
            ],
            returns: "Tensor", summary: "Divides each row by its root mean square, times a weight.",
            example: "print(rms_norm(tensor([[3, 4]]), ones(2)))", seeAlso: ["layer_norm"]
        ) { call in
            .tensor(try Tensors.rmsNorm(tensor(call, "x"), tensor(call, "weight"), epsilon: Float(call.float("eps"))))
        }
    }

    private static func layerNorm() -> NativeFunction {
        NativeFunction(
            name: "layer_norm",
            parameters: [
                x("(..., D)"), Parameter("weight", .object("Tensor"), default: .null, "(D)"),
                Parameter("bias", .object("Tensor"), default: .null, "(D)"),
                Parameter("eps", .number, default: .float(1e-5), "added to the variance"),
            ], returns: "Tensor", summary: "Each row with mean 0 and variance 1, times a weight, plus a bias.",
            example: "print(layer_norm(tensor([[1, 3]])))", seeAlso: ["rms_norm"]
        ) { call in
            .tensor(
                try Tensors.layerNorm(
                    tensor(call, "x"), optional(call, "weight"), bias: optional(call, "bias"),
                    epsilon: Float(call.float("eps"))))
        }
    }

    private static func rope() -> NativeFunction {
        NativeFunction(
            name: "rope",
            parameters: [
                x("(B, T, H, dh)"), Parameter("theta", .number, default: .float(10_000), "the base of the wavelengths"),
                Parameter(
                    "positions", .any, default: .null, "a position for each of the T steps; 0, 1, 2, ... without it"),
            ],
            returns: "Tensor", summary: "Rotary position embedding, in the half-split form that Llama checkpoints use.",
            example: "print(rope(ones(1, 3, 1, 4)).shape)", seeAlso: ["attention"]
        ) { call in
            let positions = call.value("positions").isNull ? nil : try call.value("positions").integers("`positions`")
            return .tensor(try Tensors.rope(tensor(call, "x"), theta: Float(call.float("theta")), positions: positions))
        }
    }

    private static func embedding() -> NativeFunction {
        NativeFunction(
            name: "embedding",
            parameters: [
                Parameter("table", .object("Tensor"), "(V, D)"), Parameter("ids", .any, "whole numbers of any shape"),
            ],
            returns: "Tensor", summary: "Rows of a table by their ids, (..., D).",
            example: "print(embedding(randn([10, 4]), [1, 2, 3]).shape)", seeAlso: ["gather"]
        ) { call in
            let ids = try tensor(call, "ids")
            return .tensor(
                try Tensors.embedding(tensor(call, "table"), try wholeNumbers(ids, "`ids`"), shape: ids.shape))
        }
    }

    private static func attention() -> NativeFunction {
        NativeFunction(
            name: "attention",
            parameters: [
                Parameter("q", .object("Tensor"), "(B, T, H, dh)"),
                Parameter("k", .object("Tensor"), "(B, S, Hkv, dh), Hkv a divisor of H"),
                Parameter("v", .object("Tensor"), "(B, S, Hkv, dh)"),
                Parameter("causal", .bool, default: .bool(false), "whether a step sees only itself and those before"),
                Parameter("mask", .object("Tensor"), default: .null, "added to the scores; broadcasts to (B, H, T, S)"),
            ], returns: "Tensor",
            summary: "Scaled dot-product attention along the sequence, grouped-query where k has fewer heads.",
            example: "q = randn([1, 5, 4, 8])\nk = randn([1, 5, 2, 8])\nprint(attention(q, k, k).shape)",
            seeAlso: ["bridge_attention", "rope"]
        ) { call in
            .tensor(
                try Tensors.attention(
                    tensor(call, "q"), tensor(call, "k"), tensor(call, "v"), causal: call.bool("causal"),
                    mask: optional(call, "mask")))
        }
    }

    private static func crossEntropy() -> NativeFunction {
        NativeFunction(
            name: "cross_entropy",
            parameters: [
                Parameter("logits", .object("Tensor"), "(..., V)"),
                Parameter("targets", .any, "ids, in the shape (...)"),
                Parameter("mask", .any, default: .null, "a weight for each target; 0 leaves it out"),
            ],
            returns: "Tensor", summary: "The mean of -log softmax(logits)[target] over the targets that count.",
            example: "print(cross_entropy(zeros(2, 4), [0, 3]))", seeAlso: ["log_softmax"]
        ) { call in
            let mask = try optional(call, "mask").map { $0.floats() }
            return .tensor(
                try Tensors.crossEntropy(
                    tensor(call, "logits"), wholeNumbers(tensor(call, "targets"), "`targets`"), mask: mask))
        }
    }

    private static func bridgeAttention() -> NativeFunction {
        NativeFunction(
            name: "bridge_attention",
            parameters: [
                x("(G, W, T, D), or (W, T, D) for one group"), Parameter("wq", .object("Tensor"), "(D, d)"),
                Parameter("wk", .object("Tensor"), "(D, d)"), Parameter("wv", .object("Tensor"), "(D, d)"),
                Parameter("wo", .object("Tensor"), "(d, D)"),
                Parameter("heads", .int, default: .int(1), "a divisor of d"),
                Parameter(
                    "alive", .any, default: .null,
                    "(G, W, T), 0 where a row has ended; such a row is no key and gets nothing"),
            ], returns: "Tensor",
            summary: "Attention across the rows of a group, at each step on its own: the inside of a Bridge block.",
            details: """
                Section 1 of docs/method.md without the norm and the residual: use `x + bridge_attention(rms_norm(x, \
                w), ...)`.
                """,
            example:
                "x = randn([2, 4, 3, 8])\nw = randn([8, 8])\nprint(bridge_attention(x, w, w, w, w, heads: 2).shape)",
            seeAlso: ["bridge.attach", "attention"]
        ) { call in
            let x = try tensor(call, "x")
            let batch = x.rank == 3 ? try x.unsqueeze(0) : x
            let alive = try optional(call, "alive").map { $0.floats().map { $0 != 0 } }
            let mixed = try Tensors.bridgeAttention(
                batch.matmul(tensor(call, "wq")), batch.matmul(tensor(call, "wk")), batch.matmul(tensor(call, "wv")),
                heads: call.int("heads"), alive: alive
            ).matmul(tensor(call, "wo"))
            return .tensor(x.rank == 3 ? try mixed.squeeze(0) : mixed)
        }
    }

    private static func wholeNumbers(_ tensor: Tensor, _ what: String) throws -> [Int32] {
        try tensor.floats().map { value in
            guard let id = Int32(exactly: value) else {
                throw RuntimeError("\(what) must be whole numbers, not \(value)", code: "E203")
            }
            return id
        }
    }
}
