import Models
import Tasks

/// Correct completions of one problem, to be learnt side by side.
public struct Trace: Sendable, Equatable {
    public let problem: Problem
    public let prompt: [Int32]
    /// Two or more completions, each up to and with its stop token.
    public let completions: [[Int32]]

    public init(problem: Problem, prompt: [Int32], completions: [[Int32]]) {
        self.problem = problem
        self.prompt = prompt
        self.completions = completions
    }
}

/// What warm-up learns from.
public struct Traces: Sendable {
    public let traces: [Trace]
    /// Problems that were sampled.
    public let sampledProblems: Int
    /// The share of correct rows among all that were sampled.
    public let accuracy: Double

    public init(traces: [Trace], sampledProblems: Int, accuracy: Double) {
        self.traces = traces
        self.sampledProblems = sampledProblems
        self.accuracy = accuracy
    }

    /// Keeps of sampled groups the correct, finished rows, and the problems with at least two of them.
    public init(_ groups: Groups) {
        let traces = groups.problems.compactMap { problem -> Trace? in
            let correct = problem.rows.filter { $0.isCorrect && $0.finished }.map(\.tokens)
            return correct.count < 2
                ? nil : Trace(problem: problem.problem, prompt: problem.prompt, completions: correct)
        }
        self.init(traces: traces, sampledProblems: groups.problems.count, accuracy: groups.accuracy)
    }
}

/// Samples `shape.width` completions of each problem from a model (for the paper's pipeline: the original model, 8 a
/// problem) and keeps the correct ones; problems with fewer than two go.
/// - Parameter onInterruption: given the traces of the problems that were begun, if there are some, when an
///   interruption ends the work.
/// - Throws: `TrainingError` where nothing remains, and what `sample` throws.
public func traces(
    _ model: LanguageModel, _ task: any ReasoningTask, _ shape: SampleShape, options: SamplingOptions,
    onProgress: ((SamplingProgress) -> Void)? = nil, onInterruption: ((Traces) -> Void)? = nil
) throws -> Traces {
    let result = Traces(
        try sample(
            model, task, shape, options: options, onProgress: onProgress,
            onInterruption: { onInterruption?(Traces($0)) }))
    try TrainingError.require(
        !result.traces.isEmpty,
        "no problem of \(shape.problems) has two correct traces (accuracy \(result.accuracy)); "
            + "take an easier task, more problems, or train the model on examples with sft first")
    return result
}
