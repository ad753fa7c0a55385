/// What `help` says; all of it comes from the registry.
package enum Help {
    package static func text(for subject: Value, registry: Registry) throws -> String {
        switch subject.object {
        case let string as StringObject: return text(named: string.text, registry: registry)
        case let native as NativeFunctionObject: return text(for: native.function)
        case let function as FunctionObject: return "\(function.signature)\n\n  A function of this session.\n"
        case let namespace as NamespaceObject: return list(namespace.name, registry)
        case let native as NativeObject: return type(native.typeName, fields: native.memberNames, registry)
        default: return subject.isNull ? overview(registry) : type(subject.typeName, fields: [], registry)
        }
    }

    private static func text(named name: String, registry: Registry) -> String {
        if let function = registry.function(named: name) { return text(for: function) }
        if registry.namespaces.contains(name) { return list(name, registry) }
        if let explanation = ErrorCodes.explanation(of: name) { return "\(name): \(explanation)\n" }
        if !registry.methods(of: name).isEmpty { return type(name, fields: [], registry) }
        let inside = registry.functions.filter { $0.shortName == name }
        if !inside.isEmpty { return inside.map(text(for:)).joined(separator: "\n") }
        let near = EditDistance.nearest(to: name, in: registry.functions.flatMap { [$0.name, $0.shortName] })
        let hint = near.isEmpty ? "" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))?"
        return "There is no `\(name)`\(hint)\n"
    }

    private static func text(for function: NativeFunction) -> String {
        var lines = [function.signature, "", "  " + function.summary]
        if !function.details.isEmpty { lines += function.details.split(separator: "\n").map { "  " + $0 } }
        let documented = function.parameters.filter { !$0.documentation.isEmpty }
        if !documented.isEmpty { lines.append("") }
        let width = documented.map(\.name.count).max() ?? 0
        for parameter in documented {
            let padding = String(repeating: " ", count: width - parameter.name.count)
            let type = parameter.type == .any ? "" : " (\(parameter.type.description))"
            lines.append("  \(parameter.name)\(padding)  \(parameter.documentation)\(type)")
        }
        lines += ["", "  Example:"]
        lines += function.example.split(separator: "\n").map { "    " + $0 }
        if !function.seeAlso.isEmpty { lines += ["", "  See also: " + function.seeAlso.joined(separator: ", ")] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func list(_ namespace: String, _ registry: Registry) -> String {
        summaries(registry.functions.filter { $0.namespace == namespace }, title: namespace)
    }

    private static func type(_ name: String, fields: [String], _ registry: Registry) -> String {
        let title = fields.isEmpty ? name : "\(name), with the fields \(fields.joined(separator: ", "))"
        return summaries(registry.functions.filter { $0.namespace == name }, title: title)
    }

    private static func overview(_ registry: Registry) -> String {
        summaries(registry.functions.filter { $0.namespace == nil }, title: "Functions; `help(name)` says more")
            + "Namespaces: \(registry.namespaces.joined(separator: ", "))\n"
    }

    private static func summaries(_ functions: [NativeFunction], title: String) -> String {
        let width = functions.map(\.name.count).max() ?? 0
        let lines = functions.map { function in
            "  \(function.name)\(String(repeating: " ", count: width - function.name.count))  \(function.summary)"
        }
        return ([title] + lines).joined(separator: "\n") + "\n"
    }
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
