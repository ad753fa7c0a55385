import CKernels
import Glibc
import Interruption
import Randomness

// Inside the extension these names mean the tensor's own methods.
private func logarithm(_ x: Double) -> Double { log(x) }
private func cosine(_ x: Double) -> Double { cos(x) }
private func sine(_ x: Double) -> Double { sin(x) }

extension Tensor {
    /// A tensor of the given values in row-major order.
    /// - Throws: `TensorError` if the count of values is not the shape's.
    public convenience init(_ values: [Float], shape: [Int]) throws {
        try self.init(uninitialised: shape)
        guard values.count == count else {
            throw TensorError(
                "tensor", "\(values.count) values for the shape \(Shape.text(shape)), which has \(count) elements")
        }
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }

    /// A tensor over memory that `owner` keeps alive (such as a mapped file), read-only.
    /// - Throws: `TensorError` if the shape does not fit in.
    package convenience init(
        borrowing pointer: UnsafePointer<Float>, count: Int, shape: [Int], owner: AnyObject
    ) throws {
        guard try Shape.elementCount(shape, operation: "tensor") == count else {
            throw TensorError("tensor", "\(count) values for the shape \(Shape.text(shape))")
        }
        let storage = Storage(borrowing: UnsafeMutablePointer(mutating: pointer), count: count, owner: owner)
        self.init(storage: storage, shape: shape, strides: Shape.contiguousStrides(shape), offset: 0)
    }

    /// A scalar.
    public static func scalar(_ value: Float) throws -> Tensor { try full([], value) }

    public static func zeros(_ shape: [Int]) throws -> Tensor { try full(shape, 0, operation: "zeros") }
    public static func ones(_ shape: [Int]) throws -> Tensor { try full(shape, 1, operation: "ones") }

    public static func full(_ shape: [Int], _ value: Float) throws -> Tensor {
        try full(shape, value, operation: "full")
    }

    static func full(_ shape: [Int], _ value: Float, operation: String) throws -> Tensor {
        let result = try Tensor(uninitialised: shape, operation: operation)
        let pointer = result.pointer
        try ThreadPool.shared.runPolling(result.count, grain: Kernel.grain) { range in
            kernel_fill(pointer + range.lowerBound, value, range.count)
        }
        return result
    }

    /// `start, start + step, ...` up to but not including `end`.
    public static func arange(_ start: Double, _ end: Double, step: Double = 1) throws -> Tensor {
        guard step != 0, start.isFinite, end.isFinite, step.isFinite else {
            throw TensorError("arange", "start, end and step must be finite and step not 0")
        }
        let exact = ((end - start) / step).rounded(.up)
        guard exact < Double(Shape.maximumElements) else {
            throw TensorError("arange", "more than \(Shape.maximumElements) elements")
        }
        let count = exact > 0 ? Int(exact) : 0
        return try fill([count], operation: "arange") { Float(start + Double($0) * step) }
    }

    public static func arange(_ end: Int) throws -> Tensor { try arange(0, end) }

    /// Whole numbers.
    /// - Throws: `TensorError` if one is beyond `largestInteger`.
    public static func arange(_ start: Int, _ end: Int, step: Int = 1) throws -> Tensor {
        let result = try arange(Double(start), Double(end), step: Double(step))
        guard try result.asIntegers().kind == .integer else {
            throw TensorError(
                "arange", "whole numbers beyond \(largestInteger) are not exact in 32-bit floats; with a bound such as "
                    + "\(end).0 they are rounded")
        }
        return result
    }

    /// `count` evenly spaced values from `start` to `end`, both included.
    public static func linspace(_ start: Double, _ end: Double, count: Int) throws -> Tensor {
        let step = count > 1 ? (end - start) / Double(count - 1) : 0
        return try fill([count], operation: "linspace") { index in
            Float(index == count - 1 && count > 1 ? end : start + Double(index) * step)
        }
    }

    /// The unit matrix.
    public static func eye(_ size: Int) throws -> Tensor {
        let result = try full([size, size], 0, operation: "eye")
        for index in 0..<size { result.pointer[index * (size + 1)] = 1 }
        return result
    }

    /// Uniform in [0, 1).
    public static func rand(_ shape: [Int], stream: inout RandomStream) throws -> Tensor {
        try fill(shape, operation: "rand") { _ in stream.uniform() }
    }

    /// Standard normal values (Box-Muller, two at a time).
    public static func randn(_ shape: [Int], stream: inout RandomStream) throws -> Tensor {
        var second: Float = 0
        return try fill(shape, operation: "randn") { index in
            if index % 2 == 1 { return second }
            let radius = (-2 * logarithm(1 - Double(stream.uniform()))).squareRoot()
            let angle = 2 * Double.pi * Double(stream.uniform())
            second = Float(radius * sine(angle))
            return Float(radius * cosine(angle))
        }
    }

    /// Whole numbers in low ..< high.
    public static func randint(_ low: Int, _ high: Int, _ shape: [Int], stream: inout RandomStream) throws -> Tensor {
        guard low < high, low >= -largestInteger, high <= largestInteger + 1 else {
            throw TensorError(
                "randint", "\(low) ..< \(high) is empty or goes beyond \(largestInteger), up to which 32-bit floats "
                    + "hold every whole number")
        }
        return try fill(shape, operation: "randint") { _ in Float(low + stream.integer(below: high - low)) }
            .marked(.integer)
    }

    private static func fill(_ shape: [Int], operation: String, _ value: (Int) -> Float) throws -> Tensor {
        let result = try Tensor(uninitialised: shape, operation: operation)
        for start in stride(from: 0, to: result.count, by: Kernel.grain) {
            try Interruption.check()
            for index in start..<Swift.min(start + Kernel.grain, result.count) { result.pointer[index] = value(index) }
        }
        return result
    }
}
