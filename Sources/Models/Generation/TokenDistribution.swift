import Glibc

/// Drawing a token from logits. Filters apply in the usual order: temperature, then top-k, then top-p, then min-p, each
/// on what the ones before left, renormalised. Of equally probable tokens the smaller id comes first.
package struct TokenDistribution {
    private struct Candidate {
        var weight: Float
        var token: Int32
    }

    private let options: SamplingOptions
    private let vocabularySize: Int
    private let exponentials: UnsafeMutablePointer<Float>
    /// Kept between draws, so that they allocate nothing.
    private var candidates: [Candidate] = []
    private var logits: UnsafeMutablePointer<Float>
    private var logSum: Float = 0
    private var sum = 0.0

    /// - Parameter exponentials: room for `vocabularySize` floats.
    package init(options: SamplingOptions, vocabularySize: Int, exponentials: UnsafeMutablePointer<Float>) {
        self.options = options
        self.vocabularySize = vocabularySize
        self.exponentials = exponentials
        logits = exponentials
        if options.hasFilters { candidates.reserveCapacity(min(vocabularySize, 4096)) }
    }

    /// Takes the logits to draw from, (vocabularySize); they are overwritten, and read by `draw` until the next `load`.
    /// - Parameter said: the tokens of the text so far, each once, where there is a penalty for repetition.
    package mutating func load(_ logits: UnsafeMutablePointer<Float>, said: Set<Int32> = []) {
        if options.repetitionPenalty != 1 {
            let penalty = Float(options.repetitionPenalty)
            for token in said { logits[Int(token)] *= logits[Int(token)] > 0 ? 1 / penalty : penalty }
        }
        let scale = options.temperature > 0 ? Float(1 / options.temperature) : 1
        self.logits = logits
        (logSum, sum) = DecodeKernels.exponentials(exponentials, of: logits, count: vocabularySize, scale: scale)
        guard isSound, options.temperature > 0, options.hasFilters else { return }
        filter()
        sum = candidates.reduce(0.0) { $0 + Double($1.weight) }
    }

    /// Whether what was loaded were numbers, of which at least one is finite; else there is nothing to draw.
    package var isSound: Bool { sum > 0 }

    /// Draws a token.
    /// - Parameter uniform: in [0, 1): decides which.
    /// - Returns: the token and its log-probability under the distribution drawn from (greedy: at temperature 1).
    package func draw(uniform: Double) -> (token: Int32, logProbability: Float) {
        if options.temperature == 0 || !options.hasFilters {
            let token =
                options.temperature == 0
                ? DecodeKernels.argmax(logits, count: vocabularySize)
                : DecodeKernels.pick(exponentials, count: vocabularySize, target: uniform * sum)
            return (Int32(token), logits[token] - logSum)
        }
        var left = uniform * sum
        let chosen = candidates.first { candidate in
            left -= Double(candidate.weight)
            return left < 0
        } ?? candidates[candidates.count - 1]
        return (chosen.token, Float(log(Double(chosen.weight) / sum)))
    }

    /// After `load` with filters: the tokens that can be drawn with their probabilities, most probable first.
    package var support: [(token: Int32, probability: Double)] {
        candidates.map { ($0.token, Double($0.weight) / sum) }
    }

    /// Fills `candidates` with the tokens that the filters leave, most probable first; never empty.
    private mutating func filter() {
        candidates.removeAll(keepingCapacity: true)
        var threshold = leastWeight()
        let room = options.topK.map { max(256, 4 * min($0, vocabularySize)) } ?? Int.max
        for token in 0..<vocabularySize where exponentials[token] >= threshold {
            candidates.append(Candidate(weight: exponentials[token], token: Int32(token)))
            if candidates.count == room {
                sortCandidates()
                threshold = candidates[candidates.count - 1].weight
            }
        }
        sortCandidates()
        if let topP = options.topP, topP < 1 { keepMass(topP, of: options.topK == nil ? sum : nil) }
        if let minP = options.minP, minP > 0, let best = candidates.first {
            let least = Double(best.weight) * minP
            let count = candidates.firstIndex { Double($0.weight) < least } ?? candidates.count
            candidates.removeSubrange(max(count, 1)...)
        }
    }

    /// Puts the most probable first and drops those beyond `topK`.
    private mutating func sortCandidates() {
        candidates.withUnsafeMutableBufferPointer { Self.sort($0) }
        if let topK = options.topK, topK < candidates.count { candidates.removeSubrange(topK...) }
    }

    private static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
        a.weight != b.weight ? a.weight > b.weight : a.token < b.token
    }

    /// Quicksort in place; the library's sort would allocate at every token.
    private static func sort(_ all: UnsafeMutableBufferPointer<Candidate>) {
        var part = all[...]
        while part.count > 16 {
            let pivot = all[(part.startIndex + part.endIndex) / 2]
            var low = part.startIndex, high = part.endIndex - 1
            while low <= high {
                while precedes(all[low], pivot) { low += 1 }
                while precedes(pivot, all[high]) { high -= 1 }
                if low <= high {
                    all.swapAt(low, high)
                    low += 1
                    high -= 1
                }
            }
            // The shorter side by a call, so that calls do not pile up.
            let left = part.startIndex..<high + 1, right = low..<part.endIndex
            let (short, long) = left.count < right.count ? (left, right) : (right, left)
            sort(UnsafeMutableBufferPointer(rebasing: all[short]))
            part = all[long]
        }
        for index in part.indices.dropFirst() {
            let candidate = all[index]
            var place = index
            while place > part.startIndex, precedes(candidate, all[place - 1]) {
                all[place] = all[place - 1]
                place -= 1
            }
            all[place] = candidate
        }
    }

    /// A weight below which no token can pass the filters, so that few need sorting. (The largest weight is 1.)
    private func leastWeight() -> Float {
        var least: Float = 0
        if let minP = options.minP, options.topK == nil, (options.topP ?? 1) >= 1 { least = Float(minP).nextDown }
        if let topP = options.topP, topP < 1, options.topK == nil, vocabularySize > 1 {
            // All tokens below this together have less than 1 - topP, so the mass is reached without them.
            least = max(least, min(Float((1 - topP) * sum / Double(vocabularySize)).nextDown, 1))
        }
        return max(least, .leastNonzeroMagnitude)
    }

    /// Keeps the fewest candidates that hold at least `mass` of the total.
    private mutating func keepMass(_ mass: Double, of known: Double?) {
        let total = known ?? candidates.reduce(0.0) { $0 + Double($1.weight) }
        var reached = 0.0
        for index in candidates.indices {
            reached += Double(candidates[index].weight)
            if reached >= mass * total {
                candidates.removeSubrange((index + 1)...)
                return
            }
        }
    }
}
