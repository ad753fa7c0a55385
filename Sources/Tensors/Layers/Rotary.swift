#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

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
    let (length, half) = (x.shape[1], x.shape[3] / 2)
    if let positions, positions.count != length {
        throw TensorError("rope", "\(positions.count) positions for \(length) tokens")
    }
    var cosines = [Float](), sines = [Float]()
    for index in 0..<length {
        let position = Double(positions?[index] ?? index)
        for pair in 0..<half {
            let angle = position * pow(Double(theta), -Double(pair) / Double(half))
            cosines.append(Float(cos(angle)))
            sines.append(Float(sin(angle)))
        }
    }
    let (c, s) = (try Tensor(cosines, shape: [1, length, 1, half]), try Tensor(sines, shape: [1, length, 1, half]))
    let (first, second) = (try x.slice(3, nil, half), try x.slice(3, half, nil))
    return try Tensor.cat([first * c - second * s, second * c + first * s], 3)
}
