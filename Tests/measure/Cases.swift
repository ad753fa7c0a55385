import Models
import Randomness
import Tensors

/// What can be timed, by name; `scripts/dev/bench_torch.py` has the same names with the same shapes. A case first
/// makes its operands and gives what is then timed.
enum Cases {
    typealias Make = @Sendable () throws -> () throws -> Void

    static let all: [String: Make] = products.merging(layers) { a, _ in a }.merging(simple) { a, _ in a }
        .merging(steps) { a, _ in a }

    static func random(_ shape: Int...) throws -> Tensor {
        var stream = RandomStream(seed: 1, purpose: .data, shape.reduce(shape.count) { $0 &* 31 &+ $1 })
        return try Tensor.rand(shape, stream: &stream) - 0.5
    }

    /// Forward, and forward with backward from the sum of the result, as `NAME` and `NAME+`.
    private static func both(
        _ name: String, _ make: @escaping @Sendable () throws -> (inputs: [Tensor], body: ([Tensor]) throws -> Tensor)
    ) -> [String: Make] {
        [
            name: {
                let (inputs, body) = try make()
                return { _ = try body(inputs) }
            },
            name + "+": {
                let (inputs, body) = try make()
                for input in inputs { try input.parameter() }
                return {
                    for input in inputs { input.gradient = nil }
                    try body(inputs).sum().backward()
                }
            },
        ]
    }

    private static func joined(_ parts: [[String: Make]]) -> [String: Make] {
        parts.reduce([:]) { $0.merging($1) { a, _ in a } }
    }

    private static let products: [String: Make] = {
        var cases: [String: Make] = [:]
        for m in [1, 4, 8, 16, 64, 256, 1024] {
            cases["matmul_\(m)"] = {
                let (a, b) = (try random(m, 576), try random(576, 1536))
                return { _ = try a.matmul(b) }
            }
            cases["linear_\(m)"] = {
                let (a, b) = (try random(m, 576), try random(1536, 576))
                return { _ = try linear(a, b) }
            }
        }
        cases["matmul_2048"] = {
            let (a, b) = (try random(2048, 2048), try random(2048, 2048))
            return { _ = try a.matmul(b) }
        }
        cases["matmul_batched"] = {
            let (a, b) = (try random(64, 128, 64), try random(64, 64, 128))
            return { _ = try a.matmul(b) }
        }
        return cases.merging(
            both("linear_layer") { ([try random(1024, 576), try random(1536, 576)], { try linear($0[0], $0[1]) }) }
        ) { a, _ in a }
    }()

    private static let layers: [String: Make] = joined([
        both("rms_norm") { ([try random(1024, 576), try random(576)], { try rmsNorm($0[0], $0[1]) }) },
        both("layer_norm") {
            ([try random(1024, 576), try random(576), try random(576)], { try layerNorm($0[0], $0[1], bias: $0[2]) })
        },
        both("rope") {
            let table = try RotaryTable(positions: Array(0..<128), headDim: 64, theta: 10_000)
            return ([try random(8, 128, 9, 64)], { try rope($0[0], table: table) })
        },
        both("swiglu") { ([try random(1024, 1536), try random(1024, 1536)], { try swiGLU($0[0], $0[1]) }) },
        both("attention") {
            let (q, k, v) = (try random(8, 128, 9, 64), try random(8, 128, 3, 64), try random(8, 128, 3, 64))
            return ([q, k, v], { try attention($0[0], $0[1], $0[2]) })
        },
        both("attention_long") {
            let (q, k, v) = (try random(1, 1024, 9, 64), try random(1, 1024, 3, 64), try random(1, 1024, 3, 64))
            return ([q, k, v], { try attention($0[0], $0[1], $0[2]) })
        },
        both("attention_batch") {
            let inputs = try (0..<3).map { _ in try random(4, 8, 128, 64) }
            return (inputs, { try bridgeAttention($0[0], $0[1], $0[2], heads: 4) })
        },
        both("cross_entropy") {
            let targets = (0..<512).map { Int32($0 * 90) }
            return (
                [try random(512, 576), try random(49_152, 576)],
                { try crossEntropy(hidden: $0[0], outputWeight: $0[1], targets: targets) }
            )
        },
        both("embedding") {
            let ids = (0..<1024).map { Int32(($0 * 7919) % 49_152) }
            return ([try random(49_152, 576)], { try embedding($0[0], ids) })
        },
        both("softmax") { ([try random(1024, 4096)], { try $0[0].softmax() }) },
        both("log_softmax") { ([try random(1024, 4096)], { try $0[0].logSoftmax() }) },
    ])

    private static let simple: [String: Make] = joined([
        both("add") { ([try random(2048, 2048), try random(2048, 2048)], { try $0[0] + $0[1] }) },
        both("multiply") { ([try random(2048, 2048), try random(2048, 2048)], { try $0[0] * $0[1] }) },
        both("add_row") { ([try random(2048, 2048), try random(2048)], { try $0[0] + $0[1] }) },
        both("add_column") { ([try random(2048, 2048), try random(2048, 1)], { try $0[0] + $0[1] }) },
        both("add_small") { ([try random(64), try random(64)], { try $0[0] + $0[1] }) },
        both("exp") { ([try random(2048, 2048)], { try $0[0].exp() }) },
        both("log") { ([try random(2048, 2048)], { try ($0[0] + 1).log() }) },
        both("tanh") { ([try random(2048, 2048)], { try $0[0].tanh() }) },
        both("gelu") { ([try random(2048, 2048)], { try $0[0].gelu(approximateByTanh: true) }) },
        both("relu") { ([try random(2048, 2048)], { try $0[0].relu() }) },
        both("sin") { ([try random(2048, 2048)], { try $0[0].sin() }) },
        both("power") { ([try random(2048, 2048)], { try $0[0].power(3) }) },
        both("maximum") { ([try random(2048, 2048), try random(2048, 2048)], { try $0[0].maximum($0[1]) }) },
        both("where") {
            let condition = try random(2048, 2048).greater(.scalar(0))
            return ([try random(2048, 2048), try random(2048, 2048)], { try .select(condition, $0[0], $0[1]) })
        },
        both("sum") { ([try random(2048, 2048)], { try $0[0].sum() }) },
        both("sum_rows") { ([try random(2048, 2048)], { try $0[0].sum([1]) }) },
        both("sum_columns") { ([try random(2048, 2048)], { try $0[0].sum([0]) }) },
        both("max_rows") { ([try random(2048, 2048)], { try $0[0].max(1).values }) },
        both("max_columns") { ([try random(2048, 2048)], { try $0[0].max(0).values }) },
        both("cumsum") { ([try random(2048, 2048)], { try $0[0].cumsum(1) }) },
        both("transpose_copy") { ([try random(2048, 2048)], { try $0[0].transpose().contiguous() }) },
        both("cat") { ([try random(1024, 2048), try random(1024, 2048)], { try .cat([$0[0], $0[1]], 1) }) },
        both("gather") {
            let index = try Tensor.arange(0, 2048).expand([2048, 2048]).contiguous()
            return ([try random(2048, 2048)], { try $0[0].gather(1, index) })
        },
        both("index_select") {
            let rows = (0..<2048).map { ($0 * 919) % 2048 }
            return ([try random(2048, 2048)], { try $0[0].indexSelect(0, rows) })
        },
        [
            "topk": {
                let x = try random(64, 49_152)
                return { _ = try x.topk(50) }
            },
            "argmax": {
                let x = try random(64, 49_152)
                return { _ = try x.argmax(1) }
            },
            "adamw": {
                let weights = try random(28_311_552).parameter()
                weights.gradient = try random(28_311_552)
                let optimiser = AdamW([weights], learningRate: 1e-4)
                return { try optimiser.step() }
            },
        ],
    ])
}
