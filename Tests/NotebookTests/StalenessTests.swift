import Language
import Notebook
import XCTest

final class StalenessTests: XCTestCase {
    private typealias Run = Staleness.Run

    private func cell(_ text: String) -> Staleness.Cell {
        Staleness.Cell(hash: text, use: NameUse(of: text, changing: ["push"]))
    }

    /// - Parameter ran: position and text at that time; nil for the text of now.
    private func stale(_ now: [String], ran: [(Int?, String?)]) -> [Int: [StaleReason]] {
        Staleness.reasons(cells: now.map(cell), runs: ran.map { Run(index: $0.0, cell: cell($0.1 ?? now[$0.0!])) })
    }

    private func inOrder(_ indices: Int...) -> [(Int?, String?)] { indices.map { ($0, nil) } }

    func testARunFromTopToBottomLeavesNothingStale() {
        // A name that is bound twice is what it was when each cell ran.
        let texts = ["x = 1", "y = x", "x = 2", "z = x + y", "x += 1"]
        XCTAssertEqual(stale(texts, ran: inOrder(0, 1, 2, 3, 4)), [:])
    }

    func testACellThatNeverRanIsNotStale() {
        XCTAssertEqual(stale(["x = 1", "y = x"], ran: inOrder(0)), [:])
    }

    func testACellWhoseTextChangedIsStale() {
        XCTAssertEqual(stale(["x = 2"], ran: [(0, "x = 1")]), [0: [.changed]])
    }

    func testACellThatUsesANameOfAChangedCellIsStale() {
        let found = stale(["x = 2", "y = x", "k = 1"], ran: [(0, "x = 1"), (1, nil), (2, nil)])
        XCTAssertEqual(found, [0: [.changed], 1: [.boundByChanged(name: "x", cell: 0)]])
    }

    func testACellIsStaleWhenTheCellItDependsOnRanAgain() {
        let found = stale(["x = 1", "y = x"], ran: inOrder(0, 1, 0))
        XCTAssertEqual(found, [1: [.boundLater(name: "x", cell: 0)]])
        XCTAssertEqual(stale(["x = 1", "y = x"], ran: inOrder(0, 1, 0, 1)), [:])
    }

    func testANameThatOnlyACellBelowBindsIsOutOfOrder() {
        XCTAssertEqual(stale(["y = x", "x = 1"], ran: inOrder(1, 0)), [0: [.outOfOrder(name: "x", cell: 1)]])
    }

    func testANameThatACellBelowBoundInBetweenIsOutOfOrder() {
        let found = stale(["x = 1", "y = x", "x = 2"], ran: inOrder(0, 2, 1))
        XCTAssertEqual(found, [1: [.outOfOrder(name: "x", cell: 2)]])
    }

    func testALibrarysNameThatACellBelowTakesIsFineInOrder() {
        XCTAssertEqual(stale(["y = sum([1])", "sum = 3"], ran: inOrder(0, 1)), [:])
        XCTAssertEqual(
            stale(["y = sum([1])", "sum = 3"], ran: inOrder(0, 1, 0)), [0: [.outOfOrder(name: "sum", cell: 1)]])
    }

    func testACountingCellThatRanTwiceIsStale() {
        XCTAssertEqual(stale(["n = 0", "n += 1"], ran: inOrder(0, 1, 1)), [1: [.repeated(name: "n")]])
        XCTAssertEqual(stale(["n = 0", "n += 1"], ran: inOrder(0, 1, 0, 1)), [:])
    }

    func testANameThatWasBoundAtThePromptIsNoPartOfTheFile() {
        XCTAssertEqual(
            stale(["x = 1", "y = x"], ran: [(0, nil), (nil, "x = 5"), (1, nil)]), [1: [.boundAtPrompt(name: "x")]])
        XCTAssertEqual(stale(["y = x"], ran: [(nil, "x = 5"), (0, nil)]), [0: [.boundAtPrompt(name: "x")]])
        XCTAssertEqual(stale(["x = 1", "y = x"], ran: [(0, nil), (1, nil), (nil, "x = 5")]), [:])
    }

    func testStalenessIsPassedOn() {
        let found = stale(["x = 1", "y = x", "z = y"], ran: inOrder(0, 1, 2, 0))
        XCTAssertEqual(found, [1: [.boundLater(name: "x", cell: 0)], 2: [.boundByStale(name: "y", cell: 1)]])
    }

    func testChangingAValueInPlaceCounts() {
        let texts = ["xs = []", "push(xs, 1)", "len(xs)"]
        XCTAssertEqual(stale(texts, ran: inOrder(0, 1, 2)), [:])
        let found = stale(texts, ran: inOrder(0, 1, 2, 1))
        XCTAssertEqual(found, [1: [.repeated(name: "xs")], 2: [.boundLater(name: "xs", cell: 1)]])
    }

    func testWhatIsTheSameForSeveralNamesIsSaidOnce() {
        let reasons: [StaleReason] = [
            .boundByChanged(name: "a", cell: 0), .boundLater(name: "b", cell: 2), .boundByChanged(name: "c", cell: 0),
            .boundByChanged(name: "d", cell: 1),
        ]
        XCTAssertEqual(
            StaleReason.texts(of: reasons) { $0 == 1 ? nil : $0 + 1 },
            [
                "uses `a`, `c` of cell 1, whose text has changed since it ran", "uses `b`, which cell 3 bound later",
                "uses `d` of a cell without code, whose text has changed since it ran",
            ])
        XCTAssertEqual(StaleReason.texts(of: [.changed]) { $0 }, ["its text has changed since it ran"])
    }

    func testTheChangingFunctionsAreThere() {
        let registry = Library.registry(console: RecordedConsole().console)
        for name in NotebookCell.changingFunctions { XCTAssertNotNil(registry.function(named: name), name) }
    }
}
