import Foundation
import Interruption
import Models
import Tasks
import Training
import XCTest

final class ResumeTests: XCTestCase {
    private func folder() -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        addTeardownBlock { try? FileManager.default.removeItem(at: url) }
        return url.path
    }

    private func options(steps: Int, folder: String? = nil) -> RLVROptions {
        RLVROptions(
            steps: steps, problems: 4, width: 4,
            optimiser: OptimiserOptions(learningRate: 3e-3, newLearningRate: 1e-3), dynamic: true,
            sampling: SamplingOptions(maxTokens: 2, seed: 4),
            record: RecordOptions(folder: folder, checkpointEvery: folder == nil ? 0 : 2, resumes: folder != nil))
    }

    func testAResumedRunGivesTheSameBytesAsOneThatWasNeverStopped() throws {
        let (whole, folder) = (try TinyModel.bridged(), folder())
        let uninterrupted = try rlvr(whole, UpperHalfTask(), options(steps: 6))
        defer { Interruption.clear() }
        XCTAssertThrowsError(
            try rlvr(TinyModel.bridged(), UpperHalfTask(), options(steps: 6, folder: folder)) {
                if $0.step == 3 { Interruption.request() }
            })
        Interruption.clear()
        let again = try TinyModel.bridged()
        var seen: [Int] = []
        let resumed = try rlvr(again, UpperHalfTask(), options(steps: 6, folder: folder)) { seen.append($0.step) }
        XCTAssertEqual(seen, [4, 5, 6])
        XCTAssertEqual(resumed.history, uninterrupted.history)
        XCTAssertEqual(try TinyModel.weights(again), try TinyModel.weights(whole))
    }

    func testASupervisedRunGoesOnForMoreSteps() throws {
        let (whole, folder) = (try TinyModel.base(), folder())
        let examples = (0..<10).map { Example(prompt: "\($0)=", completion: "\(9 - $0)") }
        func options(_ steps: Int, _ folder: String?, _ kind: LearningRateSchedule.Kind = .constant) -> SFTOptions {
            SFTOptions(
                steps: steps, schedule: LearningRateSchedule(kind), batch: 4,
                record: RecordOptions(folder: folder, checkpointEvery: folder == nil ? 0 : 1, resumes: folder != nil))
        }
        try sft(whole, examples, options(7, nil))
        try sft(TinyModel.base(), examples, options(3, folder))
        let again = try TinyModel.base()
        XCTAssertEqual(try sft(again, examples, options(7, folder)).history.count, 7)
        XCTAssertEqual(try TinyModel.weights(again), try TinyModel.weights(whole))

        let other = self.folder()
        try sft(TinyModel.base(), examples, options(2, other, .cosine))
        XCTAssertThrowsError(try sft(TinyModel.base(), examples, options(4, other, .cosine))) {
            XCTAssertTrue("\($0)".contains("began with \"steps\": 2"), "\($0)")
        }
    }

    func testOtherOptionsAndOtherModelsAreRefused() throws {
        let folder = folder()
        try rlvr(TinyModel.bridged(), UpperHalfTask(), options(steps: 2, folder: folder))
        var other = options(steps: 4, folder: folder)
        other.credit = .group
        other.groups = 2
        XCTAssertThrowsError(try rlvr(TinyModel.bridged(), UpperHalfTask(), other)) {
            XCTAssertTrue("\($0)".contains("began with \"groups\": 1, not \"groups\": 2"), "\($0)")
        }
        XCTAssertThrowsError(try rlvr(TinyModel.base(), UpperHalfTask(), options(steps: 4, folder: folder))) {
            XCTAssertTrue("\($0)".contains("not those of this model"), "\($0)")
        }
    }

    func testADamagedCheckpointIsRefused() throws {
        let folder = folder()
        try rlvr(TinyModel.bridged(), UpperHalfTask(), options(steps: 2, folder: folder))
        let file = URL(fileURLWithPath: folder).appendingPathComponent("checkpoint.safetensors")
        try Data(contentsOf: file).prefix(1000).write(to: file)
        XCTAssertThrowsError(try rlvr(TinyModel.bridged(), UpperHalfTask(), options(steps: 4, folder: folder)))
    }
}
