import Language

/// Randomness and progress: what belongs to the session as a whole.
enum SessionLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [seed(environment), progress(environment)]
    }

    private static func seed(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "seed", parameters: [Parameter("n", .int, "any whole number from 0 on")],
            summary: "Sets the seed that all later random numbers depend on.",
            details: """
                Random numbers are functions of the seed, of what they are for, and of the problem, group, row and \
                step they belong to: the same script gives the same bytes at any number of threads. Without a call \
                the seed is 0.
                """,
            example: "seed(7)\nprint(rand([2]))", seeAlso: ["rand", "sample"]
        ) { call in
            let seed = try call.int("n")
            guard seed >= 0 else { throw RuntimeError("a seed is a whole number from 0 on, not \(seed)", code: "E203") }
            environment.seed = UInt64(seed)
            environment.draws = 0
            return .null
        }
    }

    private static func progress(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "progress",
            parameters: [
                Parameter("items", .any, "a list, a range, or anything that `for` takes"),
                Parameter("f", .function, "called with each item"),
                Parameter("label", .string, default: .string("working"), "what the line says"),
            ],
            returns: "List", summary: "Applies a function to each item, with a progress line.",
            example: "squares = progress(0..1000, x -> x * x, label: \"squares\")\nprint(len(squares))",
            seeAlso: ["map"]
        ) { call in
            let items = try call.elements("items")
            var reporter = ProgressReporter(console: environment.console)
            reporter.begin(try call.string("label"), total: items.count, unit: "item")
            var isComplete = false
            defer { reporter.end(isComplete: isComplete) }
            var results: [Value] = []
            for (index, item) in items.enumerated() {
                results.append(try call.call(call.value("f"), [item]))
                reporter.update(index + 1)
            }
            isComplete = true
            return .list(results)
        }
    }
}
