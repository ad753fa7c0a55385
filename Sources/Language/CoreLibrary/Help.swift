import Spelling

/// What `help` says; all of it comes from the registry. Lines are broken at `width` columns.
package struct Help {
    let registry: Registry
    let width: Int
    /// What the session has bound, which a mistyped name may mean.
    let sessionNames: [String]

    package init(registry: Registry, width: Int, sessionNames: [String] = []) {
        self.sessionNames = sessionNames
        self.registry = registry
        self.width = width
    }

    package func text(for subject: Value) -> String {
        switch subject.object {
        case let string as StringObject: return text(named: string.text)
        case let native as NativeFunctionObject: return text(for: native.function)
        case let function as FunctionObject: return text(for: function)
        case let namespace as NamespaceObject: return list(namespace.name)
        case let native as NativeObject: return type(native.typeName, fields: native.memberNames)
        default: return subject.isNull ? overview : type(subject.typeName, fields: [])
        }
    }

    private func text(named name: String) -> String {
        if let function = registry.function(named: name) { return text(for: function) }
        if registry.namespaces.contains(name) { return list(name) }
        if let explanation = GrammarHelp.explanation(of: name) ?? ErrorCodes.explanation(of: name.uppercased()) {
            return explanation.split(separator: "\n", omittingEmptySubsequences: false)
                .map { wrapped(String($0), indent: 2) }.joined(separator: "\n")
        }
        if registry.type(named: name) != nil || !registry.methods(of: name).isEmpty { return type(name, fields: []) }
        let inside = registry.functions.filter { $0.shortName == name }
        if !inside.isEmpty { return inside.map(text(for:)).joined(separator: "\n") }
        let names = registry.functions.flatMap { [$0.name, $0.shortName] } + registry.namespaces + registry.typeNames
            + sessionNames
        let near = EditDistance.nearest(to: name, in: names + GrammarWords.all)
        let hint = near.isEmpty
            ? "; `apropos(\"\(name)\")` searches" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))?"
        return "There is no `\(name)`\(hint)\n"
    }

    /// A function of the session: how it is called, and the comment above it.
    private func text(for function: FunctionObject) -> String {
        let comment = function.comment.isEmpty ? ["A function of this session."] : function.comment
        return ([function.signature, ""] + comment.map { wrapped("  " + $0, indent: 2) }).joined(separator: "\n") + "\n"
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

    /// - Parameter fields: of a value at hand; those that the type's record explains come with their explanation.
    private func type(_ name: String, fields: [String]) -> String {
        let known = registry.type(named: name)
        let explained = known?.fields ?? []
        let others = fields.filter { field in !explained.contains { $0.name == field } }
        var lines = [wrapped(known.map { "\(name): \($0.summary)" } ?? name, indent: 2)]
        let entries = explained.map { ($0.name, $0.summary) } + others.map { ($0, "") }
        if !entries.isEmpty { lines += ["", "  Fields:"] + columns(entries) }
        let methods = registry.functions.filter { $0.isMethod && $0.namespace == name }
        if !methods.isEmpty { lines += ["", "  Methods:"] + columns(methods.map { ($0.shortName, $0.summary) }) }
        let makers = registry.functions.filter { $0.returns == name && $0.namespace != name }.map(\.name)
        if !makers.isEmpty { lines += ["", wrapped("  Made by: " + makers.joined(separator: ", "), indent: 4)] }
        return lines.joined(separator: "\n") + "\n"
    }

    private var overview: String {
        summaries(registry.functions.filter { $0.namespace == nil }, title: "Functions; `help(name)` says more")
            + wrapped("Grammar: \(GrammarHelp.entries.flatMap(\.words).joined(separator: " "))", indent: 2) + "\n"
            + wrapped("Namespaces: \(registry.namespaces.joined(separator: ", "))", indent: 2) + "\n"
            + wrapped("Types: \(registry.typeNames.joined(separator: ", "))", indent: 2) + "\n"
    }

    /// What `apropos` says.
    package func search(_ text: String) -> String {
        let found = Search(registry).functions(about: text)
        guard !found.isEmpty else {
            return "Nothing has to do with `\(text)`; `help()` lists the functions\n"
        }
        var lines = columns(found.prefix(Search.shown).map { ($0.function.name, $0.reason) })
        if found.count > Search.shown { lines.append("  ... and \(found.count - Search.shown) more; add a word") }
        return lines.joined(separator: "\n") + "\n"
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
