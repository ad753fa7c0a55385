import Models
import Tensors

/// A prompt and its completions side by side; the last token of each is the stop token or the one that hit the limit.
typealias CompletionGroup = (prompt: [Int32], rows: [[Int32]])

/// How groups are put together into micro-batches. A group is never split: its rows see each other.
enum MicroBatches {
    /// Runs of neighbouring groups: at most `limit` groups, or, without a limit, as many as fit in about 1.5 GB of
    /// activations; always at least one.
    static func ranges(_ groups: [CompletionGroup], limit: Int?, model: LanguageModel) -> [Range<Int>] {
        let c = model.configuration
        // Activations kept for the way back: about 20 values of the width of the stream a layer, and the logits twice.
        let budget = 400_000_000 / (20 * c.layers * c.dim + 2 * c.vocabularySize)
        var result: [Range<Int>] = []
        var start = 0, length = 0, width = 0
        for (i, group) in groups.enumerated() {
            let ownLength = group.prompt.count + (group.rows.map(\.count).max() ?? 0)
            length = max(length, ownLength)
            width = max(width, group.rows.count)
            let isFull = limit.map { i - start >= $0 } ?? (length * width * (i - start + 1) > budget)
            if i > start, isFull {
                result.append(start..<i)
                (start, length, width) = (i, ownLength, group.rows.count)
            }
        }
        if start < groups.count { result.append(start..<groups.count) }
        return result
    }
}
