import Language

/// Randomness and progress: what belongs to the session as a whole.
enum SessionLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [seed(environment), progress(environment), who(), saveSession(), loadSession()]
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

    private static func who() -> NativeFunction {
        NativeFunction(
            name: "who",
            parameters: [Parameter("matching", .string, default: .null, "only names that hold this text")],
            returns: "List", summary: "The names that the session has bound: a record each, printed as a table.",
            details: """
                Fields: `name`, `type`, `shape` (of a tensor; the length of a list, a record or a text) and `size`, \
                roughly the memory that the value holds.
                """,
            example: "x = zeros([2, 3])\nnames = [1, 2]\nprint(who())", seeAlso: ["type", "help"]
        ) { call in
            let wanted = try call.optionalString("matching")
            let names = call.interpreter.userNames.filter { wanted.map($0.name.contains) ?? true }
            return .list(
                names.map { name, value in
                    .record([
                        "name": .string(name), "type": .string(value.typeName), "shape": .string(shape(of: value)),
                        "size": .string(ByteCount.text(MemorySize.estimate(value))),
                    ])
                })
        }
    }

    private static func shape(of value: Value) -> String {
        switch value.object {
        case let list as ListObject: return "\(list.count)"
        case let record as RecordObject: return "\(record.count)"
        case let text as StringObject: return "\(text.count)"
        case let native as NativeObject where native.memberNames.contains("shape"):
            return (try? native.member("shape")).flatMap { $0 }.map { Printer.repr($0) } ?? ""
        default: return ""
        }
    }

    private static func saveSession() -> NativeFunction {
        NativeFunction(
            name: "save_session",
            parameters: [Parameter("folder", .string, "made, or replaced if it holds a saved session")],
            returns: "Record", summary: "Writes the session's values to a folder, for load_session.",
            details: """
                Numbers, texts, lists, records, ranges, tensors and models are written; names that share a list or \
                a record share it again when they are loaded. A model that still is what its file holds is written as \
                the name of that file. Functions, tasks, groups, runs and figures are left out. Gives the names: `saved`, \
                `left_out`.
                """,
            example: """
                x = [1.5, 2]
                y = x
                save_session("session")
                saved = load_session("session")
                assert(saved.x == [1.5, 2])
                """,
            seeAlso: ["load_session", "who", "Model.save"]
        ) { call in
            let names = call.interpreter.userNames
            let left = try SavedSession(folder: try call.string("folder")).save(names)
            let saved = names.filter { name in !left.contains { $0.name == name.name } }
            return .record([
                "saved": .list(saved.map { .string($0.name) }), "left_out": .list(left.map { .string($0.name) }),
            ])
        }
    }

    private static func loadSession() -> NativeFunction {
        NativeFunction(
            name: "load_session", parameters: [Parameter("folder", .string, "what save_session wrote")],
            returns: "Record", summary: "The values of a saved session: a record with a field for each name.",
            details: """
                Binds no names, so that a script says which it takes. At the prompt `%load FOLDER` binds them all.
                """,
            example: "n = 3\nsave_session(\"session\")\nsaved = load_session(\"session\")\nassert(saved.n == 3)",
            seeAlso: ["save_session"]
        ) { call in
            .object(RecordObject(try SavedSession(folder: try call.string("folder")).load()))
        }
    }
}
