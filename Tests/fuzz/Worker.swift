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
        let examiner = Worker.examiner()
        let problem = campaign.run(examiner, journal, from: first, step: step) { index in
            count.map { index >= $0 } ?? (Date() > end)
        }
        if let problem {
            print(problem)
            return 1
        }
        let statistics = examiner.statistics
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

    static func examine(path: String) throws -> Int32 {
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        guard let problem = Campaign.problem(of: text, examiner()) else { return 0 }
        print(problem)
        return 1
    }
}
