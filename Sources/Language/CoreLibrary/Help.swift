import Spelling

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
