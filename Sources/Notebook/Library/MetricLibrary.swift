import Language
import Metrics
import Training

/// Metrics of sampled groups, of evaluations, and of plain counts.
enum MetricLibrary {
    static func functions() -> [NativeFunction] {
        [
            of("accuracy", "The share of right rows.", []) { n, c, _ in Double(c) / Double(n) },
            of("coverage", "The share of groups with a right row.", []) { _, c, _ in c > 0 ? 1 : 0 },
            of("consistency", "The share of groups with right rows only.", []) { n, c, _ in c == n ? 1 : 0 },
            of("pass_at", "The probability that k of a group's rows hold a right one (Chen et al. 2021).", [k]) {
                n, c, call in
                try Metric.passAt(n: n, c: c, k: call.optionalInt("k") ?? n)
            },
            of(
                "gpass",
                "G-Pass@k: the probability that at least tau * k of k rows of a group are right (Liu et al. 2024).",
                [
                    k,
                    Parameter("tau", .number, default: .float(1), "the share of the k rows that must be right, 0 to 1"),
                    Parameter("m", .int, default: .null, "their number instead, 1 to k: free of rounding"),
                ]
            ) { n, c, call in
                let k = try call.optionalInt("k") ?? n
                if let m = try call.optionalInt("m") { return try Metric.gPass(n: n, c: c, k: k, m: m) }
                return try Metric.gPass(n: n, c: c, k: k, tau: call.float("tau"))
            },
            of(
                "mgpass",
                "mG-Pass@k: the mean of G-Pass@k over thresholds above a half; for odd k it stays below 1.",
                [k]
            ) { n, c, call in
                try Metric.mGPass(n: n, c: c, k: call.optionalInt("k") ?? n)
            },
            majority(), bestOf(), vote(), compare(),
        ]
    }

    private static var k: Parameter {
        Parameter("k", .int, default: .null, "rows drawn, 1 to the width; the width without it")
    }
    private static var groups: Parameter {
        Parameter(
            "groups", .object("Groups") | .object("Evaluation"), default: .null, "sampled groups or an evaluation")
    }

    /// A metric of the count of right rows: of groups, or of `n` and `c`.
    private static func of(
        _ name: String, _ summary: String, _ parameters: [Parameter],
        _ metric: @escaping (Int, Int, NativeCall) throws -> Double
    ) -> NativeFunction {
        let counts = [
            Parameter("n", .int, default: .null, "rows, instead of groups"),
            Parameter("c", .int, default: .null, "right rows among them"),
        ]
        let arguments = parameters.isEmpty ? "" : ", k: 8"
        return NativeFunction(
            name: "metric.\(name)", parameters: [groups] + parameters + counts, returns: "Float", summary: summary,
            details: """
                Rows of a group are exchangeable, not independent: the metric is computed in each group and averaged \
                over groups, then problems.
                """,
            example: "print(metric.\(name)(n: 16, c: 5\(arguments)))", seeAlso: ["evaluate"]
        ) { call in
            if let groups = try groupCounts(call) {
                guard !call.wasGiven("n"), !call.wasGiven("c") else {
                    throw RuntimeError(
                        "`metric.\(name)` takes groups, or the counts `n` and `c`, not both", code: "E203")
                }
                return .float(Bootstrap.mean(try groups.map { try metric(groups.width, $0, call) }))
            }
            guard let n = try call.optionalInt("n"), let c = try call.optionalInt("c") else {
                throw RuntimeError("`metric.\(name)` needs groups, or the counts `n` and `c`", code: "E203")
            }
            guard n >= 1, (0...n).contains(c) else {
                throw RuntimeError("`n` must be 1 or more and `c` 0 to `n`, not \(n) and \(c)", code: "E203")
            }
            return .float(try metric(n, c, call))
        }
    }

    private static func groupCounts(_ call: NativeCall) throws -> GroupCounts? {
        if let groups = call.value("groups").object as? GroupsObject { return try groups.groups.counts() }
        return (call.value("groups").object as? EvaluationObject)?.evaluation.counts
    }

    private static var sampled: Parameter { Parameter("groups", .object("Groups"), "sampled groups") }
    private static let demo =
        "g = sample(model.load(\"tiny\"), task.sums(terms: 3, digits: 1), problems: 4, width: 8)\n"

    private static func majority() -> NativeFunction {
        NativeFunction(
            name: "metric.majority", parameters: [sampled, k], returns: "Float",
            summary: "maj@k: the most frequent answer among k rows is right, in expectation over subsets and ties.",
            example: demo + "print(metric.majority(g))", seeAlso: ["metric.vote", "metric.best_of"]
        ) { call in
            let groups = try call.object("groups", as: GroupsObject.self).groups
            return .float(Bootstrap.mean(try groups.majority(call.optionalInt("k"))))
        }
    }

    private static func bestOf() -> NativeFunction {
        NativeFunction(
            name: "metric.best_of",
            parameters: [
                sampled,
                Parameter(
                    "by", .function, default: .null,
                    "from a row's record to a score; the mean log-probability without it"),
            ], returns: "Float",
            summary: "How often the row with the best score is right.", example: demo + "print(metric.best_of(g))",
            seeAlso: ["metric.majority"]
        ) { call in
            let object = try call.object("groups", as: GroupsObject.self)
            let by = call.value("by")
            if by.isNull { return .float(Bootstrap.mean(try object.groups.bestByMeanLogProbability())) }
            var scores = try (object.member("rows")?.asList?.elements ?? []).map {
                try call.call(by, [$0]).number("the score")
            }[...]
            return .float(
                Bootstrap.mean(
                    try object.groups.map { rows in
                        defer { scores = scores.dropFirst(rows.count) }
                        return try Metric.bestOf(
                            scores: Array(scores.prefix(rows.count)), correct: rows.map(\.isCorrect))
                    }))
        }
    }

    private static func vote() -> NativeFunction {
        NativeFunction(
            name: "metric.vote",
            parameters: [
                sampled,
                Parameter("weighted", .bool, default: .bool(false), "rows vote with their probability per token"),
            ], returns: "List",
            summary: "The answer that each group votes for; nil where no row answers.",
            example: demo + "print(metric.vote(g))", seeAlso: ["metric.majority"]
        ) { call in
            let weighted = try call.bool("weighted")
            let groups = try call.object("groups", as: GroupsObject.self).groups
            return .list(
                try groups.problems.flatMap { problem in
                    try problem.groups.map { rows in
                        let weights = weighted ? rows.map(\.meanProbability) : nil
                        return try Metric.vote(answers: rows.map(\.answer), weights: weights).map { .string($0) }
                            ?? .null
                    }
                })
        }
    }

    private static func compare() -> NativeFunction {
        let arm = ParameterType.object("Evaluation") | .object("Groups")
        return NativeFunction(
            name: "metric.compare",
            parameters: [
                Parameter("a", arm, "an arm"), Parameter("b", arm, "the arm to subtract, on the same problems"),
            ],
            returns: "Record",
            summary: "The difference in accuracy of two arms, a - b, paired by problem.",
            details: """
                A record: `difference`; `low` and `high`, its 95% bootstrap interval over problems, then groups; `p` \
                of a two-sided sign-flip permutation test over problems.
                """,
            example: """
                sums = task.sums(terms: 3, digits: 1)
                a = evaluate(model.load("tiny"), sums, problems: 8, width: 4, seed: 1)
                b = evaluate(model.load("tiny"), sums, problems: 8, width: 4, seed: 2)
                print(metric.compare(a, b).p <= 1)
                """, seeAlso: ["evaluate"]
        ) { call in
            func accuracies(_ name: String) throws -> [[Double]] {
                if let groups = call.value(name).object as? GroupsObject {
                    return try groups.groups.counts().accuracies
                }
                return try call.object(name, as: EvaluationObject.self).evaluation.counts.accuracies
            }
            let comparison = try Comparison(accuracies("a"), accuracies("b"))
            return .record([
                "difference": .float(comparison.difference.value), "low": .float(comparison.difference.low),
                "high": .float(comparison.difference.high), "p": .float(comparison.p),
            ])
        }
    }
}
