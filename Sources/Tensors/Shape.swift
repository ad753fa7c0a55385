/// Pure functions of shapes and strides. A shape lists the sizes of the dimensions, outermost first; `[]` is a scalar.
public enum Shape {
    /// No tensor holds more elements than this (16 GiB of Float).
    public static let maximumElements = 1 << 32
    public static let maximumRank = 16

    /// The number of elements.
    /// - Throws: `TensorError` for a negative size, too high a rank or a count past `maximumElements`.
    public static func elementCount(_ shape: [Int], operation: String) throws -> Int {
        guard shape.count <= maximumRank else {
            throw TensorError(operation, "a shape of \(shape.count) dimensions; at most \(maximumRank) are supported")
        }
        // Sizes of 0 count as 1 here, so that no product of some of the sizes can overflow elsewhere either.
        var count = 1
        for size in shape {
            guard size >= 0 else {
                throw TensorError(operation, "the shape \(text(shape)) has a negative size")
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: Swift.max(size, 1))
            guard !overflow, product <= maximumElements else {
                throw TensorError(operation, "the shape \(text(shape)) has more than \(maximumElements) elements")
            }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// Row-major strides in elements.
    static func contiguousStrides(_ shape: [Int]) -> [Int] {
        var strides = shape
        var step = 1
        var index = shape.count - 1
        while index >= 0 {
            strides[index] = step
            step &*= Swift.max(shape[index], 1)
            index -= 1
        }
        return strides
    }

    static func isContiguous(_ shape: [Int], _ strides: [Int]) -> Bool {
        var step = 1
        var index = shape.count - 1
        while index >= 0 {
            if shape[index] != 1 {
                if strides[index] != step { return shape.contains(0) }
                step &*= shape[index]
            }
            index -= 1
        }
        return true
    }

    /// The shape that both broadcast to, as in NumPy.
    static func broadcast(_ a: [Int], _ b: [Int], operation: String) throws -> [Int] {
        if a == b { return a }
        let rank = Swift.max(a.count, b.count)
        var result = [Int](repeating: 1, count: rank)
        for back in 1...rank {
            let x = back <= a.count ? a[a.count - back] : 1
            let y = back <= b.count ? b[b.count - back] : 1
            guard x == y || x == 1 || y == 1 else {
                throw TensorError(
                    operation, "the shapes \(text(a)) and \(text(b)) do not broadcast: sizes \(x) and \(y) differ")
            }
            result[rank - back] = x == 1 ? y : x
        }
        return result
    }

    /// Strides that make a tensor of `shape` look like `target`, which it broadcasts to.
    static func broadcastStrides(_ shape: [Int], _ strides: [Int], to target: [Int]) -> [Int] {
        if shape == target { return strides }
        let lead = target.count - shape.count
        return target.indices.map { index in
            index < lead || (shape[index - lead] == 1 && target[index] != 1) ? 0 : strides[index - lead]
        }
    }

    /// A dimension counted from the front, from one that may be negative.
    static func dimension(_ dimension: Int, rank: Int, operation: String) throws -> Int {
        let resolved = dimension < 0 ? dimension + rank : dimension
        guard resolved >= 0, resolved < rank else {
            throw TensorError(
                operation, rank == 0
                    ? "dimension \(dimension) of a scalar, which has none"
                    : "dimension \(dimension) is out of range; the tensor has \(rank) (\(-rank) to \(rank - 1))")
        }
        return resolved
    }

    /// `(3, 4)`, `(3,)`, `()`.
    public static func text(_ shape: [Int]) -> String {
        if shape.count == 1 { return "(\(shape[0]),)" }
        return "(" + shape.map(String.init).joined(separator: ", ") + ")"
    }
}

/// An iteration space with the strides of its operands, neighbouring dimensions merged where every operand allows it.
struct StridedLoop {
    var sizes: [Int] = []
    var strides: [[Int]]

    init(shape: [Int], strides operands: [[Int]]) {
        strides = operands.map { _ in [] }
        for index in shape.indices where shape[index] != 1 {
            if let last = sizes.indices.last,
                operands.indices.allSatisfy({ strides[$0][last] == operands[$0][index] * shape[index] })
            {
                sizes[last] *= shape[index]
                for operand in operands.indices { strides[operand][last] = operands[operand][index] }
            } else {
                sizes.append(shape[index])
                for operand in operands.indices { strides[operand].append(operands[operand][index]) }
            }
        }
        if sizes.isEmpty {
            sizes = [1]
            for operand in operands.indices { strides[operand] = [0] }
        }
    }

    /// Runs of the last dimension.
    var rows: Int { sizes.dropLast().reduce(1, *) }
    var columns: Int { sizes[sizes.count - 1] }

    /// What threads share: the elements of a single run, else rows.
    var units: Int { sizes.count == 1 ? columns : rows }
    var grain: Int { sizes.count == 1 ? Kernel.grain : Kernel.rowGrain(columns) }

    /// A share of the space, as kernels take it: rows of sizes, from where the operands' offsets say.
    struct Part {
        let sizes: [Int]
        let rows: Range<Int>
        let offsets: [Int]
    }

    func part(_ range: Range<Int>) -> Part {
        guard sizes.count == 1 else {
            return Part(sizes: sizes, rows: range, offsets: [Int](repeating: 0, count: strides.count))
        }
        return Part(sizes: [range.count], rows: 0..<1, offsets: strides.map { $0[0] * range.lowerBound })
    }
}
