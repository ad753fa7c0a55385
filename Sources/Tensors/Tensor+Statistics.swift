import CKernels

extension Tensor {
    /// What the values are like; of the finite ones, where there are others.
    package struct Statistics {
        package var low: Float, high: Float
        package var mean: Double
        /// The spread of a population: divided by the count.
        package var deviation: Double
        package var finite: Int, nan: Int, infinite: Int
    }

    /// - Throws: `Interrupted`.
    package func statistics() throws -> Statistics {
        let loop = StridedLoop(shape: shape, strides: [strides])
        let grain = loop.grain, units = count == 0 ? 0 : loop.units, input = pointer
        var parts = Array(repeating: kernel_summary(), count: (units + grain - 1) / grain)
        try parts.withUnsafeMutableBufferPointer { buffer in
            let places = buffer.baseAddress
            try ThreadPool.shared.runPolling(units, grain: grain) { range in
                let part = loop.part(range)
                places?[range.lowerBound / grain] = kernel_summarise(
                    input + part.offsets[0], Int32(part.sizes.count), part.sizes, loop.strides[0],
                    part.rows.lowerBound, part.rows.upperBound)
            }
        }
        var all = kernel_summary()
        (all.low, all.high) = (.infinity, -.infinity)
        for part in parts {
            all.low = Swift.min(all.low, part.low)
            all.high = Swift.max(all.high, part.high)
            all.sum += part.sum
            all.squares += part.squares
            all.finite += part.finite
            all.nan += part.nan
            all.infinite += part.infinite
        }
        let number = Double(Swift.max(all.finite, 1))
        let mean = all.sum / number
        return Statistics(
            low: all.low, high: all.high, mean: mean,
            deviation: Swift.max(all.squares / number - mean * mean, 0).squareRoot(), finite: all.finite, nan: all.nan,
            infinite: all.infinite)
    }
}
