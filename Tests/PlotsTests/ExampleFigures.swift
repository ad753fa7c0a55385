import Plots

/// Figures of every kind, with made-up numbers that need no random generator.
enum ExampleFigures {
    /// A wave that looks like noise, between -1 and 1.
    static func wobble(_ index: Int, _ arm: Int) -> Double {
        let mixed = UInt32(truncatingIfNeeded: (index * 7 + arm * 131 + 17) &* 2_654_435_761)
        return Double((mixed ^ (mixed >> 15)) % 2001) / 1000 - 1
    }

    static func curves() -> [TrainingCurve] {
        [("rlvr", 0.42), ("pmatch", 0.40), ("bridge", 0.52)].enumerated().map { arm, item in
            let reward = (0..<120).map { step -> Double in
                let progress = Double(step) / (Double(step) + 60)
                return 0.28 + (item.1 - 0.2) * progress + 0.05 * wobble(step, arm)
            }
            let length = (0..<120).map { step in
                40 + 12 * Double(step) / 120 * (1 + Double(arm) / 4) + 3 * wobble(step, arm + 9)
            }
            return TrainingCurve(name: item.0, metrics: [("reward", reward), ("completions/mean_length", length)])
        }
    }

    static func training() throws -> Figure {
        try .training(curves(), title: "Reinforcement learning on three-digit products")
    }

    static func gPass() throws -> Figure {
        let arms = [("base", 1.5, 0.62), ("rlvr", 2.2, 0.70), ("pmatch", 2.1, 0.69), ("bridge", 2.9, 0.78)]
        return try .gPass(
            arms.map { name, strength, start in
                let values = (1...8).map { count -> Estimate in
                    let share = start * (1 - (Double(count) - 1) / (7 + strength * 3))
                    return Estimate(share, low: share - 0.025, high: share + 0.025)
                }
                return (name: name, values: values)
            }, title: "How many of eight answers are right")
    }

    static func widths() throws -> Figure {
        let arms = [("base", 0.28, 0.0), ("rlvr", 0.42, 0.004), ("pmatch", 0.41, 0.006), ("bridge", 0.40, 0.03)]
        return try .widths(
            arms.map { name, start, slope in
                let accuracy = (0..<5).map { start + slope * Double($0) }
                let coverage = accuracy.enumerated().map { step, share in
                    1 - (0..<(1 << step)).reduce(1.0) { product, _ in product * (1 - share * 0.8) }
                }
                func estimates(_ values: [Double]) -> [Estimate] {
                    values.map { Estimate($0, low: $0 - 0.03, high: min($0 + 0.03, 1)) }
                }
                return WidthCurve(
                    name: name, widths: [1, 2, 4, 8, 16], accuracy: estimates(accuracy), coverage: estimates(coverage))
            }, title: "Trained at width 4, evaluated at 1 to 16")
    }

    static func line() -> Figure {
        let x = (0...60).map { Double($0) / 10 }
        return .line(
            [("square", x, x.map { $0 * $0 }), ("line", x, x.map { 6 * $0 })], title: "Growth", xAxis: Axis("x"),
            yAxis: Axis("value"))
    }

    static func scatter() -> Figure {
        let x = (0..<80).map { wobble($0, 1) }
        return .scatter(
            [("first", x, x.enumerated().map { $0.element + 0.5 * wobble($0.offset, 2) }),
             ("second", x, x.enumerated().map { 0.4 - $0.element + 0.5 * wobble($0.offset, 3) })],
            title: "Points", xAxis: Axis("x"), yAxis: Axis("y"))
    }

    static func bar() -> Figure {
        .bar(
            categories: ["MATH-500", "AIME24", "AIME25", "AMC23"],
            [
                ("base", [82.15, 23.44, 21.88, 66.02], nil), ("RLVR", [88.15, 29.06, 23.85, 74.3], nil),
                ("P-Match", [86.8, 28.85, 25.73, 70.47], nil),
                ("Bridge", [88.15, 32.19, 25.41, 77.65], (low: [87, 30, 23, 75], high: [89, 34, 28, 80])),
            ], title: "Published accuracy, DS-Qwen-7B", yAxis: Axis("pass@1, %"))
    }

    static func histogram() -> Figure {
        let values = (0..<400).map { (wobble($0, 1) + wobble($0, 4) + wobble($0, 6)) * 20 + 100 }
        return .histogram(values, name: "lengths", title: "Completion lengths", xAxis: Axis("tokens"))
    }

    static func heat() -> Figure {
        let weights = (0..<8).map { row in (0..<8).map { 1 / (1 + abs(Double(row - $0))) } }
        return .heat(weights, title: "Who attended to whom", xAxis: Axis("sibling"), yAxis: Axis("row"))
    }

    static func grid() throws -> Figure {
        .grid([line(), scatter(), try gPass(), histogram()], title: "Four in one")
    }

    /// Every kind with a name, and a text that its picture must hold.
    static func all() throws -> [(name: String, figure: Figure, words: [String])] {
        [
            ("training", try training(), ["rlvr", "pmatch", "bridge", "completions/mean_length", "step"]),
            ("gpass", try gPass(), ["base", "bridge", "G-Pass@8"]),
            ("widths", try widths(), ["base", "rlvr", "accuracy", "coverage", "16"]),
            ("line", line(), ["square", "line", "Growth"]),
            ("scatter", scatter(), ["first", "second"]),
            ("bar", bar(), ["P-Match", "MATH-500"]),
            ("hist", histogram(), ["tokens", "count"]),
            ("heat", heat(), ["Who attended to whom", "sibling"]),
            ("grid", try grid(), ["Four in one", "Growth", "G-Pass@8"]),
        ]
    }
}
