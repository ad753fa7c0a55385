import CKernels

extension Tensor {
    /// exp(x) / sum of exp(x) along a dimension; -inf gives 0, in a row of nothing else too
    /// (where PyTorch gives NaN).
    public func softmax(_ dimension: Int = -1) throws -> Tensor {
        try softmax(dimension, isLogarithm: false, operation: "softmax")
    }

    /// log(softmax(x)) along a dimension.
    public func logSoftmax(_ dimension: Int = -1) throws -> Tensor {
        try softmax(dimension, isLogarithm: true, operation: "log_softmax")
    }

    private func softmax(_ dimension: Int, isLogarithm: Bool, operation: String) throws -> Tensor {
        if rank == 0 {
            return try asRow(dimension, operation) {
                try $0.softmax(0, isLogarithm: isLogarithm, operation: operation)
            }
        }
        let dimension = try Shape.dimension(dimension, rank: rank, operation: operation)
        if dimension != rank - 1 {
            return try transpose(dimension, -1).softmax(-1, isLogarithm: isLogarithm, operation: operation)
                .transpose(dimension, -1)
        }
        let columns = shape[dimension], source = try plain()
        let rows = count / Swift.max(columns, 1)
        let result = try Tensor(uninitialised: shape)
        let (out, input, flag) = (result.pointer, source.pointer, Int32(isLogarithm ? 1 : 0))
        try ThreadPool.shared.runPolling(rows, grain: Kernel.rowGrain(columns, elements: 1 << 13)) { range in
            let start = range.lowerBound * columns
            kernel_softmax(out + start, input + start, range.count, columns, flag)
        }
        guard Tape.wants(self) else { return result }
        let saved = result.saved()
        try Tape.record(result, [self], name: operation) { gradient in
            let gradient = try gradient.plain()
            let slope = try Tensor(uninitialised: saved.shape)
            let (out, g, y) = (slope.pointer, gradient.pointer, saved.pointer)
            try ThreadPool.shared.runPolling(rows, grain: Kernel.rowGrain(columns, elements: 1 << 13)) { range in
                let start = range.lowerBound * columns
                kernel_softmax_backward(out + start, g + start, y + start, range.count, columns, flag)
            }
            return [slope]
        }
        return result
    }
}
