import Foundation
import Fuzzing
import Language

/// One process of a run: every `step`th program.
struct Worker {
    let arguments: [String]

    private func value(_ name: String) -> String {
        guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return "" }
        return arguments[index + 1]
    }

    /// - Returns: the exit status: 0, or 1 where a program did something wrong.
    func run() throws -> Int32 {
        guard let kind = Campaign.Kind(rawValue: value("--kind")), let seed = UInt64(value("--seed")),
            let first = Int(value("--first")), let step = Int(value("--step")), let journal = Journal(path: value("--journal"))
        else { return 2 }
        let count = Int(value("--programs"))
        let end = Date().addingTimeInterval(Double(value("--seconds")) ?? 1e9)
        let campaign = try campaign(kind, seed: seed)
        let isDone = { (index: Int) in count.map { index >= $0 } ?? (Date() > end) }
        let problem: String?
        let statistics: Examiner.Statistics
        if kind.needsFolder {
            let examiner = try Worker.fileExaminer()
            problem = campaign.run(journal, from: first, step: step, until: isDone) { examiner.problem(of: $1, kind) }
            statistics = examiner.statistics
        } else {
            let examiner = Worker.examiner()
            problem = campaign.run(journal, from: first, step: step, until: isDone) {
                campaign.problem($0, $1, examiner)
            }
            statistics = examiner.statistics
        }
        if let problem {
            print(problem)
            return 1
        }
        let numbers = [statistics.programs, statistics.accepted, statistics.finished, statistics.stopped]
        print("numbers " + numbers.map(String.init).joined(separator: " "))
        print("codes " + statistics.codes.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " "))
        print("instructions " + statistics.instructions.sorted().joined(separator: " "))
        return 0
    }

    static func examiner() -> Examiner {
        let watchdog = Watchdog()
        watchdog.start()
        return Examiner(registry: .sandboxed, watchdog: watchdog)
    }

    /// In a folder of its own below the current one. Files of a few kilobytes need little memory.
    private static func fileExaminer() throws -> FileExaminer {
        let folder = FileManager.default.currentDirectoryPath + "/files\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let watchdog = Watchdog(memory: 1 << 28)
        watchdog.start()
        return FileExaminer(folder: folder, watchdog: watchdog)
    }

    static func examine(path: String) throws -> Int32 {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        guard let problem = Campaign.problem(of: text, examiner()) else { return 0 }
        print(problem)
        return 1
    }
}
