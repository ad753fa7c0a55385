import Interruption
import Models
import Tasks

/// Samples completions of problems and verifies each row when it ends, so that an interruption loses none.
final class ProblemSampler {
    /// Rows that are decoded at once. More gain little speed, and problems would end later.
    private static let rows = 256

    private let problems: [Problem]
    private let prompts: [[Int32]]
    private let task: any ReasoningTask
    private let width: Int
    /// Groups of a problem.
    private let groups: Int
    private let sampler: Sampler
    /// The rows that have ended, of each problem's groups in turn.
    private var ended: [[AnsweredRow?]]

    /// - Throws: `ModelError` for options out of range, or a prompt that the tokenizer cannot spell; `Interrupted`.
    init(
        _ problems: [Problem], _ model: LanguageModel, _ task: any ReasoningTask, width: Int, groups: Int,
        options: SamplingOptions
    ) throws {
        sampler = try Sampler(model, options: options, maximumRows: Self.rows)
        prompts = try problems.map { problem in
            try Interruption.check()
            return try model.promptTokens(problem)
        }
        ended = Array(repeating: Array(repeating: nil, count: width), count: problems.count * groups)
        (self.problems, self.task, self.width, self.groups) = (problems, task, width, groups)
    }

    /// - Parameter onProgress: told how many problems are done, how many tokens there are, and how many of them are of
    ///   those problems, now and then.
    /// - Throws: `ModelError`, `TaskError`, `Interrupted`.
    func run(onProgress: ((_ done: Int, _ tokens: Int, _ ofDone: Int) -> Void)? = nil) throws -> [ProblemGroups] {
        var requests: [GroupRequest] = []
        for (problem, prompt) in zip(problems, prompts) {
            for group in 0..<groups {
                requests.append(GroupRequest(prompt: prompt, width: width, problem: problem.index, group: group))
            }
        }
        var missing = Array(repeating: groups * width, count: problems.count), done = 0, tokens = 0, ofDone = 0
        _ = try sampler.run(requests) { [self] event in
            tokens += 1
            if tokens % 16 == 0 { onProgress?(done, tokens, ofDone) }
            guard event.isLast else { return }
            let problem = event.request / groups
            ended[event.request][event.row] = try verified(
                sampler.groups[event.request].rows[event.row], problems[problem])
            missing[problem] -= 1
            guard missing[problem] == 0 else { return }
            done += 1
            for group in sampler.groups[problem * groups..<(problem + 1) * groups] { ofDone += group.tokenCount }
            onProgress?(done, tokens, ofDone)
        }
        return begun().problems
    }

    /// The problems, and of the last one the groups, that have tokens. Rows that have not ended are not verified: their
    /// reward is 0.
    /// - Returns: also how many problems from the first on have ended.
    func begun() -> (problems: [ProblemGroups], whole: Int) {
        let begun = sampler.groups.prefix { $0.tokenCount > 0 }.count
        var whole = 0
        let answered = stride(from: 0, to: begun, by: groups).map { first in
            let places = first..<min(begun, first + groups), problem = first / groups
            if whole == problem, places.count == groups, places.allSatisfy({ !ended[$0].contains(nil) }) { whole += 1 }
            return ProblemGroups(
                problem: problems[problem], prompt: prompts[problem],
                groups: places.map { place in
                    zip(ended[place], sampler.groups[place].rows).map { $0 ?? unverified($1) }
                })
        }
        return (answered, whole)
    }

    private func verified(_ row: SampledRow, _ problem: Problem) throws -> AnsweredRow {
        let text = row.text(sampler.model.tokenizer, sampler.options)
        return AnsweredRow(
            row, text: text, reward: try task.verify(problem, text) ? 1 : 0,
            answer: try task.answer(in: text, for: problem))
    }

    private func unverified(_ row: SampledRow) -> AnsweredRow {
        AnsweredRow(row, text: row.text(sampler.model.tokenizer, sampler.options), reward: 0, answer: nil)
    }
}

extension AnsweredRow {
    fileprivate init(_ row: SampledRow, text: String, reward: Double, answer: String?) {
        self.init(
            text: text, tokens: row.tokens, logProbabilities: row.logProbabilities, finished: row.finished,
            reward: reward, answer: answer)
    }
}
