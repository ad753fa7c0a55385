import Interruption
import Language
import Notebook
import XCTest

/// Ctrl-C while a model writes.
final class StoppedGenerationTests: XCTestCase {
    /// Runs a cell that streams, and asks it to stop when the first text is shown.
    private func stopped(_ call: String) throws -> PartialResult {
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        session.run(Cell(name: "a", text: "seed(1)\nm = model.new(layers: 1, dim: 16, heads: 2)"), showsResult: false)
        recorded.console.listener = { _ in Interruption.request() }
        let outcome = session.run(Cell(name: "b", text: call), showsResult: false)
        recorded.console.listener = nil
        guard case .interrupted(let partial) = outcome else {
            XCTFail("\(outcome)")
            throw Interrupted()
        }
        return try XCTUnwrap(partial)
    }

    func testAStoppedGenerationLeavesTheTextSoFar() throws {
        let partial = try stopped("m.generate(\"1+2=\", max_tokens: 100, stream: true, seed: 3)")
        XCTAssertFalse(try XCTUnwrap(partial.value?.asString).isEmpty)
        XCTAssertEqual(partial.name, "the text so far")
        XCTAssertTrue(partial.progress.hasPrefix("after ") && partial.progress.contains("token"), partial.progress)
    }

    private let task = "task.new(make: i -> {prompt: \"{i}=\", answer: \"\"}, verify: (p, text) -> print(text) == 1)"

    func testStoppedSamplingLeavesTheRowsSoFarAndSaysWhereToGoOn() throws {
        let partial = try stopped("sample(m, \(task), problems: 3, width: 4, first: 5, max_tokens: 50, seed: 3)")
        XCTAssertEqual(partial.progress, "after 0 of 3 problems")
        XCTAssertEqual(partial.name, "the rows so far of 3; go on with first: 5")
        guard case .object(let object as NativeObject) = partial.value else { return XCTFail("\(partial)") }
        XCTAssertEqual(try object.member("rows")?.asList?.elements.count, 12)
    }

    func testStoppedTracesSayHowManyProblemsWereBegun() throws {
        let partial = try stopped("traces(m, \(task), problems: 3, width: 4, max_tokens: 50, seed: 3)")
        XCTAssertEqual(partial.progress, "with 3 of 3 problems begun")
        XCTAssertEqual(partial.name, "the traces so far; go on with first: 3")
    }

    func testAnEvaluationThatIsStoppedBeforeAProblemIsDoneSaysWhyItLeavesNothing() throws {
        let partial = try stopped("evaluate(m, \(task), problems: 3, width: 4, max_tokens: 50, seed: 3)")
        XCTAssertNil(partial.value)
        XCTAssertEqual(
            partial.progress, "before the first of 3 problems was done: there is nothing to evaluate yet")
    }

    func testOneThatIsStoppedBeforeItsFirstTokenLeavesNothing() throws {
        let recorded = RecordedConsole()
        let session = Session(registry: Library.registry(console: recorded.console), console: recorded.console)
        session.run(Cell(name: "a", text: "m = model.new(layers: 1, dim: 16, heads: 2)"), showsResult: false)
        Interruption.request()
        let outcome = session.run(Cell(name: "b", text: "m.generate(\"1+2=\", width: 3)"), showsResult: false)
        guard case .interrupted(nil) = outcome else { return XCTFail("\(outcome)") }
    }
}
