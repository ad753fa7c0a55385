import CKernels

/// Functions of one value, applied to every element.
extension Tensor {
    public func negated() throws -> Tensor { try map(KERNEL_NEGATE) }
    public func exp() throws -> Tensor { try map(KERNEL_EXP, keepsResult: true) }
    /// Natural logarithm: -inf at 0, NaN below.
    public func log() throws -> Tensor { try map(KERNEL_LOG, keepsInput: true) }
    public func sqrt() throws -> Tensor { try map(KERNEL_SQRT, keepsResult: true) }
    public func tanh() throws -> Tensor { try map(KERNEL_TANH, keepsResult: true) }
    public func sigmoid() throws -> Tensor { try map(KERNEL_SIGMOID, keepsResult: true) }
    public func relu() throws -> Tensor { try map(KERNEL_RELU, keepsInput: true) }
    /// x * sigmoid(x).
    public func silu() throws -> Tensor { try map(KERNEL_SILU, keepsInput: true) }
    /// x times the normal distribution function, x (1 + erf(x / sqrt 2)) / 2; or its approximation by tanh, as in
    /// GPT-2.
    public func gelu(approximateByTanh: Bool = false) throws -> Tensor {
        try map(approximateByTanh ? KERNEL_GELU_TANH : KERNEL_GELU, keepsInput: true)
    }
    /// The error function.
    public func erf() throws -> Tensor { try map(KERNEL_ERF, keepsInput: true) }
    public func abs() throws -> Tensor { try map(KERNEL_ABS, keepsInput: true) }
    public func sin() throws -> Tensor { try map(KERNEL_SIN, keepsInput: true) }
    public func cos() throws -> Tensor { try map(KERNEL_COS, keepsInput: true) }
    public func reciprocal() throws -> Tensor { try map(KERNEL_RECIPROCAL, keepsResult: true) }
    // The next three are flat: their gradient is 0.
    public func floor() throws -> Tensor { try map(KERNEL_FLOOR) }
    public func ceil() throws -> Tensor { try map(KERNEL_CEIL) }
    /// To the nearest whole number, ties to even.
    public func round() throws -> Tensor { try map(KERNEL_ROUND) }

    /// The operations that make whole numbers of whole numbers.
    private static let keepsWhole = Set(
        [KERNEL_NEGATE, KERNEL_RELU, KERNEL_ABS, KERNEL_FLOOR, KERNEL_CEIL, KERNEL_ROUND].map(\.rawValue))

    private func map(
        _ operation: kernel_unary_operation, keepsInput: Bool = false, keepsResult: Bool = false,
        name: String = #function
    ) throws -> Tensor {
        let source = try plain()
        let result = try Tensor(uninitialised: shape)
        let (out, input, code) = (result.pointer, source.pointer, Int32(operation.rawValue))
        let streams = Kernel.streams(count)
        try ThreadPool.shared.runPolling(count, grain: Kernel.grain) { range in
            kernel_unary(code, out + range.lowerBound, input + range.lowerBound, range.count, streams)
        }
        if kind != .real, Tensor.keepsWhole.contains(operation.rawValue) { result.kind = .integer }
        guard Tape.wants(self) else { return result }
        let savedInput = keepsInput ? source.saved() : nil
        let savedResult = keepsResult ? result.saved() : nil
        try Tape.record(result, [self], name: name) { gradient in
            let slope = try Tensor(uninitialised: gradient.shape)
            // A gradient that is one number everywhere, such as a sum's, is not spread out: all chunks read one run.
            let isUniform = gradient.count > 0 && gradient.strides.allSatisfy { $0 == 0 }
            let run = Swift.min(gradient.count, Kernel.grain)
            let slopes = isUniform ? try Tensor.full([run], gradient.pointer[0]) : try gradient.plain()
            // What an operation does not need is read, but not used: any readable address will do.
            let (out, g, x, y) = (slope.pointer, slopes.pointer, savedInput?.pointer, savedResult?.pointer)
            try ThreadPool.shared.runPolling(gradient.count, grain: Kernel.grain) { range in
                let start = range.lowerBound, own = isUniform ? g : g + start
                kernel_unary_backward(
                    code, out + start, own, x.map { $0 + start } ?? own, y.map { $0 + start } ?? own, range.count,
                    streams)
            }
            return [slope]
        }
        return result
    }
}
