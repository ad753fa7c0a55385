import Language

/// One thing that Tab can offer.
package struct Candidate: Equatable {
    package var name: String
    /// Written behind the name when it is the only one.
    package var suffix = ""
    /// One line.
    package var summary = ""

    package init(name: String, suffix: String = "", summary: String = "") {
        self.name = name
        self.suffix = suffix
        self.summary = summary
    }
}

/// Completion of names. It reads the registry and the types of bound values and never runs anything, so that Tab is as
/// quick beside a large model as it is in an empty session.
package struct Completer {
    private let interpreter: Interpreter
    private var registry: Registry { interpreter.registry }

    package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    /// - Parameter cursor: an offset into `text` in UTF-8 bytes.
    package func answer(text: String, cursor: Int, columns: Int) -> CompletionAnswer {
        let prefix = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
        let line = prefix.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        if line.allSatisfy(\.isWhitespace) { return CompletionAnswer(insertion: "    ") }
        let typed = TypedText(prefix.hasPrefix("?") ? String(prefix.dropFirst()) : prefix)
        let candidates = candidates(for: typed)
        guard let first = candidates.first else { return CompletionAnswer() }
        if candidates.count == 1 {
            return CompletionAnswer(insertion: first.name.dropFirst(typed.word.count) + first.suffix)
        }
        let common = candidates.dropFirst().reduce(first.name) { $0.commonPrefix(with: $1.name) }
        if common.count > typed.word.count {
            return CompletionAnswer(insertion: String(common.dropFirst(typed.word.count)))
        }
        return CompletionAnswer(listing: CandidateListing(columns: columns).text(candidates))
    }

    /// Everything that can stand at the cursor and begins with the word there.
    package func candidates(for typed: TypedText) -> [Candidate] {
        guard typed.isCode else { return [] }
        var found: [Candidate]
        if let subject = typed.subject {
            found = members(of: subject)
        } else {
            found = arguments(typed.call)
            if !typed.word.isEmpty || found.isEmpty { found += names() }
        }
        var seen: Set<String> = []
        return found.filter { $0.name.hasPrefix(typed.word) && seen.insert($0.name + $0.suffix).inserted }
    }

    // MARK: Names

    private func names() -> [Candidate] {
        let bound = interpreter.boundNames.sorted().map { name in
            Candidate(name: name, summary: interpreter.value(named: name).map(Self.describe) ?? "")
        }
        let library = registry.globalNames.map { Candidate(name: $0, summary: summary(of: $0)) }
        let words = Self.keywords.map { Candidate(name: $0, summary: "keyword") }
        return bound + library + words
    }

    static let keywords = [
        "and", "break", "catch", "continue", "else", "false", "fn", "for", "if", "import", "in", "nil", "no_grad", "not",
        "or", "return", "true", "try", "while",
    ]

    private func summary(of global: String) -> String {
        if let function = registry.function(named: global) { return function.summary }
        if let constant = registry.constants[global] { return Self.describe(constant) }
        return "namespace of \(registry.members(of: global).count) functions"
    }

    private static func describe(_ value: Value) -> String { value.typeName }

    // MARK: Members

    private func members(of subject: TypedText.Subject) -> [Candidate] {
        switch subject {
        case .other: return []
        case .result(let callee):
            guard let function = function(callee) else { return [] }
            return methods(of: function.returns)
        case .path(let names):
            if let value = value(names) { return members(of: value) }
            guard names.count == 1 else { return [] }
            return registry.members(of: names[0]).map {
                Candidate(name: $0, summary: registry.function(named: names[0] + "." + $0)?.summary ?? "")
            }
        }
    }

    private func members(of value: Value) -> [Candidate] {
        guard let object = value.object else { return methods(of: value.typeName) }
        switch object {
        case let record as RecordObject:
            let fields = record.pairs.map { Candidate(name: $0.0, summary: Self.describe($0.1)) }
            return fields + methods(of: record.typeName)
        case let namespace as NamespaceObject:
            return namespace.memberNames.map { name in
                Candidate(name: name, summary: namespace.member(name).map(Self.describe) ?? "")
            }
        case let native as NativeObject:
            return native.memberNames.map { Candidate(name: $0, summary: "field") } + methods(of: native.typeName)
        default:
            return methods(of: object.typeName)
        }
    }

    private func methods(of typeName: String) -> [Candidate] {
        registry.methods(of: typeName).map {
            Candidate(name: $0, summary: registry.method($0, of: typeName)?.summary ?? "")
        }
    }

    /// The value at the end of a path of bound names and record fields. Fields of native objects are not followed:
    /// asking for one may compute it.
    private func value(_ path: [String]) -> Value? {
        var value = interpreter.value(named: path[0]) ?? registry.constants[path[0]]
        for name in path.dropFirst() {
            switch value?.object {
            case let record as RecordObject: value = record[name]
            case let namespace as NamespaceObject: value = namespace.member(name)
            default: return nil
            }
        }
        return value
    }

    // MARK: Arguments

    private func arguments(_ call: TypedText.OpenCall?) -> [Candidate] {
        guard let call, !call.isValue, let function = function(call.path) else { return [] }
        return function.parameters.dropFirst(call.positional).compactMap { parameter in
            guard !parameter.isVariadic, !call.named.contains(parameter.name) else { return nil }
            return Candidate(name: parameter.name, suffix: ": ", summary: Self.summary(of: parameter))
        }
    }

    private static func summary(of parameter: Parameter) -> String {
        var text = parameter.type.description
        if let value = parameter.defaultValue, !value.isNull { text += " = " + Printer.repr(value) }
        return parameter.documentation.isEmpty ? text : text + ": " + parameter.documentation
    }

    /// The library's function that a path names: directly, as the value of a bound name, or as a method of one.
    private func function(_ path: [String]) -> NativeFunction? {
        if let bound = value(path)?.object as? NativeFunctionObject { return bound.function }
        if path.count > 1, let receiver = value(Array(path.dropLast())) {
            return registry.method(path[path.count - 1], of: receiver.typeName)
        }
        return interpreter.value(named: path[0]) == nil ? registry.function(named: path.joined(separator: ".")) : nil
    }
}

extension String {
    /// The letters that both begin with.
    func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
