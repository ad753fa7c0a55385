import Randomness
import Tensors
import XCTest

final class DescriptionTests: XCTestCase {
    func testSmallTensorsAreShownWholeAndTheirColumnsEndBelowEachOther() throws {
        XCTAssertEqual(try Tensor([1, 2.5], shape: [2]).describe(), "tensor (2,) f32 [1, 2.5]")
        XCTAssertEqual(try Tensor.scalar(0.125).describe(), "tensor(0.125)")
        let squares = try Tensor([1, -1.41421, 1.73205, 200], shape: [2, 2])
        XCTAssertEqual(squares.describe(), "tensor (2, 2) f32\n[[    1, -1.414],\n [1.732,    200]]")
        XCTAssertEqual(
            try squares.reshape([1, 2, 2]).describe(), "tensor (1, 2, 2) f32\n[[[    1, -1.414],\n  [1.732,    200]]]")
        let answers = try squares.greater(Tensor.scalar(1))
        XCTAssertEqual(answers.description, "tensor (2, 2) bool [[false, false], [true, true]]")
        XCTAssertEqual(try Tensor.zeros([0, 4]).describe(), "tensor (0, 4) f32: empty")
    }

    func testOneLineSaysWhatTheValuesAreLike() throws {
        let one = try Tensor([1, 2, 3, 6], shape: [4]).expand([5, 4]).description
        XCTAssertEqual(one, "tensor (5, 4) f32: min 1, mean 3, max 6, std 1.871")
        XCTAssertFalse(try Tensor.zeros([30, 30]).description.contains("\n"))
    }

    func testPrintingIsBounded() throws {
        let large = try Tensor.arange(1_000_000).reshape([1000, 1000]).describe()
        XCTAssert(large.hasPrefix("tensor (1000, 1000) int: min 0, mean 500000, max 999999, std 288675\n[["), large)
        XCTAssertLessThan(large.count, 1000)
        XCTAssertLessThan(try Tensor.zeros([Int](repeating: 3, count: 12)).describe().count, 4000)
        XCTAssert(try Tensor.full([20], .nan).describe().contains("20 NaN"))
    }

    func testNumbersHaveFourDigitsAndWholeOnesAll() {
        let texts: [(Float, String)] = [
            (1e-8, "1e-8"), (9.9994e-5, "9.999e-5"), (9.9996e-5, "0.0001"), (1.5e-7, "1.5e-7"), (123.456, "123.5"),
            (0.99999, "1"),
            (-2.5e9, "-2.5e9"), (1.23456e12, "1.235e12"), (0.00012341, "0.0001234"), (0, "0"), (-.infinity, "-inf"),
            (5e6, "5000000"), (0.1, "0.1"), (.leastNonzeroMagnitude, "1.401e-45"),
        ]
        for (value, text) in texts { XCTAssertEqual(Tensor.text(value), text) }
    }

    func testStatisticsAreThoseOfAPlainLoopForViewsOfAnyKindAndEveryVariant() throws {
        var stream = RandomStream(seed: 3, purpose: .user)
        var values = try Tensor.randn([67, 131], stream: &stream).floats()
        for place in stride(from: 0, to: values.count, by: 97) {
            values[place] = [Float.nan, .infinity, -.infinity, 0][place / 97 % 4]
        }
        let base = try Tensor(values, shape: [67, 131])
        let long = try Tensor.randn([100_003], stream: &stream)
        let views = try [
            base, base.transpose(), base.slice(1, 1, nil, step: 3), base.slice(0, nil, nil, step: -1), long,
        ]
        for variant in KernelVariant.available {
            for view in views {
                let found = try KernelVariant.with(variant) { try view.statistics() }
                let values = try view.floats(), finite = values.filter(\.isFinite).map(Double.init)
                let mean = finite.reduce(0, +) / Double(finite.count)
                let spread = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(finite.count)).squareRoot()
                XCTAssertEqual(found.nan, values.count { $0.isNaN })
                XCTAssertEqual(found.infinite, values.count { $0.isInfinite })
                XCTAssertEqual(Double(found.low), finite.min())
                XCTAssertEqual(Double(found.high), finite.max())
                XCTAssertEqual(found.mean, mean, accuracy: 1e-9)
                XCTAssertEqual(found.deviation, spread, accuracy: 1e-9)
            }
        }
    }
}
