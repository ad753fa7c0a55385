import CKernels

/// Operations on two tensors, with broadcasting.
extension Tensor {
    public static func + (a: Tensor, b: Tensor) throws -> Tensor {
        // Of two tensors of answers, whether either is yes.
        if a.isBoolean, b.isBoolean { return try values(KERNEL_MAXIMUM, "+", a, b).marked(.boolean) }
        let result = try arithmetic(KERNEL_ADD, "+", a, b)
        if Tape.wants(a) || Tape.wants(b) {
            let (aShape, bShape) = (a.shape, b.shape)
            try Tape.record(result, [a, b]) { [try $0.sum(to: aShape), try $0.sum(to: bShape)] }
        }
        return result
    }

    public static func - (a: Tensor, b: Tensor) throws -> Tensor {
        if b.isBoolean, a.kind != .real || a.rank == 0 { throw noNegation }
        let result = try arithmetic(KERNEL_SUBTRACT, "-", a, b)
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
        let result =
            a.isBoolean && b.isBoolean
            ? try values(KERNEL_MULTIPLY, "*", a, b).marked(.boolean) : try arithmetic(KERNEL_MULTIPLY, "*", a, b)
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
    public static func - (a: Float, b: Tensor) throws -> Tensor {
        if b.isBoolean { throw noNegation }
        return try b.affine(scale: -1, shift: a)
    }
    public static func * (a: Float, b: Tensor) throws -> Tensor { try b.affine(scale: a, shift: 0) }
    public static func / (a: Float, b: Tensor) throws -> Tensor { try Tensor.full([], a) / b }
    public static prefix func - (a: Tensor) throws -> Tensor {
        if a.isBoolean { throw noNegation }
        return try a.negated()
    }

    private static let noNegation = TensorError(
        "-", "a tensor of answers has no negative; logical_not(m) or `not m` gives the opposite answers")

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
                // As PyTorch: a power of 0 is flat in its base, and 0 to a power of at least 0 in the exponent.
                let zero = try Tensor.scalar(0)
                let slope = try Tensor.select(
                    savedExponent.equal(zero), zero, savedExponent * base.power(savedExponent - 1))
                let isFlat = try base.equal(zero).logicalAnd(savedExponent.greaterOrEqual(zero))
                return [
                    try (gradient * slope).sum(to: shape),
                    wantsExponent
                        ? try (gradient * Tensor.select(isFlat, zero, value * base.log())).sum(to: exponentShape) : nil,
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
        let result = try Tensor.values(operation, name, self, other).marked(Swift.max(kind, other.kind))
        if Tape.wants(self) || Tape.wants(other) {
            let (a, b) = (saved(), other.saved())
            try Tape.record(result, [self, other], name: name) { gradient in
                let zero = try Tensor.scalar(0)
                let share = try Tensor.select(a.equal(b), gradient * 0.5, gradient)
                let (isLess, isGreater) = (try a.less(b), try a.greater(b))
                let isLargest = operation == KERNEL_MAXIMUM
                return [
                    try Tensor.select(isLargest ? isLess : isGreater, zero, share).sum(to: a.shape),
                    try Tensor.select(isLargest ? isGreater : isLess, zero, share).sum(to: b.shape),
                ]
            }
        }
        return result
    }

    /// Values limited to low ... high; the gradient is 1 between the limits and 0 at them and outside, as in PyTorch
    /// 2.15. NaN stays. Infinite limits are none.
    public func clamp(_ low: Float, _ high: Float) throws -> Tensor {
        let source = try plain()
        let result = try Tensor(uninitialised: shape)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(count, grain: Kernel.grain) { range in
            kernel_clamp(out + range.lowerBound, input + range.lowerBound, low, high, range.count)
        }
        guard Tape.wants(self) else { return result }
        let saved = source.saved()
        try Tape.record(result, [self]) { gradient in
            let gradient = try gradient.plain()
            let slope = try Tensor(uninitialised: saved.shape)
            let (out, g, x) = (slope.pointer, gradient.pointer, saved.pointer)
            try ThreadPool.shared.runPolling(saved.count, grain: Kernel.grain) { range in
                let start = range.lowerBound
                kernel_clamp_backward(out + start, g + start, x + start, low, high, range.count)
            }
            return [slope]
        }
        return result
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
        try Tensor.values(operation, name, self, other).marked(.boolean)
    }

    /// The quotient rounded down; no gradient.
    public func floorDivided(by other: Tensor) throws -> Tensor {
        try Tensor.arithmetic(KERNEL_FLOOR_DIVIDE, "//", self, other)
    }

    /// The remainder with the divisor's sign, as in Python. The gradient is 1 for the dividend and minus the quotient
    /// rounded down for the divisor.
    public func remainder(dividingBy other: Tensor) throws -> Tensor {
        let result = try Tensor.arithmetic(KERNEL_REMAINDER, "%", self, other)
        guard Tape.wants(self) || Tape.wants(other) else { return result }
        let (shape, otherShape) = (shape, other.shape)
        let operands = Tape.wants(other) ? (saved(), other.saved()) : nil
        try Tape.record(result, [self, other]) { gradient in
            [
                try gradient.sum(to: shape),
                try operands.map { a, b in
                    try (gradient * a.floorDivided(by: b)).negated().sum(to: otherShape)
                },
            ]
        }
        return result
    }

    /// Values whose kind is the wider of the two; of answers they are whole numbers.
    private static func arithmetic(
        _ operation: kernel_binary_operation, _ name: String, _ a: Tensor, _ b: Tensor
    ) throws -> Tensor {
        let result = try values(operation, name, a, b)
        return a.kind == .real || b.kind == .real ? result : try result.asIntegers()
    }

    /// The values alone, without a record.
    static func values(
        _ operation: kernel_binary_operation, _ name: String, _ a: Tensor, _ b: Tensor
    ) throws -> Tensor {
        let shape = try Shape.broadcast(a.shape, b.shape, operation: name)
        let result = try Tensor(uninitialised: shape, operation: name)
        guard result.count > 0 else { return result }
        let loop = StridedLoop(
            shape: shape,
            strides: [
                result.strides, Shape.broadcastStrides(a.shape, a.strides, to: shape),
                Shape.broadcastStrides(b.shape, b.strides, to: shape),
            ])
        let (out, x, y, code) = (result.pointer, a.pointer, b.pointer, Int32(operation.rawValue))
        let streams = Kernel.streams(result.count)
        try ThreadPool.shared.runPolling(loop.units, grain: loop.grain) { range in
            let part = loop.part(range)
            kernel_binary(
                code, out + part.offsets[0], x + part.offsets[1], y + part.offsets[2], Int32(part.sizes.count),
                part.sizes, loop.strides[1], loop.strides[2], part.rows.lowerBound, part.rows.upperBound, streams)
        }
        return result
    }
}
