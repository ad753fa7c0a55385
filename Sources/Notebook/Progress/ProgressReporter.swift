/// Tells how far long work has got: one redrawn line on a terminal, plain lines now and then elsewhere.
///
/// ```swift
/// var progress = ProgressReporter(console: console)
/// progress.begin("rlvr", total: 60, unit: "step")
/// for step in 1...60 { ...; progress.update(step, metrics: "reward 0.41") }
/// progress.end()
/// ```
/// Work that is over before anybody would wonder leaves no trace.
import Glibc

public struct ProgressReporter {
    /// Seconds before a terminal shows the first line.
    public static let quietTime = 0.2
    /// Seconds between two redrawings.
    public static let redrawInterval = 0.1
    /// Seconds before the first plain line, and after each line the wait until the next, which doubles up to
    /// `longestPlainInterval`.
    public static let firstPlainInterval = 10.0
    public static let longestPlainInterval = 120.0

    private let console: Console
    private let clock: () -> Double
    private var line = ProgressLine()
    private var startTime = 0.0
    private var nextTime = 0.0
    private var plainInterval = ProgressReporter.firstPlainInterval
    private var isRunning = false
    private var hasReported = false

    /// - Parameter clock: seconds from any origin; it never goes back.
    public init(console: Console, clock: @escaping () -> Double = ProgressReporter.monotonicSeconds) {
        self.console = console
        self.clock = clock
    }

    /// Starts the work called `description`.
    /// - Parameters:
    ///   - total: how many units there are, nil when that is not known.
    ///   - unit: what is counted, in the singular; the rate is given in it.
    public mutating func begin(_ description: String, total: Int?, unit: String = "step") {
        line = ProgressLine(description: description, unit: unit, total: total)
        startTime = clock()
        plainInterval = Self.firstPlainInterval
        nextTime = startTime + (console.error.isTerminal ? Self.quietTime : plainInterval)
        isRunning = true
        hasReported = false
    }

    /// Says how many units there are, and how many of them were done before this work began, where that was not known
    /// at the start.
    public mutating func setTotal(_ total: Int, start: Int = 0) { (line.total, line.start) = (total, start) }

    /// Says that `step` units are done. Cheap enough for every step: most calls only read the clock.
    /// - Parameters:
    ///   - share: how much of the work is done, 0 to 1, where that is not what the steps say.
    ///   - metrics: what to watch, such as `reward 0.41`; the text before it stays when it is nil.
    public mutating func update(_ step: Int, share: Double? = nil, metrics: String? = nil) {
        guard isRunning else { return }
        (line.step, line.share) = (step, share)
        if let metrics { line.metrics = metrics }
        let now = clock()
        guard now >= nextTime else { return }
        report(at: now)
    }

    /// Ends the work. A terminal keeps the last line when it was shown for more than a moment; elsewhere a last line is
    /// written when there was one before.
    /// - Parameter isComplete: false when the work was stopped half-way, so that its line says so by its count.
    public mutating func end(isComplete: Bool = true) {
        guard isRunning else { return }
        isRunning = false
        guard hasReported else { return }
        line.elapsed = clock() - startTime
        if isComplete, let total = line.total { line.step = total }
        console.clearLiveLine()
        let style = ProgressLine.Style(
            columns: width, isPlain: !console.error.isTerminal, isFinal: true, hasUnicode: hasUnicode)
        console.report(line.text(style) + "\n")
    }

    private mutating func report(at now: Double) {
        line.elapsed = now - startTime
        hasReported = true
        if console.error.isTerminal {
            console.showLive(line.text(.init(columns: width, isPlain: false, isFinal: false, hasUnicode: hasUnicode)))
            nextTime = now + Self.redrawInterval
        } else {
            console.report(line.text(.init(columns: width, isPlain: true, isFinal: false)) + "\n")
            plainInterval = min(plainInterval * 2, Self.longestPlainInterval)
            nextTime = now + plainInterval
        }
    }

    private var hasUnicode: Bool { console.error.hasUnicode }

    /// A terminal keeps two columns free, so that the `^C` that it echoes does not break the line in two.
    private var width: Int { console.error.isTerminal ? console.error.columns() - 2 : 120 }

    /// Seconds of the monotonic clock.
    public static func monotonicSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
