import Interruption
import Models
import Tensors
import XCTest

final class TokenBatchTests: XCTestCase {
    func testRowIsAliveWhereTheSamplerFedIt() throws {
        // Prompt 5 6; rows 7 8 9 and 4. The last token of each was never fed.
        let batch = try TokenBatch([(prompt: [5, 6], rows: [[7, 8, 9], [4]])])
        XCTAssertEqual([batch.groups, batch.width, batch.length], [1, 2, 4])
        XCTAssertEqual(batch.tokens, [5, 6, 7, 8, 5, 6, 0, 0])
        XCTAssertEqual(batch.alive, [true, true, true, true, true, true, false, false])
        XCTAssertEqual(batch.lengths, [4, 2])
        XCTAssertEqual(batch.targets, [7, 8, 9, 4])
        XCTAssertEqual(batch.targetPlaces, [1, 2, 3, 5])
        XCTAssertEqual(batch.targetRange(group: 0, row: 1), 3..<4)
    }

    func testGroupsOfDifferentWidthsAndPromptsArePadded() throws {
        let batch = try TokenBatch([(prompt: [5], rows: [[7]]), (prompt: [1, 2, 3], rows: [[8, 9], []])])
        XCTAssertEqual([batch.groups, batch.width, batch.length], [2, 2, 4])
        XCTAssertEqual(batch.tokens, [5, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 8, 1, 2, 3, 0])
        XCTAssertEqual(batch.lengths, [1, 0, 4, 3])
        XCTAssertEqual(batch.alive.filter { $0 }.count, 8)
        XCTAssertEqual(batch.targetPlaces, [0, 10, 11])
        XCTAssertEqual((0..<4).map { batch.targetRange(group: $0 / 2, row: $0 % 2).count }, [1, 0, 2, 0])
    }

    func testEmptyPartsAreRefused() {
        for groups: [(prompt: [Int32], rows: [[Int32]])] in [
            [], [(prompt: [], rows: [[1]])], [(prompt: [1], rows: [])],
        ] {
            XCTAssertThrowsError(try TokenBatch(groups)) { XCTAssertTrue($0 is ModelError) }
        }
    }

    func testInterruptionKeepsWhatWasProduced() throws {
        let model = try SmallModels.base()
        let sampler = try Sampler(model, options: SamplingOptions(maxTokens: 30, seed: 3))
        let request = GroupRequest(prompt: try model.tokenizer.encode("abc"), width: 2)
        var heard = 0
        defer { Interruption.clear() }
        XCTAssertThrowsError(
            try sampler.run([request]) { _ in
                heard += 1
                if heard == 7 { Interruption.request() }
            }
        ) { XCTAssertTrue($0 is Interrupted) }
        XCTAssertEqual(sampler.groups[0].tokenCount, heard)
        Interruption.clear()
        let whole = try model.generate([request], options: sampler.options)[0]
        for (part, row) in zip(sampler.groups[0].rows, whole.rows) {
            XCTAssertEqual(part.tokens, Array(row.tokens.prefix(part.tokens.count)))
        }
    }
}
