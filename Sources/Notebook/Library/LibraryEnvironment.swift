import Glibc
import Interruption
import Language
import Models
import Plots
import Training

/// What the library's functions share within a session.
final class LibraryEnvironment {
    let console: Console
    /// What `seed(n)` set; every random number is a function of it.
    var seed: UInt64 = 0
    /// Calls since `seed` that drew from the user's own stream, so that two of them differ.
    var draws = 0
    /// One gnuplot process, started by the first figure.
    let plots = GnuplotSession()
    /// Figures that were saved to be looked at outside the terminal.
    var figureCount = 0
    private var figures: String?

    init(console: Console) { self.console = console }

    /// The folder for figures that were shown, made by the first; nil where none can be made.
    func figureFolder() -> String? {
        if let figures { return figures }
        var template = Array(((Console.environment("TMPDIR") ?? "/tmp") + "/bridge-figures-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        figures = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return figures
    }

    /// The `seed` of a call, or the session's.
    func seed(_ call: NativeCall) throws -> UInt64 {
        try call.optionalInt("seed").map { UInt64(bitPattern: Int64($0)) } ?? seed
    }

    /// Runs work as in a session of another seed.
    func withSeed<R>(_ other: UInt64, _ body: () throws -> R) rethrows -> R {
        let before = seed
        seed = other
        defer { seed = before }
        return try body()
    }

    /// Runs sampling, which tells how far it has got. An interruption leaves what there is.
    /// - Parameters:
    ///   - nothing: why there is nothing, where an interruption leaves none.
    ///   - rest: of an interrupted result, how far it came, what it holds, and how many of the shape's problems need
    ///     not be sampled again.
    func sampling<R>(
        _ call: NativeCall, _ shape: SampleShape, object: (R) -> Value, nothing: String? = nil,
        rest: (R) -> (progress: String, name: String, done: Int),
        _ body: (_ report: @escaping (SamplingProgress) -> Void, _ leave: @escaping (R) -> Void) throws -> R
    ) throws -> Value {
        let work = ReportedWork(console)
        defer { work.end() }
        work.reporter.begin(call.function.name, total: shape.problems, unit: "problem")
        var left: R?
        do {
            let result = try body(
                { work.reporter.update($0.problems, share: $0.share, metrics: "\($0.tokens) tokens") }, { left = $0 })
            work.isComplete = true
            return object(result)
        } catch let interruption as Interrupted {
            guard let left else {
                throw nothing.map { Interrupted(leaving: PartialResult(progress: $0)) } ?? interruption
            }
            let (progress, name, done) = rest(left)
            throw Interrupted(
                leaving: PartialResult(
                    object(left), progress: progress, name: "\(name); go on with first: \(shape.first + done)"))
        }
    }

    /// Runs training, which tells of each step. An interruption leaves word of what is done, and of how to go on, and
    /// the run so far.
    func watching(
        _ description: String, _ call: NativeCall, _ model: LanguageModel, _ record: RecordOptions,
        _ body: (_ report: @escaping (RunProgress) -> Void, _ leave: @escaping (Run) -> Void) throws -> Run
    ) throws -> Value {
        let work = ReportedWork(console)
        defer { work.end() }
        // The number of steps is known from the first one on.
        work.reporter.begin(description, total: nil)
        var left: Run?
        do {
            let run = try body({ progress in
                // Of a run that is resumed the first step that is told of is not the first of all.
                if work.latest == nil { work.reporter.setTotal(progress.steps, start: progress.step - 1) }
                work.latest = progress
                work.reporter.update(progress.step, metrics: Self.watched(progress.metrics))
            }, { left = $0 })
            work.isComplete = true
            return .object(RunObject(run, model))
        } catch let interruption as Interrupted {
            work.end()
            console.report("\(description) \(Self.goingOn(work.latest, record))\n")
            guard let left else { throw interruption }
            throw Interrupted(
                leaving: PartialResult(.object(RunObject(left, model)), progress: "", name: "the run so far"))
        }
    }

    /// What an interrupted run leaves, and how to go on from there.
    private static func goingOn(_ progress: RunProgress?, _ record: RecordOptions) -> String {
        guard let progress else { return "stopped before its first step was done" }
        let done = "stopped after \(progress.step) of \(progress.steps) steps"
        if record.keepsCheckpoints, let folder = record.folder {
            return "\(done); resume(\(Printer.repr(.string(folder)))) goes on from there"
        }
        return "\(done); the model keeps them\n(a run with folder: and checkpoint_every: can be resumed)"
    }

    /// The one number to look at while a run goes on.
    private static func watched(_ metrics: RunMetrics) -> String? {
        for name in ["reward", "loss"] {
            if let value = metrics[name] { return "\(name) \((value * 1000).rounded() / 1000)" }
        }
        return nil
    }
}

/// A progress line whose reports outlive the call that made them: a run keeps the closure it reports to.
private final class ReportedWork {
    var reporter: ProgressReporter
    var isComplete = false
    /// What was reported last.
    var latest: RunProgress?

    init(_ console: Console) { reporter = ProgressReporter(console: console) }

    func end() { reporter.end(isComplete: isComplete) }
}
