import Language

/// Comma-separated values as RFC 4180 has them: the first line names the columns.
enum CSV {
    /// - Returns: a record a line. A cell that is a number becomes one; everything else stays a string.
    /// - Throws: `RuntimeError` with the line.
    static func read(_ text: String, name: String) throws -> [Value] {
        let rows = try split(text, name: name)
        guard let header = rows.first?.cells else { return [] }
        return try rows.dropFirst().map { row in
            guard row.cells.count == header.count else {
                throw RuntimeError(
                    "\(name):\(row.line): \(row.cells.count) cells, but the first line names \(header.count) columns",
                    code: "E303")
            }
            return .object(RecordObject(Array(zip(header, row.cells.map(value)))))
        }
    }

    /// - Parameter rows: records; the first one's fields name the columns.
    static func write(_ rows: [Value]) throws -> String {
        guard let first = rows.first else { return "" }
        guard let header = first.asRecord?.keys else { throw notARecord(first, row: 0) }
        var lines = [header.map(quoted).joined(separator: ",")]
        for (index, row) in rows.enumerated() {
            guard let record = row.asRecord else { throw notARecord(row, row: index) }
            guard record.keys == header else {
                throw RuntimeError(
                    "row \(index) has the fields \(record.keys.joined(separator: ", ")), the first row "
                        + header.joined(separator: ", "), code: "E303")
            }
            lines.append(record.values.map { quoted(cell($0)) }.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func notARecord(_ value: Value, row: Int) -> RuntimeError {
        RuntimeError("row \(row) is a \(value.typeName); CSV is written from a list of records", code: "E303")
    }

    private static func cell(_ value: Value) -> String { value.isNull ? "" : Printer.display(value) }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private static func value(_ cell: String) -> Value {
        if let int = Int(cell) { return .int(int) }
        if let first = cell.unicodeScalars.first, "+-.0123456789".unicodeScalars.contains(first),
            let double = Double(cell)
        {
            return .float(double)
        }
        return .string(cell)
    }

    private static func split(_ text: String, name: String) throws -> [(line: Int, cells: [String])] {
        var rows: [(line: Int, cells: [String])] = []
        var cells: [String] = [], cell = "", quotedSince: Int?, line = 1, start = 1, wasQuoted = false
        func endRow() {
            if !(cells.isEmpty && cell.isEmpty && !wasQuoted) { rows.append((start, cells + [cell])) }
            (cells, cell, wasQuoted, start) = ([], "", false, line)
        }
        var iterator = text.makeIterator()
        var next = iterator.next()
        while let character = next {
            next = iterator.next()
            if character.isNewline { line += 1 }
            if quotedSince != nil {
                if character != "\"" {
                    cell.append(character)
                } else if next == "\"" {
                    cell.append("\"")
                    next = iterator.next()
                } else {
                    quotedSince = nil
                }
            } else if character == "\"" && cell.isEmpty {
                (quotedSince, wasQuoted) = (line, true)
            } else if character == "," {
                cells.append(cell)
                cell = ""
            } else if character.isNewline {
                endRow()
            } else {
                cell.append(character)
            }
        }
        if let quotedSince { throw RuntimeError("\(name):\(quotedSince): a quoted cell has no end", code: "E303") }
        endRow()
        return rows
    }
}
