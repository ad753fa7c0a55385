import Glibc
import Models
import Randomness
import Tensors
import XCTest

/// The fast kernels of decoding against the definitions, in double precision.
final class DecodeKernelTests: XCTestCase {
    private var stream = RandomStream(seed: 12, purpose: .user)

    private func inEveryVariant(_ body: () throws -> Void) throws {
        for variant in KernelVariant.available { try KernelVariant.with(variant, body) }
    }

    private func random(_ count: Int) -> [Float] { (0..<count).map { _ in stream.uniform() * 2 - 1 } }

    private func room(_ outputs: Int, _ inputs: Int, _ precision: WeightPrecision = .f32) -> [UInt8] {
        let panels = (outputs + DecodeKernels.panel - 1) / DecodeKernels.panel
        return [UInt8](repeating: 0, count: panels * DecodeKernels.panelBytes(precision, inputs: inputs))
    }

    private func packed(
        _ weight: [Float], outputs: Int, inputs: Int, _ precision: WeightPrecision = .f32
    ) -> [UInt8] {
        var result = room(outputs, inputs, precision)
        DecodeKernels.pack(
            weight, into: &result, firstColumn: 0, outputs: outputs, inputs: inputs, precision: precision)
        return result
    }

    /// The weights as the packed ones say they are.
    private func unpacked(_ packed: [UInt8], outputs: Int, inputs: Int, _ precision: WeightPrecision) -> [Float] {
        (0..<outputs).flatMap { column in
            var row = [Float](repeating: .nan, count: inputs)
            DecodeKernels.column(&row, packed: packed, precision: precision, inputs: inputs, column: column)
            return row
        }
    }

    private func linear(
        _ x: [Float], rows: Int, packed: [UInt8], precision: WeightPrecision = .f32, inputs: Int, columns: Int,
        bias: [Float]?, into out: inout [Float], accumulate: Bool, panels: Range<Int>? = nil
    ) {
        let all = 0..<(columns + DecodeKernels.panel - 1) / DecodeKernels.panel
        func call(_ bias: UnsafePointer<Float>?) {
            if precision == .q8 {
                let rounded = DecodeKernels.Rounded(rows: rows, inputs: inputs)
                defer { rounded.deallocate() }
                // By halves, as two threads would.
                for half in [0..<rows / 2, rows / 2..<rows] { rounded.round(x, half, rows: rows, inputs: inputs) }
                return DecodeKernels.linear(
                    &out, rounded, rows: rows, packed: packed, inputs: inputs, columns: columns, panels: panels ?? all,
                    bias: bias, accumulate: accumulate)
            }
            DecodeKernels.linear(
                &out, x, stride: inputs, rows: rows, packed: packed, precision: precision, inputs: inputs,
                columns: columns, panels: panels ?? all, bias: bias, accumulate: accumulate)
        }
        if let bias { bias.withUnsafeBufferPointer { call($0.baseAddress) } } else { call(nil) }
    }

    func testLinearEqualsTheNaiveProduct() throws {
        try inEveryVariant {
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
    }

    func testLinearOfARowIsTheSameBitsInAnyCompanyAndAnyCut() throws {
        try inEveryVariant {
            for precision in WeightPrecision.allCases {
                let (inputs, columns, rows) = (175, 50, 103)
                let weight = packed(random(columns * inputs), outputs: columns, inputs: inputs, precision)
                let x = random(rows * inputs)
                func product(_ range: Range<Int>, _ cuts: [Range<Int>]) -> [Float] {
                    var out = [Float](repeating: 0, count: range.count * columns)
                    for panels in cuts {
                        linear(
                            Array(x[range.lowerBound * inputs..<range.upperBound * inputs]), rows: range.count,
                            packed: weight, precision: precision, inputs: inputs, columns: columns, bias: nil,
                            into: &out, accumulate: false, panels: panels)
                    }
                    return out
                }
                let all = product(0..<rows, [0..<4])
                for count in [1, 2, 3, 4, 5, 6, 7, 8, 13, 20, 48, 49, 52] {
                    let range = rows - count..<rows
                    XCTAssertEqual(
                        product(range, [0..<1, 1..<3, 3..<4]),
                        Array(all[range.lowerBound * columns..<range.upperBound * columns]), "\(precision) \(count)")
                }
            }
        }
    }

    func testSeveralWeightsPackSideBySide() throws {
        try inEveryVariant {
            let inputs = 12, first = random(5 * inputs), second = random(20 * inputs)
            for precision in WeightPrecision.allCases {
                var joined = room(25, inputs, precision)
                DecodeKernels.pack(
                    first, into: &joined, firstColumn: 0, outputs: 5, inputs: inputs, precision: precision)
                DecodeKernels.pack(
                    second, into: &joined, firstColumn: 5, outputs: 20, inputs: inputs, precision: precision)
                XCTAssertEqual(joined, packed(first + second, outputs: 25, inputs: inputs, precision))
            }
        }
    }

    /// bf16 against rounding by hand, f16 against Swift's, Q8 and Q4 against their definitions.
    func testRoundedWeightsAreTheNearestThereAre() throws {
        try inEveryVariant {
            let (outputs, inputs) = (19, 45)
            var weight = random(outputs * inputs)
            weight.replaceSubrange(0..<5, with: [0, -0.0, 1e30, -1e-30, 3.0])
            weight.replaceSubrange(inputs..<2 * inputs, with: repeatElement(0, count: inputs))
            func again(_ precision: WeightPrecision) -> [Float] {
                let packed = packed(weight, outputs: outputs, inputs: inputs, precision)
                return unpacked(packed, outputs: outputs, inputs: inputs, precision)
            }
            let half = again(.bf16)
            for (x, y) in zip(weight, half) {
                let down = Float(bitPattern: x.bitPattern & 0xFFFF_0000)
                let up = Float(bitPattern: (x.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
                XCTAssertTrue(y == down || y == up, "\(x) became \(y)")
                XCTAssertLessThanOrEqual(abs(y - x), min(abs(down - x), abs(up - x)))
            }
            weight[2] = 0.5
            let bytes = again(.q8), nibbles = again(.q4)
            for output in 0..<outputs {
                for start in stride(from: 0, to: inputs, by: 32) {
                    let run = output * inputs + start..<output * inputs + min(start + 32, inputs)
                    let largest = weight[run].map(abs).max() ?? 0
                    let width = (weight[run].max() ?? 0) - (weight[run].min() ?? 0)
                    for index in run {
                        XCTAssertLessThanOrEqual(abs(bytes[index] - weight[index]), largest / 127 * 0.5001 + 1e-12)
                        // Scale and least value are rounded to 11 bits.
                        let bound = width / 15 * 0.51 + largest * 0x1p-10
                        XCTAssertLessThanOrEqual(abs(nibbles[index] - weight[index]), bound)
                    }
                }
            }
            weight.replaceSubrange(5..<13, with: [65_519, 65_520, -1e30, 6e-8, 2.9e-8, 3.1e-8, -6.2e-5, 1e-30])
            for (x, y) in zip(weight, again(.f16)) {
                let wanted = Float(Float16(x))
                XCTAssertEqual(y, wanted.isInfinite ? (x < 0 ? -65_504 : 65_504) : wanted)
            }
            XCTAssertEqual(again(.f32), weight)
        }
    }

    func testNumbersThatAreNotFiniteAreNotHidden() throws {
        try inEveryVariant {
            for precision in WeightPrecision.allCases {
                for value in [Float.nan, .infinity, -.infinity] {
                    var weight = random(40 * 20)
                    weight[7] = value
                    let rounded = unpacked(
                        packed(weight, outputs: 20, inputs: 40, precision), outputs: 20, inputs: 40, precision)
                    XCTAssertFalse(rounded[7].isFinite, "\(precision) \(value)")
                    XCTAssertTrue(rounded[40...].allSatisfy(\.isFinite))
                }
            }
        }
    }

    func testProductsWithRoundedWeightsAreThoseOfTheRoundedNumbers() throws {
        try inEveryVariant {
            for (rows, inputs, columns) in [(1, 7, 5), (2, 32, 16), (3, 33, 17), (8, 100, 97), (13, 64, 31)] {
                let x = random(rows * inputs), weight = random(columns * inputs), bias = random(columns)
                for precision in WeightPrecision.allCases {
                    let packed = packed(weight, outputs: columns, inputs: inputs, precision)
                    let rounded = unpacked(packed, outputs: columns, inputs: inputs, precision)
                    var fast = [Float](repeating: 1, count: rows * columns), slow = fast
                    linear(
                        x, rows: rows, packed: packed, precision: precision, inputs: inputs, columns: columns,
                        bias: bias, into: &fast, accumulate: true)
                    let input = precision == .q8 ? roundedInRuns(x, inputs: inputs) : x
                    DecodeKernels.linearNaive(
                        &slow, input, rows: rows, weight: rounded, inputs: inputs, columns: columns, bias: bias,
                        accumulate: true)
                    // An input half way between two numbers may go to either.
                    let tolerance: Float = precision == .q8 ? 1e-4 : 1e-5
                    assertClose(fast, slow, tolerance, "\(precision) \(rows) x \(inputs) x \(columns)")
                }
            }
        }
    }

    /// Each run of 32 inputs of a row as whole numbers of 16 bits times a scale, by the definition.
    private func roundedInRuns(_ x: [Float], inputs: Int) -> [Float] {
        var result = x
        for row in stride(from: 0, to: x.count, by: inputs) {
            for start in stride(from: row, to: row + inputs, by: 32) {
                let run = start..<min(start + 32, row + inputs)
                let scale = Double(x[run].map(abs).max() ?? 0) / 32_767
                for index in run where scale > 0 {
                    result[index] = Float((Double(x[index]) / scale).rounded(.toNearestOrEven) * scale)
                }
            }
        }
        return result
    }

    func testInputsOfAnySizeAreRoundedAndThoseThatAreNotFiniteAreNotHidden() throws {
        try inEveryVariant {
            let inputs = 70, columns = 20
            let weight = packed(random(columns * inputs), outputs: columns, inputs: inputs, .q8)
            func product(_ x: [Float]) -> [Float] {
                var out = [Float](repeating: 0, count: columns)
                linear(
                    x, rows: 1, packed: weight, precision: .q8, inputs: inputs, columns: columns, bias: nil,
                    into: &out, accumulate: false)
                return out
            }
            let x = random(inputs), plain = product(x)
            for factor in [Float(0x1p-90), 0x1p90] {
                assertClose(product(x.map { $0 * factor }).map { $0 / factor }, plain, 1e-6, "\(factor)")
            }
            let nothing = [Float](repeating: 0, count: columns)
            XCTAssertEqual(product([Float](repeating: 0, count: inputs)), nothing)
            XCTAssertEqual(product([Float](repeating: Float(bitPattern: 714), count: inputs)), nothing)
            for value in [Float.nan, .infinity, -.infinity] {
                for place in [0, 31, 40, 69] {
                    var spoilt = x
                    spoilt[place] = value
                    XCTAssertTrue(product(spoilt).allSatisfy { !$0.isFinite }, "\(value) at \(place)")
                }
            }
        }
    }

    func testAttentionEqualsTheDefinitionForEveryHeadSize() throws {
        try inEveryVariant {
            for headDim in [2, 8, 16, 24, 32, 64, 128] {
                for (prefix, tails) in [(1, [0]), (0, [4]), (3, [1, 2]), (35, [6, 1, 70, 3]), (64, [9, 9, 2, 1, 5])] {
                    for shared in [1, 2, 3, 5] {
                        let rows = AttentionRows(
                            headDim: headDim, shared: shared, prefix: prefix, tails: tails, random: random)
                        let out = rows.attention(of: 0..<tails.count)
                        let name = "\(headDim), \(prefix) + \(tails), \(shared)"
                        assertClose(out, rows.expected(), 3e-6, name)
                        // What a row gives does not depend on those beside it.
                        let alone = tails.indices.flatMap { rows.attention(of: $0..<$0 + 1) }
                        XCTAssertEqual(alone.map(\.bitPattern), out.map(\.bitPattern), name)
                    }
                }
            }
        }
    }

    func testPickFindsThePlaceOfTheRunningSum() throws {
        try inEveryVariant {
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
    }

    func testExponentialsAndLargest() throws {
        try inEveryVariant {
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
}
