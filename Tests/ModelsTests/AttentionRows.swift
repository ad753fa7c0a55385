import Foundation
import Models
import XCTest

/// Rows that share a prefix and have tails of their own, in caches of two layers, of which the second is asked for.
struct AttentionRows {
    let headDim: Int, shared: Int, prefix: Int, tails: [Int]
    let prefixSpan: Span, tailSpans: [Span], qkv: [Float]
    let keyHeads = 2, layer = 1

    init(headDim: Int, shared: Int, prefix: Int, tails: [Int], random: (Int) -> [Float]) {
        (self.headDim, self.shared, self.prefix, self.tails) = (headDim, shared, prefix, tails)
        let inner = keyHeads * headDim
        func span(_ tokens: Int) -> Span { Span(tokens: tokens, heads: 2, headDim: headDim, random: random) }
        prefixSpan = span(prefix)
        tailSpans = tails.map(span)
        qkv = random(tails.count * (shared + 2) * inner)
    }

    /// Random keys and values of two layers, as the caches have them; NaN where no key is.
    final class Span {
        private let tokens: Int, heads: Int, headDim: Int, capacity: Int
        private let keys: UnsafeMutableBufferPointer<Float>, values: UnsafeMutableBufferPointer<Float>

        init(tokens: Int, heads: Int, headDim: Int, random: (Int) -> [Float]) {
            (self.tokens, self.heads, self.headDim) = (tokens, heads, headDim)
            capacity = (tokens / DecodeKernels.blockKeys + 1) * DecodeKernels.blockKeys
            let all = random(2 * heads * capacity * headDim)
            keys = .allocate(capacity: all.count)
            values = .allocate(capacity: all.count)
            _ = values.initialize(from: random(all.count))
            _ = keys.initialize(from: all)
            for layer in 0..<2 {
                for head in 0..<heads {
                    for token in tokens..<capacity {
                        for d in 0..<headDim { keys[key(layer, head, token, d)] = .nan }
                    }
                }
            }
        }

        deinit {
            keys.deallocate()
            values.deallocate()
        }

        private func key(_ layer: Int, _ head: Int, _ token: Int, _ d: Int) -> Int {
            let block = DecodeKernels.blockKeys, start = (layer * heads + head) * capacity
            return (start + token / block * block) * headDim + d * block + token % block
        }

        /// The keys or values of one layer, head and dimension.
        func all(keys isKeys: Bool, _ layer: Int, _ head: Int, _ d: Int) -> [Double] {
            (0..<tokens).map { token in
                let place = ((layer * heads + head) * capacity + token) * headDim + d
                return Double(isKeys ? keys[key(layer, head, token, d)] : values[place])
            }
        }

        var kernel: DecodeKernels.Span {
            let head = capacity * headDim
            return DecodeKernels.Span(
                keys: keys.baseAddress, values: values.baseAddress, layer: heads * head, head: head)
        }
    }

    var inner: Int { keyHeads * headDim }
    var outer: Int { shared * inner }

    func attention(of rows: Range<Int>) -> [Float] {
        let heads = DecodeKernels.Heads(heads: shared * keyHeads, key_value_heads: keyHeads, head_dim: headDim)
        var out = [Float](repeating: .nan, count: rows.count * outer)
        let keys = prefix + (tails[rows].max() ?? 0)
        let size = rows.count * shared * DecodeKernels.attentionRoom(keys: keys, headDim: headDim)
        // What lies behind the room must stay as it is.
        var room = [Float](repeating: .nan, count: size) + [7, 8]
        let made = rows.map { row in
            DecodeKernels.Row(
                prefix: prefixSpan.kernel, tail: tailSpans[row].kernel, prefix_length: prefix,
                tail_length: tails[row], token: 0, position: 0)
        }
        withExtendedLifetime(self) {
            qkv.withUnsafeBufferPointer { qkv in
                for head in 0..<keyHeads {
                    DecodeKernels.attention(
                        &out, qkv.baseAddress! + rows.lowerBound * (outer + 2 * inner), rows: made,
                        count: rows.count, layer: layer, heads: heads, keyValueHead: head, room: &room)
                }
            }
        }
        XCTAssertEqual(Array(room.suffix(2)), [7, 8])
        return out
    }

    func expected() -> [Float] {
        tails.indices.flatMap { row in
            (0..<shared * keyHeads).flatMap { head in attention(row: row, head: head) }
        }
    }

    private func attention(row: Int, head: Int) -> [Float] {
        func all(keys: Bool, _ d: Int) -> [Double] {
            [prefixSpan, tailSpans[row]].flatMap { $0.all(keys: keys, layer, head / shared, d) }
        }
        let query = row * (outer + 2 * inner) + head * headDim
        var weights = [Double](repeating: 0, count: prefix + tails[row])
        for d in 0..<headDim {
            for (t, key) in all(keys: true, d).enumerated() { weights[t] += Double(qkv[query + d]) * key }
        }
        weights = weights.map { exp($0 / Double(headDim).squareRoot()) }
        let total = weights.reduce(0, +)
        return (0..<headDim).map { d in
            Float(zip(weights, all(keys: false, d)).reduce(0) { $0 + $1.0 * $1.1 } / total)
        }
    }
}
