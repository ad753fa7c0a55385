import Randomness
import Tensors
import XCTest

/// Runs `body` with every variant of the kernels that runs here.
func inEveryVariant(_ body: () throws -> Void) throws {
    for variant in KernelVariant.available { try KernelVariant.with(variant, body) }
}

/// Small random tensors and central finite differences, the oracle of every gradient.
func randomTensor(_ shape: [Int], _ number: Int, scale: Float = 1) throws -> Tensor {
    var stream = RandomStream(seed: 11, purpose: .data, number)
    let values = (0..<shape.reduce(1, *)).map { _ in (stream.uniform() * 2 - 1) * scale }
    return try Tensor(values, shape: shape)
}

/// Compares `backward()` of a random projection of `function` with central differences in every element of every input,
/// with every variant of the kernels.
func checkGradients(
    _ inputs: [Tensor], step: Float = 4e-3, tolerance: Double = 1e-2, file: StaticString = #filePath,
    line: UInt = #line,
    _ function: ([Tensor]) throws -> Tensor
) throws {
    try inEveryVariant { try checkGradientsHere(inputs, step, tolerance, file, line, function) }
}

private func checkGradientsHere(
    _ inputs: [Tensor], _ step: Float, _ tolerance: Double, _ file: StaticString, _ line: UInt,
    _ function: ([Tensor]) throws -> Tensor
) throws {
    let result = try noGrad { try function(inputs) }
    let weights = try randomTensor(result.shape, 77)
    func projection() throws -> Double {
        let values = try noGrad { try function(inputs) }.floats()
        return try zip(values, weights.floats()).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    for input in inputs {
        input.requiresGradient = true
        input.gradient = nil
    }
    try (function(inputs) * weights).sum().backward()
    for (number, input) in inputs.enumerated() {
        let gradient = try XCTUnwrap(input.gradient, "no gradient for input \(number)", file: file, line: line)
        XCTAssertEqual(gradient.shape, input.shape, file: file, line: line)
        let analytic = try gradient.floats()
        var scale = 0.05
        for value in analytic { scale = max(scale, abs(Double(value))) }
        for index in 0..<input.count {
            let original = try input.withMutableFloats { $0[index] }
            try input.withMutableFloats { $0[index] = original + step }
            let up = try projection()
            try input.withMutableFloats { $0[index] = original - step }
            let down = try projection()
            try input.withMutableFloats { $0[index] = original }
            let numeric = (up - down) / (2 * Double(step))
            XCTAssertEqual(
                Double(analytic[index]), numeric, accuracy: tolerance * scale, "input \(number), element \(index)",
                file: file, line: line)
        }
        input.requiresGradient = false
        input.gradient = nil
    }
}

func assertClose(
    _ a: Tensor, _ b: [Float], _ tolerance: Float = 1e-5, file: StaticString = #filePath, line: UInt = #line
) {
    guard let values = try? a.floats() else { return XCTFail("no room for the values", file: file, line: line) }
    XCTAssertEqual(values.count, b.count, file: file, line: line)
    for (index, (x, y)) in zip(values, b).enumerated() where !(abs(x - y) <= tolerance * max(1, abs(y))) && x != y {
        XCTFail("element \(index): \(x) is not \(y)", file: file, line: line)
        return
    }
}

func assertFails(
    _ message: String, file: StaticString = #filePath, line: UInt = #line, _ body: () throws -> Void
) {
    XCTAssertThrowsError(try body(), file: file, line: line) { error in
        let text = String(describing: error)
        XCTAssert(text.contains(message), "\"\(text)\" does not say \"\(message)\"", file: file, line: line)
    }
}
