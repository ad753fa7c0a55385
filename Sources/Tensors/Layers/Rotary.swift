import CKernels
import Glibc

/// The cosines and sines of a rotary embedding, to be made once and used by every layer and step.
public final class RotaryTable {
    /// The number of positions.
    public let length: Int
    /// Half the head's size.
    public let half: Int
    let cosines: Storage
    let sines: Storage

    /// - Parameters:
    ///   - positions: the position of each token index.
    ///   - headDim: size of a head, even.
    ///   - theta: base of the frequencies theta^(-2i/headDim).
    public init(positions: [Int], headDim: Int, theta: Float) throws {
        guard headDim > 0, headDim % 2 == 0, theta > 0 else {
            throw TensorError(
                "rope", "a head of size \(headDim) and theta \(theta); it needs an even size and theta > 0")
        }
        length = positions.count
        half = headDim / 2
        cosines = try Storage(count: length * half)
        sines = try Storage(count: length * half)
        let frequencies = (0..<half).map { pow(Double(theta), -Double($0) / Double(half)) }
        for (row, position) in positions.enumerated() {
            for (pair, frequency) in frequencies.enumerated() {
                let angle = Double(position) * frequency
                cosines.pointer[row * half + pair] = Float(cos(angle))
                sines.pointer[row * half + pair] = Float(sin(angle))
            }
        }
    }
}

/// Rotary position embedding (Su et al. 2021) in the half-split convention of Hugging Face and GPT-NeoX: element i
/// turns with element i + dh/2.
/// - Parameters:
///   - x: (B, T, H, dh) with dh even.
///   - theta: base of the frequencies theta^(-2i/dh).
///   - positions: the position of each index of T; 0 ..< T if nil.
public func rope(_ x: Tensor, theta: Float = 10_000, positions: [Int]? = nil) throws -> Tensor {
    guard x.rank == 4, x.shape[3] % 2 == 0 else {
        throw TensorError("rope", "x has the shape \(Shape.text(x.shape)); it must be (B, T, H, dh) with dh even")
    }
    return try rope(
        x, table: RotaryTable(positions: positions ?? Array(0..<x.shape[1]), headDim: x.shape[3], theta: theta))
}

/// Rotary position embedding from a table of T positions.
public func rope(_ x: Tensor, table: RotaryTable) throws -> Tensor {
    guard x.rank == 4, x.shape[1] == table.length, x.shape[3] == 2 * table.half else {
        throw TensorError(
            "rope", "x has the shape \(Shape.text(x.shape)); the table is for \(table.length) positions and heads of "
                + "size \(2 * table.half)")
    }
    let result = try turned(x, table, sign: 1)
    return try x.record(result, from: x) { try turned($0, table, sign: -1) }
}

private func turned(_ x: Tensor, _ table: RotaryTable, sign: Float) throws -> Tensor {
    let (length, heads, half) = (x.shape[1], x.shape[2], table.half)
    let source = try x.plain()
    let result = try Tensor(uninitialised: x.shape)
    let (out, input, c, s) = (result.pointer, source.pointer, table.cosines.pointer, table.sines.pointer)
    ThreadPool.shared.run(x.shape[0] * length, grain: Kernel.rowGrain(heads * half * 2)) { range in
        kernel_rope(out, input, range.lowerBound, range.upperBound, length, heads, half, c, s, sign)
    }
    return result
}
