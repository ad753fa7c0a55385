import Foundation
import JSON

/// Problems of a file in GSM8K's format: a JSON object a line, with `question` and `answer`; the right number follows
/// `#### ` in the answer, and commas in it do not count.
///
/// Without a file of its own the held-out split is the quarter of the lines that the content hash picks. Indices past
/// the end start again at the first problem of the split.
public struct JSONLTask: ReasoningTask, Sendable {
    public let path: String
    public let heldOutPath: String?
    private let problems: [ProblemSplit: [Entry]]

    private struct Entry {
        let question: String
        let answer: String
        let solution: String
    }

    /// - Throws: `TaskError.file` where a file cannot be read or a split would be empty, `TaskError.line` with the
    ///   line's number where a line is not such an object.
    public init(path: String, heldOutPath: String? = nil) throws {
        self.path = path
        self.heldOutPath = heldOutPath
        var problems: [ProblemSplit: [Entry]] = [:]
        let entries = try Self.read(path)
        if let heldOutPath {
            problems = [.training: entries, .heldOut: try Self.read(heldOutPath)]
        } else {
            problems = Dictionary(grouping: entries) { ContentHash.split(of: $0.question) }
        }
        self.problems = problems
    }

    public var name: String { "jsonl" }
    public var parameters: [(name: String, value: String)] {
        [("path", path)] + (heldOutPath.map { [("held_out", $0)] } ?? [])
    }

    /// Different problems of the split.
    public func count(_ split: ProblemSplit) -> Int { problems[split]?.count ?? 0 }

    public func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
        guard index >= 0 else { throw TaskError.negativeIndex(task: name, index: index) }
        guard let entries = problems[split], !entries.isEmpty else {
            throw TaskError.file(path: path, reason: "no \(split.label) problem; give a larger file, or `held_out`")
        }
        let entry = entries[index % entries.count]
        return Problem(
            index: index, split: split, prompt: "Question: \(entry.question)\nAnswer:", question: entry.question,
            answer: entry.answer, solution: entry.solution)
    }

    public func answer(in text: String, for problem: Problem) -> String? { NumberReading.last(in: text) }

    private static func read(_ path: String) throws -> [Entry] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw TaskError.file(
                path: path, reason: isThere ? "cannot be read; is it a file that you may read?" : "there is no such file")
        }
        var entries: [Entry] = []
        for (i, line) in data.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            guard line.contains(where: { $0 != 32 && $0 != 13 && $0 != 9 }) else { continue }
            do {
                entries.append(try entry(Data(line)))
            } catch let problem as LineProblem {
                throw TaskError.line(path: path, line: i + 1, reason: problem.reason)
            }
        }
        guard !entries.isEmpty else { throw TaskError.file(path: path, reason: "holds no problem") }
        return entries
    }

    private struct LineProblem: Error {
        let reason: String
    }

    private static func entry(_ line: Data) throws -> Entry {
        let json = line.withUnsafeBytes { bytes in try? JSONValue(parsing: bytes) }
        guard let object = json?.object else {
            throw LineProblem(reason: "not a JSON object")
        }
        guard let question = object["question"]?.string else {
            throw LineProblem(reason: "no string named `question`")
        }
        guard let solution = object["answer"]?.string else {
            throw LineProblem(reason: "no string named `answer`")
        }
        guard let mark = solution.range(of: "#### ", options: .backwards) else {
            throw LineProblem(reason: "no `#### ` before the number in `answer`")
        }
        let gold = solution[mark.upperBound...].replacingOccurrences(of: ",", with: "")
        guard let answer = NumberReading.canonical(gold.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw LineProblem(reason: "`\(gold)` after `#### ` is not a number")
        }
        return Entry(question: question, answer: answer, solution: solution)
    }
}
