import Interruption

extension CoreLibrary {
    static var strings: [NativeFunction] {
        let text = Parameter("text", .string, "a string")
        return [
            NativeFunction(
                name: "split",
                parameters: [text, Parameter("separator", .string, default: .null, "without one, any white space")],
                returns: "List", summary: "The parts of a text between the separators.",
                example: "assert(split(\"a,b\", \",\") == [\"a\", \"b\"])\nassert(split(\" a  b \") == [\"a\", \"b\"])",
                seeAlso: ["join"]
            ) { call in
                let text = try call.string("text")
                guard let separator = try call.optionalString("separator") else {
                    return .list(try Text.words(of: text).map { .string($0) })
                }
                if separator.isEmpty {
                    throw RuntimeError(
                        "the `separator` of `split` cannot be empty", code: "E203",
                        suggestion: "`list(text)` gives the characters")
                }
                return .list(try Text.split(text, by: separator).map { .string($0) })
            },
            NativeFunction(
                name: "join",
                parameters: [
                    Parameter("values", .any, "a list, a range, or anything else that `for` goes through"),
                    Parameter("separator", .string, default: .string(""), "between the parts"),
                ],
                returns: "String", summary: "The elements as one text, the separator between them.",
                example: "assert(join([1, \"b\"], \"-\") == \"1-b\")", seeAlso: ["split"]
            ) { call in
                let parts = try call.elements("values").map {
                    try Interruption.check()
                    return Printer.string($0)
                }
                let separator = try call.string("separator")
                let bytes = parts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
                guard bytes <= Limits.stringBytes else { throw Limits.stringTooLong(bytes) }
                return .string(Text.join(parts, separator, bytes))
            },
            simple("lower", "The text in small letters.", "assert(lower(\"Ab\") == \"ab\")") {
                try changed($0, { $0.lowercased() }, \.lowercaseMapping)
            },
            simple("upper", "The text in capital letters.", "assert(upper(\"Ab\") == \"AB\")") {
                try changed($0, { $0.uppercased() }, \.uppercaseMapping)
            },
            simple("trim", "The text without white space at its ends.", "assert(trim(\"  a \") == \"a\")") {
                Text.trimmed($0)
            },
            NativeFunction(
                name: "replace",
                parameters: [
                    text,
                    Parameter("old", .string, "what to look for"),
                    Parameter("new", .string, "what to put in its place"),
                ],
                returns: "String",
                summary: "The text with every occurrence of one part replaced by another.",
                example: "assert(replace(\"1,5\", \",\", \".\") == \"1.5\")"
            ) { call in
                let text = try call.string("text")
                let old = try call.string("old")
                if old.isEmpty {
                    throw RuntimeError("`replace` needs a text to replace, and `old` is empty", code: "E203")
                }
                let parts = try Text.split(text, by: old)
                let new = try call.string("new")
                let (added, overflow) = new.utf8.count.multipliedReportingOverflow(by: parts.count)
                guard !overflow, added + text.utf8.count <= Limits.stringBytes else {
                    throw Limits.stringTooLong(added)
                }
                return .string(parts.joined(separator: new))
            },
            NativeFunction(
                name: "starts_with",
                parameters: [text, Parameter("part", .string, "the beginning to look for")], returns: "Bool",
                summary: "Whether the text begins with a part.", example: "assert(starts_with(\"bridge\", \"br\"))",
                seeAlso: ["ends_with"]
            ) { call in .bool(try call.string("text").utf8.starts(with: try call.string("part").utf8)) },
            NativeFunction(
                name: "ends_with",
                parameters: [text, Parameter("part", .string, "the end to look for")], returns: "Bool",
                summary: "Whether the text ends with a part.", example: "assert(ends_with(\"a.csv\", \".csv\"))",
                seeAlso: ["starts_with"]
            ) { call in
                .bool(try call.string("text").utf8.reversed().starts(with: try call.string("part").utf8.reversed()))
            },
        ]
    }

    private static func simple(
        _ name: String, _ summary: String, _ example: String, _ body: @escaping (String) throws -> String
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("text", .string, "a string")], returns: "String",
            summary: summary, example: example
        ) { call in .string(try body(try call.string("text"))) }
    }

    /// The library's quick way for short and plain texts, else one that can be interrupted.
    private static func changed(
        _ text: String, _ quick: (String) -> String, _ form: (UnicodeScalar.Properties) -> String
    ) throws -> String {
        text.utf8.count < 1 << 20 ? quick(text) : try Text.mapped(text, form)
    }
}
