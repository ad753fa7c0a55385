import Interruption
import Language

/// Writes records as comma-separated values. The first record's fields name the columns.
///
/// A later record may lack fields, whose cells stay empty, but not bring others, which would be lost. A String that
/// would be read as something else, such as "42" or "", is put in quotes.
struct CSVWriter {
    let separator: UInt8
    private var columns: [String] = []
    private var places: [String: Int] = [:]

    init(separator: UInt8) { self.separator = separator }

    /// - Parameter next: gives the records.
    /// - Throws: `RuntimeError` that names the row, and the field where one is wrong.
    mutating func write(_ next: () throws -> Value?, to path: String) throws {
        let file = try FileWriter(path)
        var row = 0
        while let value = try next() {
            guard let record = value.asRecord else {
                throw RuntimeError("rows[\(row)] is \(value.typeInWords), and CSV is written from records", code: "E303")
            }
            if row == 0 { try begin(record, file) }
            try write(record, row, file)
            try Interruption.check()
            try file.flushIfLarge()
            row += 1
        }
        try file.commit()
    }

    private mutating func begin(_ record: RecordObject, _ file: FileWriter) throws {
        columns = record.keys
        guard !columns.isEmpty else {
            throw RuntimeError("rows[0] has no fields, and they name the columns of CSV", code: "E303")
        }
        for (place, name) in columns.enumerated() { places[name] = place }
        for (place, name) in columns.enumerated() {
            if place > 0 { file.bytes.append(separator) }
            append(name, inQuotes: name.isEmpty && columns.count == 1, file)
        }
        file.bytes.append(0x0A)
    }

    private func write(_ record: RecordObject, _ row: Int, _ file: FileWriter) throws {
        if let extra = record.keys.first(where: { places[$0] == nil }) {
            throw RuntimeError(
                "rows[\(row)] has the field `\(extra)`, which the first record does not have", code: "E303",
                notes: ["the columns are " + columns.map { "`\($0)`" }.joined(separator: ", ")])
        }
        for (place, name) in columns.enumerated() {
            if place > 0 { file.bytes.append(separator) }
            try write(record[name] ?? .null, "rows[\(row)].\(name)", file)
        }
        file.bytes.append(0x0A)
    }

    private func write(_ value: Value, _ path: String, _ file: FileWriter) throws {
        switch value {
        // An empty line would be passed over.
        case .null: if columns.count == 1 { throw empty(path) }
        case .bool, .int, .float: file.bytes += Printer.repr(value).utf8
        case .object(let string as StringObject):
            append(string.text, inQuotes: CSVScanner.meansMore(string.text), file)
        case .object(let object):
            throw RuntimeError(
                "\(path) is a \(object.typeName), and a cell of CSV holds a number, a String, a Bool or nil",
                code: "E303",
                suggestion: "write it with `write_jsonl`, or as text with `str`")
        }
    }

    private func empty(_ path: String) -> RuntimeError {
        RuntimeError("\(path) is nil, and a line of CSV cannot be empty", code: "E303", suggestion: "leave the row out")
    }

    private func append(_ text: String, inQuotes: Bool, _ file: FileWriter) {
        // A byte order mark at the beginning of a file would be taken for the file's.
        let needsQuotes = text.utf8.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            || text.unicodeScalars.first == "\u{FEFF}"
        guard inQuotes || needsQuotes else { return file.bytes += text.utf8 }
        file.bytes.append(0x22)
        for byte in text.utf8 {
            if byte == 0x22 { file.bytes.append(0x22) }
            file.bytes.append(byte)
        }
        file.bytes.append(0x22)
    }
}
