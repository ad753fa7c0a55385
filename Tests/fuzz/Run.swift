import Foundation
import Fuzzing

/// A whole run: the kinds one after the other, each by several workers.
struct Run {
    private let option: (String) -> String?

    init(_ option: @escaping (String) -> String?) { self.option = option }

    /// - Returns: the exit status: 0 where nothing was found.
    func run() throws -> Int32 {
        let seed = option("--seed").flatMap(UInt64.init) ?? 1
        let kinds = try (option("--kinds") ?? Campaign.Kind.allCases.map(\.rawValue).joined(separator: ",")).split(separator: ",").map { name in
            guard let kind = Campaign.Kind(rawValue: String(name)) else { throw CocoaError(.formatting) }
            return kind
        }
        let supervisor = try Supervisor(program: try ownPath())
        defer { supervisor.removeFolder() }
        var failures = 0
        for kind in kinds { failures += try run(kind, seed: seed, supervisor) }
        return failures == 0 ? 0 : 1
    }

    private func ownPath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    private func run(_ kind: Campaign.Kind, seed: UInt64, _ supervisor: Supervisor) throws -> Int {
        let workers = option("--workers").flatMap(Int.init) ?? 2
        let extent = option("--seconds").map { ["--seconds", $0] } ?? ["--programs", option("--programs") ?? "100000"]
        let outcomes = try supervisor.run(
            (0..<workers).map { worker in
                ["worker", "--kind", kind.rawValue, "--seed", "\(seed)", "--first", "\(worker)", "--step", "\(workers)"]
                    + extent
            })
        for (worker, outcome) in outcomes.enumerated() where outcome.status != 0 {
            report(kind, seed, worker, outcome, supervisor)
        }
        summarise(kind, outcomes.filter { $0.status == 0 }.map(\.output))
        return outcomes.filter { $0.status != 0 }.count
    }

    private func report(
        _ kind: Campaign.Kind, _ seed: UInt64, _ worker: Int, _ outcome: Supervisor.Outcome, _ supervisor: Supervisor
    ) {
        print("FAILED with status \(outcome.status): \(outcome.output)")
        guard let entry = supervisor.program(of: worker) else { return }
        fflush(nil)
        print("again: fuzz print \(kind.rawValue) \(seed) \(entry.index); the lines of it that matter:")
        let isProgram = kind == .generated || kind == .mutated
        print(isProgram ? supervisor.minimised(entry.text, like: outcome.status) : entry.text)
    }

    private func summarise(_ kind: Campaign.Kind, _ outputs: [String]) {
        func words(_ name: String) -> [[String]] {
            outputs.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix(name + " ") }
                .map { $0.split(separator: " ").dropFirst().map(String.init) }
        }
        let numbers = words("numbers").map { $0.compactMap(Int.init) }
        guard let first = numbers.first else { return }
        let sums = numbers.dropFirst().reduce(first) { zip($0, $1).map(+) }
        print("\(kind.rawValue): \(sums[0]) programs, \(sums[1]) accepted, \(sums[2]) finished, \(sums[3]) stopped")
        var codes: [String: Int] = [:]
        for word in words("codes").joined() {
            let parts = word.split(separator: ":")
            codes[String(parts[0]), default: 0] += Int(parts.last ?? "") ?? 0
        }
        print("codes: " + codes.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " "))
        print("instructions: " + Set(words("instructions").joined()).sorted().joined(separator: " "))
    }
}
