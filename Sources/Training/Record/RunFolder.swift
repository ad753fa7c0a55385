import Foundation

/// What a run left in its folder, read back.
struct RunFolder {
    static let history = "history.jsonl"

    let path: String

    /// The folder of the model that the run started from.
    var model: String { URL(fileURLWithPath: path).appendingPathComponent("model").path }

    init(_ path: String) { self.path = path }

    private func text(_ name: String) throws -> String {
        let file = URL(fileURLWithPath: path).appendingPathComponent(name)
        do {
            return try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw TrainingError("\(file.path) cannot be read: \(FileFailure.reason(error))")
        }
    }

    /// - Throws: `TrainingError` that names the first option that is not what the run began with. The number of steps
    ///   may differ where the learning rate does not depend on it.
    func check(_ configuration: String) throws {
        let isFree = configuration.contains("\"schedule\": \"constant\"")
        func lines(_ text: String) -> [Substring] {
            text.split(separator: "\n").filter { !(isFree && $0.hasPrefix("  \"steps\": ")) }
        }
        let before = lines(try text("config.json")), now = lines(configuration)
        guard before != now else { return }
        let place = zip(before, now).prefix { $0 == $1 }.count
        func option(_ lines: [Substring]) -> String {
            lines.indices.contains(place) ? lines[place].trimmingCharacters(in: [" ", ","]) : "nothing"
        }
        throw TrainingError(
            "\(path): the run began with \(option(before)), not \(option(now)); resume with the same options, or use "
                + "a new folder")
    }

    /// What the first `steps` steps logged, names in the order in which they were written.
    func history(steps: Int) throws -> [RunMetrics] {
        let lines = try text(RunFolder.history).split(separator: "\n")
        try TrainingError.require(
            lines.count >= steps, "\(path)/history.jsonl has \(lines.count) steps, and the checkpoint \(steps)")
        return try lines.prefix(steps).enumerated().map { index, line in
            guard let metrics = RunMetrics(line: line) else {
                throw TrainingError("\(path)/history.jsonl:\(index + 1): not a line that a run has written")
            }
            return metrics
        }
    }
}
