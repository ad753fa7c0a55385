import Foundation
import Metrics
import XCTest

/// Against numbers from scipy; see scripts/dev/make-metric-fixtures.py.
final class MetricFixtureTests: XCTestCase {
    private struct Fixtures: Decodable {
        struct Counts: Decodable {
            let n, c, k: Int
            let pass: Double
            let gpass: [[Double]]
            let mgpass: Double?
        }
        struct Vote: Decodable {
            let answers: [String?]
            let correct: [String]
            let k: Int
            let value: Double
        }
        let counts: [Counts]
        let majority: [Vote]
    }

    private func fixtures() throws -> Fixtures {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/metrics.json")
        return try JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: file))
    }

    func testPassAtAgreesWithTheEstimatorOfThePaperUpToTenThousandRows() throws {
        for f in try fixtures().counts {
            XCTAssertEqual(try Metric.passAt(n: f.n, c: f.c, k: f.k), f.pass, accuracy: 1e-10, "\(f)")
        }
    }

    func testGPassAgreesWithTheHypergeometricTailUpToTenThousandRows() throws {
        for f in try fixtures().counts {
            for pair in f.gpass {
                XCTAssertEqual(
                    try Metric.gPass(n: f.n, c: f.c, k: f.k, m: Int(pair[0])), pair[1], accuracy: 1e-8, "\(f)")
            }
        }
    }

    func testMeanGPassAgreesWithTheReferenceImplementation() throws {
        for f in try fixtures().counts {
            guard let expected = f.mgpass else { continue }
            XCTAssertEqual(try Metric.mGPass(n: f.n, c: f.c, k: f.k), expected, accuracy: 1e-10, "\(f)")
        }
    }

    func testMajorityAgreesWithTheEnumerationOfAllSubsets() throws {
        for f in try fixtures().majority {
            let correct = f.answers.map { $0.map(f.correct.contains) ?? false }
            XCTAssertEqual(
                try Metric.majority(answers: f.answers, correct: correct, k: f.k), f.value, accuracy: 1e-10, "\(f)")
        }
    }
}
