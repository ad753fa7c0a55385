import Randomness
import XCTest

final class RandomStreamTests: XCTestCase {
    /// `kat_vectors` of Random123 1.14, philox4x32 with 10 rounds.
    func testPhiloxGivesTheKnownAnswersOfRandom123() {
        let zeros = Philox.block(counter: (0, 0, 0, 0), key: (0, 0))
        XCTAssertTrue(zeros == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
        let f = UInt32.max
        XCTAssertTrue(
            Philox.block(counter: (f, f, f, f), key: (f, f)) == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
        let pi = Philox.block(
            counter: (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344), key: (0xA409_3822, 0x299F_31D0))
        XCTAssertTrue(pi == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
    }

    func testAStreamIsAFunctionOfItsName() {
        var a = RandomStream(seed: 7, purpose: .rollout, 3, 1, 4), b = RandomStream(seed: 7, purpose: .rollout, 3, 1, 4)
        XCTAssertEqual((0..<100).map { _ in a.nextBits() }, (0..<100).map { _ in b.nextBits() })
    }

    func testStreamsWithOtherNamesDiffer() {
        var names: Set<UInt64> = []
        for purpose in [RandomPurpose.data, .rollout] {
            for seed in 0..<4 as Range<UInt64> {
                for index in 0..<8 {
                    var one = RandomStream(seed: seed, purpose: purpose, index)
                    var two = RandomStream(seed: seed, purpose: purpose, index, 0)
                    names.insert(one.next())
                    names.insert(two.next())
                }
            }
        }
        XCTAssertEqual(names.count, 2 * 4 * 8 * 2)
    }

    func testUniformNumbersFillTheUnitIntervalEvenly() {
        var stream = RandomStream(seed: 1, purpose: .user)
        var counts = [Int](repeating: 0, count: 10)
        for _ in 0..<100_000 { counts[Int(stream.uniform() * 10)] += 1 }
        for count in counts { XCTAssertEqual(Double(count), 10_000, accuracy: 500) }
    }

    func testIntegersStayBelowTheirBound() {
        var stream = RandomStream(seed: 1, purpose: .user)
        let drawn = Set((0..<1000).map { _ in stream.integer(below: 7) })
        XCTAssertEqual(drawn, Set(0..<7))
    }
}
