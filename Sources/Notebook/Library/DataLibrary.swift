import Language

/// Files in and out: text, JSON, JSON lines and CSV.
enum DataLibrary {
    static func functions() -> [NativeFunction] {
        [
            reader(
                "read_text", returns: "String", summary: "The whole of a text file.",
                example: "write_text(\"note.txt\", \"one\\ntwo\")\nprint(read_text(\"note.txt\"))"
            ) { path in .string(try TextFile.read(path)) },
            writer(
                "write_text", Parameter("text", .string, "what the file holds afterwards"),
                summary: "Writes a text file; what was there before is replaced in one step.",
                example: "write_text(\"note.txt\", \"hello\")"
            ) { value in value.asString ?? "" },
            reader(
                "read_json", returns: "any value", summary: "The value in a JSON file.",
                example: "write_json(\"settings.json\", {width: 8})\nprint(read_json(\"settings.json\").width)"
            ) { path in try Value.readingJSON(try TextFile.read(path), name: path) },
            writer(
                "write_json", Parameter("value", .any, "lists, records, strings, numbers, true, false, nil"),
                summary: "Writes a value as JSON, indented.",
                example: "write_json(\"settings.json\", {width: 8, arms: [\"base\", \"bridge\"]})"
            ) { value in try value.json().text(indented: true) + "\n" },
            reader(
                "read_jsonl", returns: "List", summary: "The values of a file that holds one JSON value a line.",
                example: "write_jsonl(\"rows.jsonl\", [{a: 1}, {a: 2}])\nprint(len(read_jsonl(\"rows.jsonl\")))"
            ) { path in
                let lines = try TextFile.read(path).split(separator: "\n", omittingEmptySubsequences: false)
                return .list(
                    try lines.enumerated().filter { !$0.element.allSatisfy(\.isWhitespace) }.map { index, line in
                        try Value.readingJSON(String(line), name: path, firstLine: index + 1)
                    })
            },
            writer(
                "write_jsonl", Parameter("values", .sequence, "one a line"),
                summary: "Writes a list as one JSON value a line.",
                example: "write_jsonl(\"rows.jsonl\", [{step: 1}, {step: 2}])"
            ) { value in
                try (value.iterated() ?? []).map { try $0.json().text() + "\n" }.joined()
            },
            reader(
                "read_csv", returns: "List",
                summary: "A record a line of a CSV file whose first line names the columns.",
                example: "write_csv(\"rows.csv\", [{step: 1, loss: 0.5}])\nprint(read_csv(\"rows.csv\"))"
            ) { path in .list(try CSV.read(try TextFile.read(path), name: path)) },
            writer(
                "write_csv", Parameter("rows", .list, "records with the same fields"),
                summary: "Writes a list of records as CSV.",
                example: "write_csv(\"rows.csv\", [{step: 1, loss: 0.5}, {step: 2, loss: 0.25}])"
            ) { value in try CSV.write(value.asList?.elements ?? []) },
        ]
    }

    private static func reader(
        _ name: String, returns: String, summary: String, example: String, _ read: @escaping (String) throws -> Value
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("path", .string, "where the file is")], returns: returns,
            summary: summary,
            example: example, seeAlso: [name.replacing("read", with: "write")]
        ) { call in try read(try call.string("path")) }
    }

    private static func writer(
        _ name: String, _ content: Parameter, summary: String, example: String,
        _ text: @escaping (Value) throws -> String
    ) -> NativeFunction {
        NativeFunction(
            name: name, parameters: [Parameter("path", .string, "where the file goes"), content], summary: summary,
            details: "The file is written under a temporary name and renamed: it is never there half-written.",
            example: example, seeAlso: [name.replacing("write", with: "read")]
        ) { call in
            try TextFile.write(try text(call.value(content.name)), to: try call.string("path"))
            return .null
        }
    }
}
