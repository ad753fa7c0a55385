import Foundation
import Interruption
import JSON
import Models

/// The record of a training run.
public final class Run {
    public enum Kind: String, Sendable, CaseIterable {
        case sft, warmup, rlvr
    }

    public let kind: Kind
    /// Everything that the run was started with, in order.
    public let configuration: [(name: String, value: RunValue)]
    public let steps: Int
    /// What each step logged; the first entry of each is `step`, counted from 1.
    public private(set) var history: [RunMetrics] = []
    /// When the run began.
    public let started: Date
    /// Seconds of work so far, without those before it was resumed.
    public private(set) var duration = 0.0
    /// Where the record is kept, or nil.
    public var folder: String? { record.folder }

    private let record: RecordOptions
    private var resumedSteps = 0
    private let onProgress: ((RunProgress) -> Void)?
    private let onInterruption: ((Run) -> Void)?

    init(
        _ kind: Kind, steps: Int, configuration: [(String, RunValue)], record: RecordOptions = RecordOptions(),
        onProgress: ((RunProgress) -> Void)? = nil, onInterruption: ((Run) -> Void)? = nil
    ) throws {
        try record.validate()
        self.kind = kind
        self.steps = steps
        self.configuration = configuration.map { (name: $0.0, value: $0.1) }
        self.record = record
        self.onProgress = onProgress
        self.onInterruption = onInterruption
        started = Date()
        guard let folder = record.folder else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw TrainingError("\(folder) cannot be made: \(FileFailure.reason(error))")
        }
        if !(record.resumes && FileManager.default.fileExists(atPath: Checkpoint.path(folder))) {
            try write("config.json", configurationJSON)
            try write(RunFolder.history, "")
            if record.keepsCheckpoints {
                for (name, text) in record.attachments.sorted(by: { $0.key < $1.key }) { try write(name, text) }
            }
        }
    }

    /// Runs `step` for every step that is left, and keeps checkpoints.
    /// - Parameters:
    ///   - nextProblem: the index of the next problem to sample.
    ///   - onResume: told what the checkpoint says before the first step, if the run goes on from one.
    ///   - step: gets the step's number, counted from 0; a step that throws leaves the weights as they were.
    func work(
        _ learner: Learner, nextProblem: () -> Int = { 0 }, onResume: (Checkpoint) -> Void = { _ in },
        step: (Int) throws -> RunMetrics
    ) throws {
        try learner.learning {
            if let checkpoint = try resume(learner) {
                onResume(checkpoint)
            } else if let folder, record.keepsCheckpoints {
                try ModelFolder(path: RunFolder(folder).model).save(learner.model)
            }
            // Behind the last whole step: one that is interrupted has drawn problems which are drawn again.
            var next = nextProblem()
            do {
                while history.count < steps {
                    try Interruption.check()
                    let metrics = try step(history.count)
                    next = nextProblem()
                    try log(metrics)
                    let isDue = record.checkpointEvery > 0 && history.count % record.checkpointEvery == 0
                    if isDue || history.count == steps { try keep(learner, next) }
                }
            } catch let interruption as Interrupted {
                try keep(learner, next)
                if !history.isEmpty { onInterruption?(self) }
                throw interruption
            }
        }
    }

    private func keep(_ learner: Learner, _ nextProblem: Int) throws {
        guard let folder, record.checkpointEvery > 0 else { return }
        try Checkpoint(step: history.count, nextProblem: nextProblem).write(learner, to: folder)
    }

    private func resume(_ learner: Learner) throws -> Checkpoint? {
        guard let folder, record.resumes else { return nil }
        guard FileManager.default.fileExists(atPath: Checkpoint.path(folder)) else { return nil }
        let saved = RunFolder(folder)
        try saved.check(configurationJSON)
        guard let checkpoint = try Checkpoint.restore(learner, from: folder) else { return nil }
        history = try saved.history(steps: checkpoint.step)
        resumedSteps = checkpoint.step
        try write("config.json", configurationJSON)
        // Without the steps after the checkpoint, which are taken again.
        try write(RunFolder.history, history.map(\.line).joined())
        return checkpoint
    }

    /// The values of one name over the steps that logged it.
    public func values(_ name: String) -> [Double] { history.compactMap { $0[name] } }

    /// The configuration as a JSON object.
    public var configurationJSON: String {
        var members: JSONObject = ["kind": .string(kind.rawValue), "steps": .int(steps)]
        for (name, value) in configuration { members[name] = value.json }
        return JSONValue.object(members).text(indented: true) + "\n"
    }

    func log(_ metrics: RunMetrics) throws {
        var entry: RunMetrics = ["step": Double(history.count + 1)]
        for (name, value) in metrics.entries { entry[name] = value }
        history.append(entry)
        duration = Date().timeIntervalSince(started)
        try append(entry.line)
        let rate = duration > 0 ? Double(history.count - resumedSteps) / duration : 0
        onProgress?(RunProgress(step: history.count, steps: steps, metrics: entry, rate: rate))
    }

    /// A line more. A crash may leave half a line at the end; the checkpoint says how many lines count.
    private func append(_ line: String) throws {
        guard let folder else { return }
        let url = URL(fileURLWithPath: folder).appendingPathComponent(RunFolder.history)
        do {
            let file = try FileHandle(forWritingTo: url)
            try file.seekToEnd()
            try file.write(contentsOf: Data(line.utf8))
            try file.close()
        } catch {
            throw TrainingError("\(url.path) cannot be written: \(FileFailure.reason(error))")
        }
    }

    /// Through a temporary file that replaces the old one, so that a crash never leaves half a file.
    private func write(_ name: String, _ text: String) throws {
        guard let folder else { return }
        let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
        do {
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw TrainingError("\(url.path) cannot be written: \(FileFailure.reason(error))")
        }
    }
}
