import Language
import Tensors

/// Layers as functions of tensors.
enum LayerLibrary {
    static func functions() -> [NativeFunction] {
        [
            linear(), rmsNorm(), layerNorm(), rope(), embedding(), swiglu(), attention(), crossEntropy(),
            linearCrossEntropy(), bridgeAttention(),
        ]
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
                Parameter(
                    "mask", .any, default: .null,
                    "broadcasts to (B, H, T, S): of answers, yes where a query sees a key; else added to the scores"),
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
            let logits = try tensor(call, "logits")
            let (targets, mask) = try targetsAndMask(call, Array(logits.shape.dropLast()))
            return .tensor(try Tensors.crossEntropy(logits, targets, mask: mask))
        }
    }

    private static func linearCrossEntropy() -> NativeFunction {
        NativeFunction(
            name: "linear_cross_entropy",
            parameters: [
                Parameter("hidden", .object("Tensor"), "(..., D)"),
                Parameter("weight", .object("Tensor"), "(V, D), that of the output layer"),
                Parameter("targets", .any, "ids, in the shape (...)"),
                Parameter("mask", .any, default: .null, "a weight for each target; 0 leaves it out"),
            ],
            returns: "Tensor",
            summary: "cross_entropy(hidden @ weight.T, targets), without ever holding all the logits.",
            details: "The rows are taken a few at a time, with their gradients: the memory is that of some rows.",
            example: "h = randn([5, 8], seed: 1)\nw = randn([100, 8], seed: 2)\n"
                + "print(linear_cross_entropy(h, w, [1, 2, 3, 4, 5]).item() > 0)", seeAlso: ["cross_entropy", "linear"]
        ) { call in
            let hidden = try tensor(call, "hidden")
            let (targets, mask) = try targetsAndMask(call, Array(hidden.shape.dropLast()))
            return .tensor(
                try Tensors.crossEntropy(
                    hidden: hidden, outputWeight: tensor(call, "weight"), targets: targets, mask: mask))
        }
    }

    /// The targets and weights of a loss, which have one for each of some rows.
    private static func targetsAndMask(_ call: NativeCall, _ rows: [Int]) throws -> ([Int32], [Float]?) {
        let targets = try tensor(call, "targets")
        try check(targets, rows, "targets", call)
        let mask = try optional(call, "mask")
        if let mask { try check(mask, rows, "mask", call) }
        return (try wholeNumbers(targets, "`targets`"), try mask?.floats())
    }

    private static func check(_ tensor: Tensor, _ shape: [Int], _ name: String, _ call: NativeCall) throws {
        guard tensor.shape != shape else { return }
        throw TensorError(
            call.function.name,
            "`\(name)` has the shape \(Shape.text(tensor.shape)), and should have \(Shape.text(shape))")
    }

    private static func swiglu() -> NativeFunction {
        NativeFunction(
            name: "swiglu",
            parameters: [
                Parameter("gate", .object("Tensor"), "of any shape"), Parameter("up", .object("Tensor"), "of the same"),
            ],
            returns: "Tensor", summary: "silu(gate) * up, the activation of Llama's feedforward, as one operation.",
            example: "print(swiglu(tensor([0, 1]), tensor([2, 2])))", seeAlso: ["linear"]
        ) { call in .tensor(try Tensors.swiGLU(tensor(call, "gate"), tensor(call, "up"))) }
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
            let flags = try optional(call, "alive")
            if let flags { try check(flags, Array(x.shape.dropLast()), "alive", call) }
            let alive = try flags?.floats().map { $0 != 0 }
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
