import CKernels

/// Operations on two tensors, with broadcasting.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws -> Tensor {
        let result = try values(KERNEL_ADD, "+", a, b)
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape) = (a.shape, b.shape)
            try Tape.record(result, [a, b]) { [try $0.sum(to: aShape), try $0.sum(to: bShape)] }
        }
        return result
    }

    public static func - (a: Tensor, b: Tensor) throws -> Tensor {
        let result = try values(KERNEL_SUBTRACT, "-", a, b)
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape, wantsB) = (a.shape, b.shape, Tape.wants(b))
            try Tape.record(result, [a, b]) {
                [try $0.sum(to: aShape), wantsB ? try $0.sum(to: bShape).negated() : nil]
            }
        }
        return result
    }

    /// The product; of two tensors of answers whether both are yes.
    public static func * (a: Tensor, b: Tensor) throws -> Tensor {
        let result = try values(KERNEL_MULTIPLY, "*", a, b)
        result.isBoolean = a.isBoolean && b.isBoolean
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape) = (a.shape, b.shape)
            let savedB = Tape.wants(a) ? b.saved() : nil
            let savedA = Tape.wants(b) ? a.saved() : nil
            try Tape.record(result, [a, b]) { gradient in
                [
                    try savedB.map { try (gradient * $0).sum(to: aShape) },
                    try savedA.map { try (gradient * $0).sum(to: bShape) },
                ]
            }
        }
        return result
    }

    public static func / (a: Tensor, b: Tensor) throws -> Tensor {
        let result = try values(KERNEL_DIVIDE, "/", a, b)
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape, wantsB) = (a.shape, b.shape, Tape.wants(b))
            let (savedB, quotient) = (b.saved(), result.saved())
            try Tape.record(result, [a, b]) { gradient in
                let part = try gradient / savedB
                return [
                    try part.sum(to: aShape), wantsB ? try (part * quotient).negated().sum(to: bShape) : nil,
                ]
            }
        }
        return result
    }

    public static func + (a: Tensor, b: Float) throws -> Tensor { try a.affine(scale: 1, shift: b) }
    public static func - (a: Tensor, b: Float) throws -> Tensor { try a.affine(scale: 1, shift: -b) }
    public static func * (a: Tensor, b: Float) throws -> Tensor { try a.affine(scale: b, shift: 0) }
    public static func / (a: Tensor, b: Float) throws -> Tensor { try a / Tensor.full([], b) }
    public static func + (a: Float, b: Tensor) throws -> Tensor { try b.affine(scale: 1, shift: a) }
    public static func - (a: Float, b: Tensor) throws -> Tensor { try b.affine(scale: -1, shift: a) }
    public static func * (a: Float, b: Tensor) throws -> Tensor { try b.affine(scale: a, shift: 0) }
    public static func / (a: Float, b: Tensor) throws -> Tensor { try Tensor.full([], a) / b }
    public static prefix func - (a: Tensor) throws -> Tensor { try a.negated() }

    /// self * scale + shift.
    func affine(scale: Float, shift: Float) throws -> Tensor {
        let source = try plain()
        let result = try Tensor(uninitialised: shape)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(count, grain: Kernel.grain) { range in
            kernel_affine(out + range.lowerBound, input + range.lowerBound, scale, shift, range.count)
        }
        return try record(result, from: self) { scale == 1 ? $0 : try $0.affine(scale: scale, shift: 0) }
    }

    /// self to the power of `exponent`, element by element.
    public func power(_ exponent: Tensor) throws -> Tensor {
        let result = try Tensor.values(KERNEL_POWER, "**", self, exponent)
        if Tape.wants(self) || Tape.wants(exponent) {
            let (base, shape, exponentShape, wantsExponent) = (saved(), shape, exponent.shape, Tape.wants(exponent))
            let (savedExponent, value) = (exponent.saved(), result.saved())
            try Tape.record(result, [self, exponent]) { gradient in
                let slope = try savedExponent * base.power(savedExponent - 1)
                return [
                    try (gradient * slope).sum(to: shape),
                    wantsExponent ? try (gradient * value * base.log()).sum(to: exponentShape) : nil,
                ]
            }
        }
        return result
    }

    public func power(_ exponent: Float) throws -> Tensor {
        if exponent == 0 { return try power(Tensor.full([], 0)) }
        let source = try plain()
        let result = try Tensor(uninitialised: shape)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(count, grain: Kernel.grain) { range in
            kernel_power(out + range.lowerBound, input + range.lowerBound, exponent, range.count)
        }
        guard Tape.wants(self) else { return result }
        let saved = source.saved()
        try Tape.record(result, [self]) { gradient in
            if exponent == 1 { return [gradient] }
            return [try gradient * (saved.power(exponent - 1) * exponent)]
        }
        return result
    }

    /// The larger of two values; at a tie the gradient is shared, as in PyTorch.
    public func maximum(_ other: Tensor) throws -> Tensor { try pick(KERNEL_MAXIMUM, "maximum", other) }

    /// The smaller of two values; at a tie the gradient is shared.
    public func minimum(_ other: Tensor) throws -> Tensor { try pick(KERNEL_MINIMUM, "minimum", other) }

    private func pick(_ operation: kernel_binary_operation, _ name: String, _ other: Tensor) throws -> Tensor {
        let result = try Tensor.values(operation, name, self, other)
        if Tape.wants(self) || Tape.wants(other) {
            let (a, b, value) = (saved(), other.saved(), result.saved())
            try Tape.record(result, [self, other]) { gradient in
                let (isA, isB) = (try a.equal(value), try b.equal(value))
                let share = try gradient / (isA + isB)
                return [try (share * isA).sum(to: a.shape), try (share * isB).sum(to: b.shape)]
            }
        }
        return result
    }

    /// Values limited to low ... high; the gradient is 0 outside.
    public func clamp(_ low: Float, _ high: Float) throws -> Tensor {
        try maximum(Tensor.full([], low)).minimum(Tensor.full([], high))
    }

    // Comparisons give 1 where they hold and 0 elsewhere, and no gradient.
    public func less(_ other: Tensor) throws -> Tensor { try compare(KERNEL_LESS, "<", other) }
    public func lessOrEqual(_ other: Tensor) throws -> Tensor {
        try compare(KERNEL_LESS_EQUAL, "<=", other)
    }
    public func greater(_ other: Tensor) throws -> Tensor { try compare(KERNEL_GREATER, ">", other) }
    public func greaterOrEqual(_ other: Tensor) throws -> Tensor {
        try compare(KERNEL_GREATER_EQUAL, ">=", other)
    }
    public func equal(_ other: Tensor) throws -> Tensor { try compare(KERNEL_EQUAL, "==", other) }
    public func notEqual(_ other: Tensor) throws -> Tensor { try compare(KERNEL_NOT_EQUAL, "!=", other) }

    private func compare(_ operation: kernel_binary_operation, _ name: String, _ other: Tensor) throws -> Tensor {
        try Tensor.values(operation, name, self, other).asBoolean()
    }

    /// The quotient rounded down; no gradient.
    public func floorDivided(by other: Tensor) throws -> Tensor {
        try Tensor.values(KERNEL_FLOOR_DIVIDE, "//", self, other)
    }

    /// The remainder with the divisor's sign, as in Python. The gradient flows to the dividend only.
    public func remainder(dividingBy other: Tensor) throws -> Tensor {
        let result = try Tensor.values(KERNEL_REMAINDER, "%", self, other)
        let shape = shape
        return try record(result, from: self) { try $0.sum(to: shape) }
    }

    /// The values alone, without a record.
    static func values(
        _ operation: kernel_binary_operation, _ name: String, _ a: Tensor, _ b: Tensor
    ) throws -> Tensor {
        let shape = try Shape.broadcast(a.shape, b.shape, operation: name)
        let result = try Tensor(uninitialised: shape, operation: name)
        guard result.count > 0 else { return result }
        var loop = StridedLoop(
            shape: shape,
            strides: [
                Shape.broadcastStrides(a.shape, a.strides, to: shape),
                Shape.broadcastStrides(b.shape, b.strides, to: shape),
            ])
        loop.splitLongRun(Kernel.grain)
        let (out, x, y, code) = (result.pointer, a.pointer, b.pointer, Int32(operation.rawValue))
        try ThreadPool.shared.runPolling(loop.rows, grain: Kernel.rowGrain(loop.columns)) { range in
            kernel_binary(
                code, out, x, y, Int32(loop.sizes.count), loop.sizes, loop.strides[0], loop.strides[1],
                range.lowerBound, range.upperBound)
        }
        return result
    }
}
