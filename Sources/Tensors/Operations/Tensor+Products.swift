import CKernels

/// Products and running sums along a dimension.
extension Tensor {
    /// The product along a dimension (of all elements if nil).
    public func prod(_ dimension: Int? = nil, keepDimensions: Bool = false) throws -> Tensor {
        guard let dimension else { return try flatten().prod(0) }
        if rank == 0 { return try asRow(dimension, "prod") { try $0.prod(0) } }
        let resolved = try Shape.dimension(dimension, rank: rank, operation: "prod")
        let length = shape[resolved]
        let source = try rows(reducing: [resolved])
        var kept = shape
        kept[resolved] = 1
        let result = try Tensor(uninitialised: kept)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(result.count, grain: Kernel.rowGrain(length)) { range in
            kernel_row_product(out + range.lowerBound, input + range.lowerBound * length, range.count, length)
        }
        if kind != .real { try result.asIntegers() }
        let saved = saved()
        return try record(keepDimensions ? result : result.without([resolved]), from: self) { gradient in
            try gradient.reshape(kept) * saved.productsOfOthers(resolved)
        }
    }

    /// For every element the product of the others along a dimension; right for zeros too.
    private func productsOfOthers(_ dimension: Int) throws -> Tensor {
        let source = try rows(reducing: [dimension])
        let length = shape[dimension]
        let result = try Tensor(uninitialised: source.shape)
        var before = [Double](repeating: 1, count: length)
        for start in stride(from: 0, to: count, by: Swift.max(length, 1)) {
            let (input, out) = (source.pointer + start, result.pointer + start)
            // In double precision, where no product of parts is infinite before the whole is.
            var product = 1.0
            for index in 0..<length {
                before[index] = product
                product *= Double(input[index])
            }
            product = 1
            for index in stride(from: length - 1, through: 0, by: -1) {
                out[index] = Float(before[index] * product)
                product *= Double(input[index])
            }
        }
        return try result.movedLast(backTo: dimension)
    }

    /// Running sums along a dimension.
    public func cumsum(_ dimension: Int) throws -> Tensor { try cumulativeSum(dimension, reversed: false) }

    private func cumulativeSum(_ dimension: Int, reversed: Bool) throws -> Tensor {
        if rank == 0 { return try asRow(dimension, "cumsum") { try $0.cumsum(0) } }
        let dimension = try Shape.dimension(dimension, rank: rank, operation: "cumsum")
        let length = shape[dimension]
        let source = try rows(reducing: [dimension])
        let result = try Tensor(uninitialised: source.shape)
        let (out, input) = (result.pointer, source.pointer)
        try ThreadPool.shared.runPolling(length == 0 ? 0 : count / length, grain: Kernel.rowGrain(length)) { range in
            let start = range.lowerBound * length
            kernel_row_cumulative_sum(out + start, input + start, range.count, length, reversed ? 1 : 0)
        }
        if kind != .real { try result.asIntegers() }
        return try record(try result.movedLast(backTo: dimension), from: self, name: "cumsum") {
            try $0.cumulativeSum(dimension, reversed: !reversed)
        }
    }
}
