import Interruption
import Language

/// Files in and out: text, JSON, JSON lines and CSV.
enum DataLibrary {
    static func functions() -> [NativeFunction] { text + json + lines + tables }

    private static var path: Parameter { Parameter("path", .string, "where the file is") }
    private static var target: Parameter { Parameter("path", .string, "where the file goes") }
    private static var rows: Parameter {
        Parameter("rows", .any, "a list, or anything else that `for` goes through")
    }
    private static let whole = "The file is written under a temporary name and renamed: it is never there half-written."

    private static var text: [NativeFunction] {
        [
            NativeFunction(
                name: "read_text", parameters: [path], returns: "String", summary: "The whole of a text file.",
                details: "At most 256 MiB of UTF-8.",
                example: "write_text(\"note.txt\", \"one\\ntwo\")\nprint(read_text(\"note.txt\"))",
                seeAlso: ["write_text"]
            ) { call in .object(try TextFile.value(of: try call.string("path"))) },
            NativeFunction(
                name: "write_text", parameters: [target, Parameter("text", .string, "what the file holds afterwards")],
                summary: "Writes a text file; what was there before is replaced in one step.", details: whole,
                example: "write_text(\"note.txt\", \"hello\")", seeAlso: ["read_text"]
            ) { call in
                try TextFile.write(try call.text("text"), to: try call.string("path"))
                return .null
            },
        ]
    }

    private static var json: [NativeFunction] {
        [
            NativeFunction(
                name: "read_json", parameters: [path], returns: "any value", summary: "The value in a JSON file.",
                details: """
                    Whole numbers are Ints, numbers with a fraction or an exponent Floats. A number beyond 64 bits, \
                    the same name twice in an object and half of a surrogate pair are errors, as no value could hold \
                    what they say. Errors name file, line and column.
                    """,
                example: "write_json(\"settings.json\", {width: 8})\nprint(read_json(\"settings.json\").width)",
                seeAlso: ["write_json", "read_jsonl"]
            ) { call in try JSONFile.read(try call.string("path")) },
            NativeFunction(
                name: "write_json",
                parameters: [target, Parameter("value", .any, "lists, records, strings, numbers, true, false, nil")],
                summary: "Writes a value as JSON, indented.",
                details: whole + " NaN, infinities and functions have no form in JSON; the error says where they are.",
                example: "write_json(\"settings.json\", {width: 8, arms: [\"base\", \"bridge\"]})",
                seeAlso: ["read_json"]
            ) { call in
                try JSONFile.write(call.value("value"), to: try call.string("path"))
                return .null
            },
        ]
    }

    private static var lines: [NativeFunction] {
        [
            NativeFunction(
                name: "read_jsonl", parameters: [path], returns: "List",
                summary: "The values of a file that holds one JSON value a line.",
                details: "Empty lines are passed over. For a file larger than the memory see `stream_jsonl`.",
                example: "write_jsonl(\"rows.jsonl\", [{a: 1}, {a: 2}])\nprint(len(read_jsonl(\"rows.jsonl\")))",
                seeAlso: ["stream_jsonl", "write_jsonl", "append_jsonl"]
            ) { call in .list(try all(try JSONFile.lines(try call.string("path")))) },
            NativeFunction(
                name: "stream_jsonl", parameters: [path], returns: "Rows",
                summary: "The values of a file of one JSON value a line, one at a time.",
                details: """
                    `for`, comprehensions and every function that takes a list go through the rows. Each pass opens \
                    the file anew and holds one line of it, whatever its size. Rows cannot be indexed or changed.
                    """,
                example: """
                    write_jsonl("rows.jsonl", [{loss: 0.5}, {loss: 0.25}])
                    print(sum([row.loss for row in stream_jsonl("rows.jsonl")]))
                    """,
                seeAlso: ["read_jsonl", "stream_csv"]
            ) { call in
                let path = try call.string("path")
                return streamed(path, insteadOf: "read_jsonl") { try JSONFile.lines(path) }
            },
            NativeFunction(
                name: "write_jsonl", parameters: [target, rows],
                summary: "Writes one JSON value a line.", details: whole + " Rows are written as they come.",
                example: "write_jsonl(\"rows.jsonl\", [{step: 1}, {step: 2}])", seeAlso: ["read_jsonl", "append_jsonl"]
            ) { call in
                try JSONFile.writeLines(try elements(call), to: try call.string("path"))
                return .null
            },
            NativeFunction(
                name: "append_jsonl", parameters: [target, Parameter("record", .any, "what the line holds")],
                summary: "Adds a line of JSON to the end of a file, which is made if it is not there.",
                details: """
                    One write a line, so that a long run leaves whole lines whenever it ends. Half a line that was \
                    left by a crash is ended first.
                    """,
                example:
                    "append_jsonl(\"log.jsonl\", {step: 1})\nappend_jsonl(\"log.jsonl\", {step: 2})",
                seeAlso: ["write_jsonl", "stream_jsonl"]
            ) { call in
                try JSONFile.append(call.value("record"), to: try call.string("path"))
                return .null
            },
        ]
    }

    private static var separator: Parameter {
        Parameter(
            "separator", .string, default: .string(","), "between the cells: one character, such as \";\" or \"\\t\"")
    }

    private static let cells = """
        An empty cell is nil, a cell in quotes a String. Numbers as JSON writes them are Ints and Floats; `true`, \
        `false`, `nan`, `inf` and `-inf` are what they say; everything else is a String, \
        also `007`, which a number would change.
        """

    private static var tables: [NativeFunction] {
        [
            NativeFunction(
                name: "read_csv", parameters: [path, separator], returns: "List",
                summary: "A record a line of a CSV file whose first line names the columns.",
                details: cells + " For a file larger than the memory see `stream_csv`.",
                example: "write_csv(\"rows.csv\", [{step: 1, loss: 0.5}])\nprint(read_csv(\"rows.csv\"))",
                seeAlso: ["stream_csv", "write_csv"]
            ) { call in
                .list(try all(try table(try call.string("path"), try separator(call))))
            },
            NativeFunction(
                name: "stream_csv", parameters: [path, separator], returns: "Rows",
                summary: "The records of a CSV file, one at a time.",
                details: """
                    As `stream_jsonl`: each pass opens the file anew and holds one record of it. Cells mean what they \
                    mean to `read_csv`.
                    """,
                example: """
                    write_csv("rows.csv", [{step: 1, loss: 0.5}, {step: 2, loss: 0.25}])
                    for row in stream_csv("rows.csv") { print(row.step, row.loss) }
                    """,
                seeAlso: ["read_csv", "stream_jsonl"]
            ) { call in
                let (path, separator) = (try call.string("path"), try separator(call))
                return streamed(path, insteadOf: "read_csv") { try table(path, separator) }
            },
            NativeFunction(
                name: "write_csv", parameters: [target, rows, separator],
                summary: "Writes records as CSV; the first one's fields name the columns.",
                details: whole + """
                     A record may lack fields, whose cells stay empty, but not have others. Strings that would be read \
                    as something else are put in quotes, so that `read_csv` gives back what was written.
                    """,
                example: "write_csv(\"rows.csv\", [{step: 1, loss: 0.5}, {step: 2, loss: 0.25}])",
                seeAlso: ["read_csv", "write_jsonl"]
            ) { call in
                var writer = CSVWriter(separator: try separator(call))
                try writer.write(try elements(call), to: try call.string("path"))
                return .null
            },
        ]
    }

    // MARK: - What they share

    private static func table(_ path: String, _ separator: UInt8) throws -> () throws -> Value? {
        let reader = try CSVReader(path, separator: separator)
        return { try reader.next() }
    }

    private static func separator(_ call: NativeCall) throws -> UInt8 {
        let text = try call.string("separator")
        guard let byte = text.utf8.first, text.utf8.count == 1, byte == 0x09 || (0x20..<0x7F).contains(byte),
            !"\"-.0123456789".utf8.contains(byte), !(byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
        else {
            throw RuntimeError(
                "`separator` of `\(call.function.name)` must be one mark such as \",\", \";\" or a tab, not "
                    + Printer.repr(.string(text)), code: "E203")
        }
        return byte
    }

    private static func elements(_ call: NativeCall) throws -> () throws -> Value? {
        guard let next = try call.value("rows").stream() else {
            throw RuntimeError.argument(
                "rows", of: call.function.name, expected: "List", given: call.value("rows"))
        }
        return next
    }

    private static func all(_ next: () throws -> Value?) throws -> [Value] {
        var rows: [Value] = []
        do {
            while let row = try next() {
                guard rows.count < Limits.listElements else { throw Limits.listTooLong(rows.count + 1) }
                rows.append(row)
            }
        } catch {
            Interruption.leave(rows)
            throw error
        }
        return rows
    }

    private static func streamed(
        _ path: String, insteadOf name: String, _ begin: @escaping () throws -> () throws -> Value?
    ) -> Value {
        .object(
            RowsObject(Printer.repr(.string(path)), advice: "`\(name)` gives a list of them", begin: begin))
    }
}
