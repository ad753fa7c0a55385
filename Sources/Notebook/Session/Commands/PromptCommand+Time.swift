import Interruption
import Language
import Models
import Synchronization

extension PromptCommand {
    static let timeCommands = [
        PromptCommand(
            name: "time", usage: "CODE", summary: "runs it, and says how long it took", argument: .code
        ) { session, code in
            guard !code.isEmpty else { throw PromptCommandError("write what to run: `%time evaluate(net, sums)`") }
            let drawn = Sampler.drawnTokens.load(ordering: .relaxed)
            let (outcome, timing) = Timing.measuring { session.runCell(code) }
            guard case .finished = outcome else { return }
            let tokens = Sampler.drawnTokens.load(ordering: .relaxed) - drawn
            let rate = ProgressLine.short(Double(tokens) / timing.wall)
            let drawing = tokens > 0 ? ", \(tokens) tokens at \(rate) tokens/s" : ""
            session.console.print(
                "took \(Timing.text(timing.wall)), \(Timing.text(timing.processor)) of processor time\(drawing)\n")
        },
        PromptCommand(
            name: "timeit", usage: "CODE", summary: "runs it many times: median and quartiles", argument: .code
        ) { session, code in
            try RepeatedTiming(session).run(code)
        },
    ]
}

/// `%timeit`: runs code as the body of a function, so that what it binds is its own, in batches that are long enough to
/// be measured.
private struct RepeatedTiming {
    /// Seconds that all runs together should take.
    private static let patience = 2.0
    /// Seconds that one measurement should at least take.
    private static let shortestBatch = 0.005
    private static let mostBatches = 100
    private static let fewestBatches = 5

    let session: PromptSession

    init(_ session: PromptSession) { self.session = session }

    func run(_ code: String) throws {
        guard !code.isEmpty else { throw PromptCommandError("write what to measure: `%timeit sum(0..1000)`") }
        let interpreter = session.interpreter
        // By itself first, so that errors show what was written, and not what stands around it here.
        guard session.session.check(Cell(name: "%timeit", text: code)).isEmpty else { return }
        // The line break keeps a comment at the code's end from hiding the brace.
        guard let function = session.value(of: Cell(name: "%timeit", text: "() -> { \(code)\n}")) else { return }
        let drawn = Sampler.drawnTokens.load(ordering: .relaxed)
        var samples: [Double] = []
        var calls = 0
        do {
            defer { Interruption.clear() }
            let first = try measure(function, count: 1, in: interpreter)
            let count = max(1, Int(Self.shortestBatch / max(first, 1e-9)))
            let affordable = Int(Self.patience / max(first * Double(count), 1e-9))
            let batches = min(Self.mostBatches, max(Self.fewestBatches, affordable))
            calls = 1
            for _ in 0..<batches {
                samples.append(try measure(function, count: count, in: interpreter) / Double(count))
                calls += count
            }
        } catch {
            return session.report(error, in: Cell(name: "%timeit", text: code))
        }
        let tokens = Sampler.drawnTokens.load(ordering: .relaxed) - drawn
        let tokensPerCall = Double(tokens) / Double(calls)
        session.console.print(Self.summary(Spread(samples), calls: calls, tokensPerCall: tokensPerCall))
    }

    private func measure(_ function: Value, count: Int, in interpreter: Interpreter) throws -> Double {
        try Timing.measuring {
            for _ in 0..<count { _ = try interpreter.call(function, []) }
        }.timing.wall
    }

    private static func summary(_ spread: Spread, calls: Int, tokensPerCall: Double) -> String {
        let rate = tokensPerCall > 0 ? ", \(ProgressLine.short(tokensPerCall / spread.median)) tokens/s" : ""
        return "median \(Timing.text(spread.median)) a run\(rate)  "
            + "(quartiles \(Timing.text(spread.lowerQuartile)) to \(Timing.text(spread.upperQuartile)), "
            + "\(calls) runs)\n"
    }
}
