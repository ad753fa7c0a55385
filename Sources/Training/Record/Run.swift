import Foundation

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
    /// Seconds of work so far.
    public private(set) var duration = 0.0
    /// Where the record is kept, or nil: `config.json` and `history.jsonl`.
    public let folder: String?

    private let onProgress: ((RunProgress) -> Void)?

    init(
        _ kind: Kind, steps: Int, configuration: [(String, RunValue)], folder: String? = nil,
        onProgress: ((RunProgress) -> Void)? = nil
    ) throws {
        self.kind = kind
        self.steps = steps
        self.configuration = configuration.map { (name: $0.0, value: $0.1) }
        self.folder = folder
        self.onProgress = onProgress
        started = Date()
        try folder.map { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) }
        try write("config.json", configurationJSON)
    }

    /// The values of one name over the steps that logged it.
    public func values(_ name: String) -> [Double] { history.compactMap { $0[name] } }

    /// The configuration as a JSON object.
    public var configurationJSON: String {
        let lines = [("kind", RunValue.text(kind.rawValue)), ("steps", .integer(steps))] + configuration.map { ($0, $1) }
        return "{\n" + lines.map { "  \(JSONText.string($0.0)): \($0.1.json)" }.joined(separator: ",\n") + "\n}\n"
    }

    func log(_ metrics: RunMetrics) throws {
        var entry: RunMetrics = ["step": Double(history.count + 1)]
        for (name, value) in metrics.entries { entry[name] = value }
        history.append(entry)
        duration = Date().timeIntervalSince(started)
        try write("history.jsonl", history.map { $0.json + "\n" }.joined())
        let rate = duration > 0 ? Double(history.count) / duration : 0
        onProgress?(RunProgress(step: history.count, steps: steps, metrics: entry, rate: rate))
    }

    /// Through a temporary file that replaces the old one, so that a crash never leaves half a file.
    private func write(_ name: String, _ text: String) throws {
        guard let folder else { return }
        let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
        do {
            try Data(text.utf8).write(to: url, options: .atomic)
        } catch {
            throw TrainingError("\(url.path) cannot be written: \(error.localizedDescription)")
        }
    }
}
