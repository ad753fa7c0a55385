/// What `help` says; all of it comes from the registry. Lines are broken at `width` columns.
package struct Help {
    let registry: Registry
    let width: Int

    package init(registry: Registry, width: Int) {
        self.registry = registry
        self.width = width
    }

    package func text(for subject: Value) -> String {
        switch subject.object {
        case let string as StringObject: return text(named: string.text)
        case let native as NativeFunctionObject: return text(for: native.function)
        case let function as FunctionObject: return "\(function.signature)\n\n  A function of this session.\n"
        case let namespace as NamespaceObject: return list(namespace.name)
        case let native as NativeObject: return type(native.typeName, fields: native.memberNames)
        default: return subject.isNull ? overview : type(subject.typeName, fields: [])
        }
    }

    private func text(named name: String) -> String {
        if let function = registry.function(named: name) { return text(for: function) }
        if registry.namespaces.contains(name) { return list(name) }
        if let explanation = ErrorCodes.explanation(of: name) { return "\(name): \(explanation)\n" }
        if !registry.methods(of: name).isEmpty { return type(name, fields: []) }
        let inside = registry.functions.filter { $0.shortName == name }
        if !inside.isEmpty { return inside.map(text(for:)).joined(separator: "\n") }
        let near = EditDistance.nearest(to: name, in: registry.functions.flatMap { [$0.name, $0.shortName] })
        let hint = near.isEmpty ? "" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))?"
        return "There is no `\(name)`\(hint)\n"
    }

    private func text(for function: NativeFunction) -> String {
        var lines = [wrapped(function.signature, indent: 4), "", wrapped("  " + function.summary, indent: 2)]
        if !function.details.isEmpty {
            lines += function.details.split(separator: "\n").map { wrapped("  " + $0, indent: 2) }
        }
        let documented = function.parameters.filter { !$0.documentation.isEmpty }
        if !documented.isEmpty { lines.append("") }
        lines += columns(
            documented.map { parameter in
                let type = parameter.type == .any ? "" : " (\(parameter.type.description))"
                return (parameter.name, parameter.documentation + type)
            })
        lines += ["", "  Example:"]
        lines += function.example.split(separator: "\n").map { "    " + $0 }
        if !function.seeAlso.isEmpty {
            lines += ["", wrapped("  See also: " + function.seeAlso.joined(separator: ", "), indent: 4)]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func list(_ namespace: String) -> String {
        summaries(registry.functions.filter { $0.namespace == namespace }, title: namespace)
    }

    private func type(_ name: String, fields: [String]) -> String {
        let title = fields.isEmpty ? name : "\(name), with the fields \(fields.joined(separator: ", "))"
        return summaries(registry.functions.filter { $0.namespace == name }, title: title)
    }

    private var overview: String {
        summaries(registry.functions.filter { $0.namespace == nil }, title: "Functions; `help(name)` says more")
            + wrapped("Namespaces: \(registry.namespaces.joined(separator: ", "))", indent: 2) + "\n"
    }

    private func summaries(_ functions: [NativeFunction], title: String) -> String {
        ([wrapped(title, indent: 2)] + columns(functions.map { ($0.name, $0.summary) })).joined(separator: "\n") + "\n"
    }

    /// A line an entry: its name, then what it is, aligned.
    private func columns(_ entries: [(name: String, text: String)]) -> [String] {
        let nameWidth = entries.map(\.name.count).max() ?? 0
        return entries.map { entry in
            let padding = String(repeating: " ", count: nameWidth - entry.name.count)
            return wrapped("  \(entry.name)\(padding)  \(entry.text)", indent: nameWidth + 4)
        }
    }

    private func wrapped(_ line: String, indent: Int) -> String { Paragraph.wrapped(line, width: width, indent: indent) }
}

/// What the codes of diagnostics mean.
enum ErrorCodes {
    static func explanation(of code: String) -> String? { texts[code] }

    private static let texts: [String: String] = [
        "E001": "a character that the language does not use.", "E002": "a number that cannot be read.",
        "E003": "an integer beyond 64 bits.", "E004": "a string without its closing quote.",
        "E006": "a `{` in a string begins an expression; write `\\{` for a brace.",
        "E010": "a bracket or a word of the grammar is missing.", "E012": "something stands where it cannot stand.",
        "E013": "there are no tuples: write a list.", "E014": "only names, fields, items and `(a, b)` can be assigned to.",
        "E015": "a source nested too deeply.", "E020": "arguments are named with `:`, as in `f(width: 8)`.",
        "E030": "a name that neither the script nor the library binds.",
        "E031": "a function reads outer names but binds its own: it cannot change an outer name with `+=`.",
        "E032": "an argument's name that the function does not have.", "E033": "an argument that must be given is missing.",
        "E034": "more arguments than the function takes.", "E036": "a namespace has no such member.",
        "E040": "`break` and `continue` stand in loops only.", "E041": "`return` stands in functions only.",
        "E050": "a file that cannot be imported.", "E100": "an error the script raised with `error`.",
        "E101": "an assertion that did not hold.", "E201": "an operator that does not take values of these types.",
        "E202": "an integer result beyond 64 bits; make one operand a Float.", "E203": "an argument of the wrong type.",
        "E204": "a division by zero.", "E205": "a value that has no elements to go through.",
        "E206": "an index or a slice that does not suit the value.", "E208": "a condition must be a Bool; compare explicitly.",
        "E209": "an index beyond the ends.", "E210": "a field or a method that the value does not have.",
        "E211": "a call of something that is no function.", "E212": "a name that is read before it is bound.",
        "E213": "a value taken apart into the wrong number of names.", "E214": "a format specification that cannot be used.",
        "E230": "a list too long.", "E231": "a string too long.", "E233": "too many calls that have not returned.",
    ]
}
