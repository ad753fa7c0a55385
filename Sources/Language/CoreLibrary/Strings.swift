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
                let text = try call.text("text")
                if call.value("separator").isNull { return .list(try Text.words(of: text)) }
                let separator = try call.text("separator")
                if separator.byteCount == 0 {
                    throw RuntimeError(
                        "the `separator` of `split` cannot be empty", code: "E203",
                        suggestion: "`list(text)` gives the characters")
                }
                return .list(try Text.split(text, by: separator))
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
                var parts: [StringObject] = []
                do {
                    try call.forEach("values") { parts.append($0.stringObject ?? StringObject(Printer.string($0))) }
                    let separator = try call.text("separator")
                    let bytes = parts.reduce(separator.byteCount * max(0, parts.count - 1)) { $0 + $1.byteCount }
                    guard bytes <= Limits.stringBytes else { throw Limits.stringTooLong(bytes) }
                    return .object(try Text.join(parts, separator, byteCount: bytes))
                } catch {
                    Interruption.leave(parts)
                    throw error
                }
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
                let old = try call.text("old")
                if old.byteCount == 0 {
                    throw RuntimeError("`replace` needs a text to replace, and `old` is empty", code: "E203")
                }
                return .object(try Text.replace(old, by: try call.text("new"), in: try call.text("text")))
            },
            NativeFunction(
                name: "starts_with",
                parameters: [text, Parameter("part", .string, "the beginning to look for")], returns: "Bool",
                summary: "Whether the text begins with a part.", example: "assert(starts_with(\"bridge\", \"br\"))",
                seeAlso: ["ends_with"]
            ) { call in .bool(Text.starts(try call.text("text"), with: try call.text("part"))) },
            NativeFunction(
                name: "ends_with",
                parameters: [text, Parameter("part", .string, "the end to look for")], returns: "Bool",
                summary: "Whether the text ends with a part.", example: "assert(ends_with(\"a.csv\", \".csv\"))",
                seeAlso: ["starts_with"]
            ) { call in .bool(Text.ends(try call.text("text"), with: try call.text("part"))) },
        ]
    }

    private static func simple(
        _ name: String, _ summary: String, _ example: String, _ body: @escaping (StringObject) throws -> StringObject
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("text", .string, "a string")], returns: "String",
            summary: summary, example: example
        ) { call in .object(try body(try call.text("text"))) }
    }

    /// The library's quick way for short and plain texts, else one that can be interrupted.
    private static func changed(
        _ text: StringObject, _ quick: (String) -> String, _ form: (UnicodeScalar.Properties) -> String
    ) throws -> StringObject {
        text.byteCount < 1 << 20 ? StringObject(quick(text.text)) : try Text.mapped(text, form)
    }
}
