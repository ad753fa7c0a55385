import Tensors

extension MappedFile {
    /// A tensor of the numbers in a range of the file, decoded straight into its storage.
    /// - Parameter heads: for weights whose rows the file has in the interleaved order of rotary positions, the number
    ///   of heads that the rows belong to; they come back in the half-split order.
    func tensor(in range: Range<Int>, shape: [Int], encoding: TensorEncoding, unpermutingHeads heads: Int? = nil) throws
        -> Tensor
    {
        let tensor = try Tensor(uninitialised: shape)
        try withBytes(in: range) { bytes in
            try tensor.withMutableFloats { numbers in
                guard let heads else { return encoding.decode(bytes, into: numbers) }
                var scratch = [Float](repeating: 0, count: numbers.count)
                scratch.withUnsafeMutableBufferPointer { encoding.decode(bytes, into: $0) }
                unpermute(scratch, into: numbers, rows: shape[0], heads: heads)
            }
        }
        return tensor
    }
}

/// Undoes what the converter to GGUF does to query and key weights (`permute` in llama.cpp's `convert_hf_to_gguf.py`):
/// row 2j + c of a head in the file is row c * headDim / 2 + j here, for c = 0 and 1.
private func unpermute(
    _ source: [Float], into target: UnsafeMutableBufferPointer<Float>, rows: Int, heads: Int
) {
    let columns = target.count / rows
    let headDim = rows / heads
    let half = headDim / 2
    for head in 0..<heads {
        for c in 0..<2 {
            for j in 0..<half {
                let from = (head * headDim + 2 * j + c) * columns
                let to = (head * headDim + c * half + j) * columns
                for column in 0..<columns { target[to + column] = source[from + column] }
            }
        }
    }
}
