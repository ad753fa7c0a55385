import Language
import Notebook
import XCTest

final class ProgressTests: XCTestCase {
    func testUnitsThatWereDoneBeforeCountForNoRate() {
        var line = ProgressLine(description: "rlvr", total: 60)
        (line.start, line.step, line.elapsed) = (50, 55, 10)
        XCTAssertEqual(line.text(.init(columns: 80, isPlain: true, isFinal: false)), "rlvr: 55/60  2.0 s/step  10s left")
    }

    func testWideLettersAreMeasuredByTheirColumns() {
        var line = ProgressLine(description: String(repeating: "漢", count: 60), total: 10)
        line.step = 5
        for isPlain in [true, false] {
            XCTAssertLessThan(line.text(.init(columns: 40, isPlain: isPlain, isFinal: false)).columns, 40)
        }
    }

    private var time = 0.0

    private func reporter(_ recorded: RecordedConsole) -> ProgressReporter {
        ProgressReporter(console: recorded.console, clock: { [unowned self] in time })
    }

    func testALineHoldsBarCountRateTimeLeftAndMetrics() {
        var line = ProgressLine(description: "rlvr", total: 60)
        (line.step, line.elapsed, line.metrics) = (15, 30, "reward 0.41")
        let text = line.text(.init(columns: 100, isPlain: false, isFinal: false))
        XCTAssertEqual(text, "rlvr  ▕██████                  ▏  15/60  2.0 s/step  1:30 left  reward 0.41")
    }

    func testTheTimeLeftIsThatOfTheWorkWhereStepsDoNotSayHowMuchIsDone() {
        var line = ProgressLine(description: "sample", unit: "problem", total: 100)
        (line.step, line.share, line.elapsed) = (1, 0.25, 10)
        let text = line.text(.init(columns: 80, isPlain: true, isFinal: false))
        XCTAssertEqual(text, "sample: 1/100  10.0 s/problem  30s left")
    }

    func testWithoutUnicodeTheBarIsASCII() {
        var line = ProgressLine(description: "rlvr", total: 4)
        line.step = 1
        let text = line.text(.init(columns: 100, isPlain: false, isFinal: false, hasUnicode: false))
        XCTAssertEqual(text, "rlvr  [######..................]  1/4  0.0s left")
    }

    func testPartsThatDoNotFitAreLeftOut() {
        var line = ProgressLine(description: "rlvr", total: 60)
        (line.step, line.elapsed, line.metrics) = (15, 30, "reward 0.41")
        for columns in [12, 20, 30, 45, 60, 80] {
            let text = line.text(.init(columns: columns, isPlain: false, isFinal: false))
            XCTAssertLessThan(text.count, columns)
            XCTAssertTrue(text.hasPrefix("rlvr"), text)
        }
    }

    func testShortWorkLeavesNoTrace() {
        for isTerminal in [true, false] {
            let recorded = RecordedConsole(isTerminal: isTerminal)
            var progress = reporter(recorded)
            progress.begin("quick", total: 10)
            for step in 1...10 {
                time += 0.01
                progress.update(step)
            }
            progress.end()
            XCTAssertEqual(recorded.error, "")
        }
    }

    func testATerminalRedrawsOneLineAndKeepsTheLast() {
        let recorded = RecordedConsole(isTerminal: true)
        var progress = reporter(recorded)
        progress.begin("work", total: 4)
        for step in 1...4 {
            time += 1
            progress.update(step)
        }
        progress.end()
        XCTAssertEqual(recorded.error.filter { $0 == "\n" }.count, 1)
        XCTAssertTrue(recorded.error.contains("2/4"))
        XCTAssertTrue(recorded.error.hasSuffix("in 4.0s\n"), recorded.error)
    }

    func testAPipeGetsPlainLinesAtGrowingIntervals() {
        let recorded = RecordedConsole()
        var progress = reporter(recorded)
        progress.begin("work", total: 1000)
        for step in 1...1000 {
            time += 1
            progress.update(step, metrics: "loss 0.5")
        }
        progress.end()
        let lines = recorded.error.split(separator: "\n")
        // At 10, 30, 70, 150, then every 120 seconds: 270, 390, 510, 630, 750, 870, 990; and the last.
        XCTAssertEqual(lines.count, 12)
        XCTAssertEqual(lines.first, "work: 10/1000  1.0 steps/s  16:30 left  loss 0.5")
        XCTAssertFalse(recorded.error.contains("\u{1B}"))
    }

    func testPrintingTakesTheLineOffTheScreenFirst() {
        let recorded = RecordedConsole(isTerminal: true)
        recorded.console.showLive("working")
        recorded.console.print("text\n")
        XCTAssertTrue(recorded.error.hasSuffix("\r\u{1B}[K"))
        XCTAssertEqual(recorded.output, "text\n")
    }

    func testStoppedWorkSaysHowFarItGot() {
        let recorded = RecordedConsole(isTerminal: true)
        var progress = reporter(recorded)
        progress.begin("work", total: 10)
        time += 1
        progress.update(3)
        progress.end(isComplete: false)
        XCTAssertTrue(recorded.error.hasSuffix("\n"))
        XCTAssertTrue(recorded.error.split(separator: "\r").last!.contains("3/10"))
    }

    func testDurations() {
        XCTAssertEqual(ProgressLine.duration(8.04), "8.0s")
        XCTAssertEqual(ProgressLine.duration(59.4), "59s")
        XCTAssertEqual(ProgressLine.duration(125), "2:05")
        XCTAssertEqual(ProgressLine.duration(3725), "1:02:05")
        XCTAssertEqual(ProgressLine.duration(.infinity), "?")
    }
}
