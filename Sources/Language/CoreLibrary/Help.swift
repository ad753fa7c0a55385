import Spelling

/// What `help` says; all of it comes from the registry. Lines are broken at `width` columns.
package struct Help {
    let registry: Registry
    let width: Int
    /// What the session has bound, which a mistyped name may mean.
    let sessionNames: [String]
    /// The name that the session has bound a function to.
    let name: (FunctionObject) -> String?

    package init(
        registry: Registry, width: Int, sessionNames: [String] = [],
        name: @escaping (FunctionObject) -> String? = { _ in nil }
    ) {
        self.sessionNames = sessionNames
        self.registry = registry
        self.width = width
        self.name = name
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
        if let text = part(named: name) { return text }
        let near = EditDistance.nearest(to: name, in: allNames + GrammarWords.all)
        let hint = near.isEmpty
            ? "; `apropos(\"\(name)\")` searches" : "; did you mean \(near.map { "`\($0)`" }.joined(separator: ", "))?"
        return "There is no `\(name)`\(hint)\n"
    }

    /// What a parameter or a field is, by its name alone or as `Type.field`.
    private func part(named name: String) -> String? {
        var entries: [(name: String, text: String)] = []
        for function in registry.functions {
            guard let parameter = function.parameters.first(where: { $0.name == name }) else { continue }
            entries.append((function.name, parameter.documentation))
        }
        let count = entries.count
        for type in registry.typeNames {
            let found = registry.fields(of: type)?.first { $0.name == name || "\(type).\($0.name)" == name }
            if let found { entries.append((type, found.summary)) }
        }
        guard !entries.isEmpty else { return nil }
        let what = count == 0 ? "field" : count == entries.count ? "parameter" : "parameter or field"
        return (["`\(name)` is a \(what) of", ""] + columns(entries)).joined(separator: "\n") + "\n"
    }

    /// Everything that help is there for.
    private var allNames: [String] {
        let fields = registry.typeNames.flatMap { type in
            (registry.fields(of: type) ?? []).flatMap { [$0.name, "\(type).\($0.name)"] }
        }
        return registry.functions.flatMap { [$0.name, $0.shortName] + $0.parameters.map(\.name) }
            + registry.namespaces + registry.typeNames + sessionNames + fields
    }

    /// A function of the session: how it is called, and the comment above or behind it.
    private func text(for function: FunctionObject) -> String {
        let comment = function.comment.isEmpty ? ["A function of this session."] : function.comment
        let lines = [function.signature(named: name(function)), ""] + comment.map { wrapped("  " + $0, indent: 2) }
        return lines.joined(separator: "\n") + "\n"
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
        lines += function.example.split(separator: "\n").flatMap { folded(String($0), columns: width - 4) }
            .map { "    " + $0 }
        if !function.seeAlso.isEmpty {
            lines += ["", wrapped("  See also: " + function.seeAlso.joined(separator: ", "), indent: 4)]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A line of code broken behind commas in brackets, where a script may be broken, too.
    private func folded(_ line: String, columns: Int) -> [String] {
        guard line.columns > columns else { return [line] }
        var (depth, place) = (0, 0)
        let bytes = Array(line.utf8)
        for piece in Highlighter(line).spans where piece.span.end <= columns {
            if piece.kind == .opening { depth += 1 }
            if piece.kind == .closing { depth -= 1 }
            if depth > 0, bytes[piece.span.start] == UInt8(ascii: ",") { place = piece.span.end }
        }
        guard place > 0 else { return [line] }
        let rest = String(decoding: bytes[place...], as: UTF8.self).drop { $0 == " " }
        let margin = String(line.prefix { $0 == " " }) + "    "
        guard rest.columns + margin.count < line.columns else { return [line] }
        return [String(decoding: bytes[..<place], as: UTF8.self)] + folded(margin + String(rest), columns: columns)
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
        let listed = registry.topics.map { topic in
            (topic.title, topic.names.filter { registry.function(named: $0)?.namespace == nil })
        }
        let others = registry.functions.filter { function in
            function.namespace == nil && !listed.contains { $0.1.contains(function.name) }
        }.map(\.name)
        let topics = (listed + [("Others", others)]).filter { !$0.1.isEmpty }
        return (["Functions; `help(name)` says more, `apropos(\"word\")` searches"]
            + columns(topics.map { ($0.0, $0.1.joined(separator: ", ")) })).joined(separator: "\n") + "\n"
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
