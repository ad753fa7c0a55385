import Glibc
import Models
import XCTest

/// Filters on a distribution that is known: probabilities 0.4, 0.3, 0.2, 0.06, 0.04 in a scrambled order.
final class TokenDistributionTests: XCTestCase {
    private let probabilities: [Double] = [0.06, 0.4, 0.04, 0.2, 0.3]

    private func support(_ options: SamplingOptions, _ probabilities: [Double]? = nil) -> [Int32: Double] {
        let p = probabilities ?? self.probabilities
        var logits = p.map { Float(log($0)) + 3 }, room = [Float](repeating: 0, count: p.count)
        return room.withUnsafeMutableBufferPointer { room in
            logits.withUnsafeMutableBufferPointer { logits in
                guard let room = room.baseAddress, let logits = logits.baseAddress else { return [:] }
                var distribution = TokenDistribution(options: options, vocabularySize: p.count, exponentials: room)
                distribution.load(logits)
                // What is drawn agrees with what is said to be drawable.
                let support = Dictionary(uniqueKeysWithValues: distribution.support.map { ($0.token, $0.probability) })
                for step in 0..<1000 {
                    let (token, logProbability) = distribution.draw(uniform: (Double(step) + 0.5) / 1000)
                    XCTAssertEqual(Double(logProbability), log(support[token] ?? 0), accuracy: 1e-5)
                }
                return support
            }
        }
    }

    private func check(_ found: [Int32: Double], _ expected: [Int32: Double], line: UInt = #line) {
        XCTAssertEqual(Set(found.keys), Set(expected.keys), line: line)
        for (token, p) in expected { XCTAssertEqual(found[token] ?? 0, p, accuracy: 1e-6, line: line) }
    }

    func testTopKKeepsTheMostProbable() {
        check(support(SamplingOptions(topK: 2)), [1: 0.4 / 0.7, 4: 0.3 / 0.7])
        check(support(SamplingOptions(topK: 1)), [1: 1])
        check(support(SamplingOptions(topK: 9)), [0: 0.06, 1: 0.4, 2: 0.04, 3: 0.2, 4: 0.3])
    }

    func testTopPKeepsTheFewestThatHoldTheMass() {
        check(support(SamplingOptions(topP: 0.35)), [1: 1])
        check(support(SamplingOptions(topP: 0.6)), [1: 0.4 / 0.7, 4: 0.3 / 0.7])
        check(support(SamplingOptions(topP: 0.75)), [1: 0.4 / 0.9, 4: 0.3 / 0.9, 3: 0.2 / 0.9])
        check(support(SamplingOptions(topP: 0.99)), [0: 0.06, 1: 0.4, 2: 0.04, 3: 0.2, 4: 0.3])
    }

    func testMinPIsRelativeToTheMostProbable() {
        check(support(SamplingOptions(minP: 0.6)), [1: 0.4 / 0.7, 4: 0.3 / 0.7])
        check(support(SamplingOptions(minP: 0.12)), [0: 0.06 / 0.96, 1: 0.4 / 0.96, 3: 0.2 / 0.96, 4: 0.3 / 0.96])
        check(support(SamplingOptions(minP: 1)), [1: 1])
    }

    func testFiltersApplyOneAfterTheOther() {
        // After top-k 3 the mass of the first is 0.4 / 0.9 = 0.44, so that 0.43 is reached by it alone.
        check(support(SamplingOptions(topK: 3, topP: 0.43)), [1: 1])
        check(support(SamplingOptions(topK: 3, topP: 0.5, minP: 0.8)), [1: 1])
    }

    func testTemperatureComesBeforeTheFilters() {
        // At temperature 0.5 probabilities are squared: 0.16, 0.09, 0.04 ... of 0.2952.
        check(support(SamplingOptions(temperature: 0.5, topK: 2)), [1: 0.16 / 0.25, 4: 0.09 / 0.25])
        check(support(SamplingOptions(temperature: 0.5, topP: 0.54)), [1: 1])
    }

    func testOfEquallyProbableTokensTheSmallerIdComesFirst() {
        check(support(SamplingOptions(topK: 2), [0.25, 0.25, 0.25, 0.25]), [0: 0.5, 1: 0.5])
        // More candidates than are kept at once.
        let many = [Double](repeating: 1.0 / 2000, count: 2000)
        check(support(SamplingOptions(topK: 3), many), [0: 1.0 / 3, 1: 1.0 / 3, 2: 1.0 / 3])
    }

    func testTopKOfManyTokensEqualsSorting() {
        let weights = (0..<3000).map { 1 + Double(($0 * 7919) % 3001) }
        let total = weights.reduce(0, +)
        let best = weights.indices.sorted { weights[$0] > weights[$1] }.prefix(5)
        XCTAssertEqual(
            Set(support(SamplingOptions(topK: 5), weights.map { $0 / total }).keys), Set(best.map { Int32($0) }))
    }

    func testPlainDrawsFollowTheProbabilities() {
        var counts = [Int](repeating: 0, count: 5)
        var logits = probabilities.map { Float(log($0)) }, room = [Float](repeating: 0, count: 5)
        logits.withUnsafeMutableBufferPointer { logits in
            room.withUnsafeMutableBufferPointer { room in
                guard let logits = logits.baseAddress, let room = room.baseAddress else { return }
                var distribution = TokenDistribution(options: SamplingOptions(), vocabularySize: 5, exponentials: room)
                distribution.load(logits)
                // An even grid of numbers gives each token its share.
                for step in 0..<10_000 {
                    let (token, logProbability) = distribution.draw(uniform: (Double(step) + 0.5) / 10_000)
                    counts[Int(token)] += 1
                    XCTAssertEqual(Double(logProbability), log(probabilities[Int(token)]), accuracy: 1e-5)
                }
            }
        }
        for (count, p) in zip(counts, probabilities) { XCTAssertEqual(Double(count) / 10_000, p, accuracy: 1e-3) }
    }

    func testGreedyTakesTheMostProbableWithItsLogProbability() {
        var logits: [Float] = [1, 4, 2], room: [Float] = [0, 0, 0]
        logits.withUnsafeMutableBufferPointer { logits in
            room.withUnsafeMutableBufferPointer { room in
                guard let logits = logits.baseAddress, let room = room.baseAddress else { return }
                var distribution = TokenDistribution(
                    options: SamplingOptions(temperature: 0), vocabularySize: 3, exponentials: room)
                distribution.load(logits)
                let drawn = distribution.draw(uniform: 0.99)
                XCTAssertEqual(drawn.token, 1)
                XCTAssertEqual(Double(drawn.logProbability), -log(1 + exp(-3.0) + exp(-2.0)), accuracy: 1e-6)
            }
        }
    }
}
