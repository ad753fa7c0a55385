import Spelling

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
        if let explanation = ErrorCodes.explanation(of: name.uppercased()) {
            return explanation.split(separator: "\n", omittingEmptySubsequences: false)
                .map { wrapped(String($0), indent: 2) }.joined(separator: "\n")
        }
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
