import JSON
import Language

/// A notebook as a Jupyter file: nbformat 4.5. Outputs, and what Bridge knows of their cells, are in it, so that it
/// also keeps the outputs of a percent file beside it.
enum JupyterNotebook {
    /// Rows and columns, so that a table can be read back: https://specs.frictionlessdata.io/tabular-data-resource
    static let tableType = "application/vnd.dataresource+json"
    static let svgType = "image/svg+xml"

    static func text(of page: NotebookPage) -> String {
        var identifiers = CellIdentifiers(taken: page.entries.compactMap(\.cell.id))
        let cells = page.entries.map { entry in JSONValue.object(cell(entry, id: identifiers.next(entry.cell.id))) }
        let notebook: JSONValue = [
            "cells": .array(cells),
            "metadata": [
                "kernelspec": ["display_name": "Bridge", "language": "bridge", "name": "bridge"],
                "language_info": [
                    "file_extension": ".bridge", "mimetype": "text/x-bridge", "name": "bridge",
                    "version": .string(Version.current),
                ],
            ],
            "nbformat": 4, "nbformat_minor": 5,
        ]
        return notebook.text(indented: true) + "\n"
    }

    private static func cell(_ entry: NotebookPage.Entry, id: String) -> JSONObject {
        var object: JSONObject = [
            "cell_type": .string(entry.cell.kind.rawValue), "id": .string(id), "metadata": .object(metadata(entry)),
        ]
        if entry.cell.kind == .code {
            object["execution_count"] = entry.record?.order.map { .int($0) } ?? .null
            object["outputs"] = .array((entry.record?.outputs ?? []).map { output($0, count: entry.record?.order) })
        }
        object["source"] = lines(entry.cell.content)
        return object
    }

    private static func metadata(_ entry: NotebookPage.Entry) -> JSONObject {
        var metadata: JSONObject = [:]
        if !entry.cell.title.isEmpty { metadata["title"] = .string(entry.cell.title) }
        if let record = entry.record {
            metadata["bridge"] = [
                "ending": .string(record.ending.rawValue), "hash": .string(record.hash),
                "seconds": .double((record.seconds * 1e9).rounded() / 1e9),
            ]
        }
        return metadata
    }

    /// - Parameter count: which run of the session gave it.
    private static func output(_ output: CellOutput, count: Int?) -> JSONValue {
        switch output {
        case .text(let text): return ["name": "stdout", "output_type": "stream", "text": lines(text)]
        case .failure(let failure):
            let trace = failure.text.split(separator: "\n", omittingEmptySubsequences: false).map {
                JSONValue.string(String($0))
            }
            return [
                "ename": .string(failure.code), "evalue": .string(failure.message), "output_type": "error",
                "traceback": .array(trace.last == "" ? trace.dropLast() : trace),
            ]
        case .value(let value, let isResult):
            var object: JSONObject = ["data": .object(data(value)), "metadata": .object(metadata(value))]
            object["output_type"] = isResult ? "execute_result" : "display_data"
            if isResult { object["execution_count"] = count.map { .int($0) } ?? .null }
            return .object(object)
        }
    }

    /// What only our own pages use of a picture.
    private static func metadata(_ value: ShownValue) -> JSONObject {
        guard let narrow = value.narrowSVG else { return [:] }
        return ["bridge": ["narrow": lines(narrow), "colour_scale": .bool(value.hasColourScale)]]
    }

    private static func data(_ value: ShownValue) -> JSONObject {
        var data: JSONObject = ["text/plain": lines(value.text)]
        if let svg = value.svg { data[svgType] = lines(svg) }
        if let table = value.table {
            data["text/html"] = lines(HTMLTable.text(table))
            data[tableType] = resource(table)
        }
        return data
    }

    private static func resource(_ table: Table) -> JSONValue {
        let fields = zip(table.columns, table.isNumber).map { name, isNumber -> JSONValue in
            ["name": .string(name), "type": isNumber ? "number" : "string"]
        }
        let rows = table.rows.map { row in
            JSONValue.object(JSONObject(uniqueKeysWithValues: zip(table.columns, row.map { JSONValue.string($0) })))
        }
        return ["schema": ["fields": .array(fields)], "data": .array(rows), "omitted_rows": .int(table.omittedRows)]
    }

    /// Text as Jupyter keeps it: a string a line, with its line end.
    private static func lines(_ text: String) -> JSONValue {
        var lines: [JSONValue] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: "\n").map { rest.index(after: $0) } ?? rest.endIndex
            lines.append(.string(String(String.UnicodeScalarView(rest[..<end]))))
            rest = rest[end...]
        }
        return .array(lines)
    }
}

/// Gives each cell an identifier of its own.
private struct CellIdentifiers {
    private let taken: Set<String>
    private var given: Set<String> = []
    private var number = 0

    init(taken: [String]) { self.taken = Set(taken) }

    /// - Parameter own: the one that the cell had; it is kept unless another cell has it.
    mutating func next(_ own: String?) -> String {
        if let own, given.insert(own).inserted { return own }
        while true {
            number += 1
            let id = "cell-\(number)"
            if !taken.contains(id) && given.insert(id).inserted { return id }
        }
    }
}
