import Glibc
import Models
import Randomness
import XCTest

/// The fast kernels of decoding against the definitions, in double precision.
final class DecodeKernelTests: XCTestCase {
    private var stream = RandomStream(seed: 12, purpose: .user)

    private func random(_ count: Int) -> [Float] { (0..<count).map { _ in stream.uniform() * 2 - 1 } }

    private func packed(_ weight: [Float], outputs: Int, inputs: Int) -> [Float] {
        var result = [Float](repeating: 0, count: DecodeKernels.packedSize(outputs: outputs, inputs: inputs))
        DecodeKernels.pack(weight, into: &result, firstColumn: 0, outputs: outputs, inputs: inputs)
        return result
    }

    private func linear(
        _ x: [Float], rows: Int, packed: [Float], inputs: Int, columns: Int, bias: [Float]?, into out: inout [Float],
        accumulate: Bool, panels: Range<Int>? = nil
    ) {
        let all = 0..<(columns + DecodeKernels.panel - 1) / DecodeKernels.panel
        func call(_ bias: UnsafePointer<Float>?) {
            DecodeKernels.linear(
                &out, x, stride: inputs, rows: rows, packed: packed, inputs: inputs, columns: columns,
                panels: panels ?? all, bias: bias, accumulate: accumulate)
        }
        if let bias { bias.withUnsafeBufferPointer { call($0.baseAddress) } } else { call(nil) }
    }

    func testLinearEqualsTheNaiveProduct() {
        let sizes = [(1, 7, 5), (2, 16, 16), (3, 33, 17), (6, 64, 97), (7, 20, 32), (8, 48, 40), (13, 9, 31)]
        for (rows, inputs, columns) in sizes {
            for accumulate in [false, true] {
                let x = random(rows * inputs), weight = random(columns * inputs), bias = random(columns)
                let start = random(rows * columns)
                for bias in [nil, bias] {
                    var fast = start, slow = start
                    linear(
                        x, rows: rows, packed: packed(weight, outputs: columns, inputs: inputs), inputs: inputs,
                        columns: columns, bias: bias, into: &fast, accumulate: accumulate)
                    func naive(_ bias: UnsafePointer<Float>?) {
                        DecodeKernels.linearNaive(
                            &slow, x, rows: rows, weight: weight, inputs: inputs, columns: columns, bias: bias,
                            accumulate: accumulate)
                    }
                    if let bias { bias.withUnsafeBufferPointer { naive($0.baseAddress) } } else { naive(nil) }
                    assertClose(fast, slow, 1e-5, "\(rows) x \(inputs) x \(columns)")
                }
            }
        }
    }

    func testLinearOfARowIsTheSameBitsInAnyCompanyAndAnyCut() {
        let (inputs, columns) = (75, 50)
        let weight = packed(random(columns * inputs), outputs: columns, inputs: inputs), x = random(20 * inputs)
        var all = [Float](repeating: 0, count: 20 * columns)
        linear(x, rows: 20, packed: weight, inputs: inputs, columns: columns, bias: nil, into: &all, accumulate: false)
        for row in 0..<20 {
            var one = [Float](repeating: 0, count: columns)
            for panels in [0..<1, 1..<3, 3..<4] {
                linear(
                    Array(x[row * inputs..<(row + 1) * inputs]), rows: 1, packed: weight, inputs: inputs,
                    columns: columns, bias: nil, into: &one, accumulate: false, panels: panels)
            }
            XCTAssertEqual(one, Array(all[row * columns..<(row + 1) * columns]))
        }
    }

    func testSeveralWeightsPackSideBySide() {
        let inputs = 12, first = random(5 * inputs), second = random(20 * inputs)
        var joined = [Float](repeating: 0, count: DecodeKernels.packedSize(outputs: 25, inputs: inputs))
        DecodeKernels.pack(first, into: &joined, firstColumn: 0, outputs: 5, inputs: inputs)
        DecodeKernels.pack(second, into: &joined, firstColumn: 5, outputs: 20, inputs: inputs)
        XCTAssertEqual(joined, packed(first + second, outputs: 25, inputs: inputs))
    }

    func testAttentionEqualsTheDefinitionForEveryHeadSize() {
        for headDim in [2, 8, 16, 24, 32, 64, 128] {
            for (prefix, tail) in [(1, 0), (3, 1), (5, 6), (16, 9)] {
                checkAttention(headDim: headDim, prefix: prefix, tail: tail)
            }
        }
    }

    private func checkAttention(headDim: Int, prefix: Int, tail: Int) {
        let (heads, keyHeads, layers, layer) = (4, 2, 2, 1)
        let inner = keyHeads * headDim, outer = heads * headDim
        // Caches of two layers with room to spare.
        let prefixStride = (prefix + 2) * inner, tailStride = (tail + 1) * inner
        var pk = random(layers * prefixStride), pv = random(layers * prefixStride)
        var tk = random(layers * tailStride), tv = random(layers * tailStride)
        let qkv = random(outer + 2 * inner)
        var out = [Float](repeating: 0, count: outer), scores = [Float](repeating: 0, count: prefix + tail)
        pk.withUnsafeMutableBufferPointer { pk in
            pv.withUnsafeMutableBufferPointer { pv in
                tk.withUnsafeMutableBufferPointer { tk in
                    tv.withUnsafeMutableBufferPointer { tv in
                        var row = DecodeKernels.Row()
                        (row.prefix_keys, row.prefix_values) = (
                            UnsafePointer(pk.baseAddress), UnsafePointer(pv.baseAddress)
                        )
                        (row.tail_keys, row.tail_values) = (
                            UnsafePointer(tk.baseAddress), UnsafePointer(tv.baseAddress)
                        )
                        (row.prefix_stride, row.tail_stride) = (prefixStride, tailStride)
                        (row.prefix_length, row.tail_length) = (prefix, tail)
                        let shape = DecodeKernels.Heads(heads: heads, key_value_heads: keyHeads, head_dim: headDim)
                        DecodeKernels.attention(
                            &out, qkv, rows: &row, count: 1, layer: layer, heads: shape, scores: &scores)
                    }
                }
            }
        }
        var expected: [Float] = []
        for head in 0..<heads {
            func places(_ p: [Float], _ t: [Float], _ d: Int) -> [Double] {
                let offset = head / 2 * headDim + d
                return (0..<prefix).map { Double(p[layer * prefixStride + $0 * inner + offset]) }
                    + (0..<tail).map { Double(t[layer * tailStride + $0 * inner + offset]) }
            }
            var weights = [Double](repeating: 0, count: prefix + tail)
            for d in 0..<headDim {
                for (t, key) in places(pk, tk, d).enumerated() { weights[t] += Double(qkv[head * headDim + d]) * key }
            }
            weights = weights.map { exp($0 / Double(headDim).squareRoot()) }
            let total = weights.reduce(0, +)
            for d in 0..<headDim {
                expected.append(Float(zip(weights, places(pv, tv, d)).reduce(0) { $0 + $1.0 * $1.1 } / total))
            }
        }
        assertClose(out, expected, 2e-6, "heads of \(headDim), \(prefix) + \(tail) keys")
    }

    func testPickFindsThePlaceOfTheRunningSum() {
        // Across the blocks that it skips over.
        let weights = (0..<1000).map { Float($0 % 3) }
        var sum = 0.0
        for (index, weight) in weights.enumerated() where weight > 0 {
            XCTAssertEqual(DecodeKernels.pick(weights, count: 1000, target: sum), index)
            XCTAssertEqual(DecodeKernels.pick(weights, count: 1000, target: sum + Double(weight) - 0.01), index)
            sum += Double(weight)
        }
        // Past the end, as rounding may have it: the last that has a weight.
        XCTAssertEqual(DecodeKernels.pick(weights, count: 1000, target: sum + 1), 998)
        XCTAssertEqual(DecodeKernels.pick([0, 3, 0, 0], count: 4, target: 3), 1)
    }

    func testExponentialsAndLargest() {
        let values = random(700).map { $0 * 20 }
        var logits = values, exponentials = [Float](repeating: 0, count: 700)
        let result = DecodeKernels.exponentials(&exponentials, of: &logits, count: 700, scale: 0.5)
        let best = Double(values.max() ?? 0), exact = values.map { exp((Double($0) - best) * 0.5) }
        assertClose(exponentials, exact.map(Float.init), 1e-6)
        XCTAssertEqual(result.sum, exact.reduce(0, +), accuracy: 1e-4)
        XCTAssertEqual(Double(result.logSum), log(exact.reduce(0, +)), accuracy: 1e-5)
        XCTAssertEqual(DecodeKernels.argmax([1, 5, 2, 5], count: 4), 1)
    }
}
