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

/// Completion. It reads the registry, the types of bound values and the names in folders, and never runs anything, so
/// that Tab is as quick beside a large model as it is in an empty session.
package struct Completer {
    private let interpreter: Interpreter
    private var registry: Registry { interpreter.registry }

    package init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    /// - Parameter cursor: an offset into `text` in UTF-8 bytes.
    package func answer(text: String, cursor: Int, columns: Int) -> CompletionAnswer {
        let prefix = String(decoding: text.utf8.prefix(cursor), as: UTF8.self)
        let line = prefix.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        if line.allSatisfy(\.isWhitespace) { return CompletionAnswer(insertion: Indentation.blanks) }
        if let (candidates, word) = commandCandidates(prefix) {
            return answer(candidates, typed: word, quote: nil, columns)
        }
        let typed = TypedText(String(prefix.drop { $0 == "?" }))
        if let string = typed.string {
            let isClosed = text.utf8.dropFirst(cursor).first == string.quote.asciiValue
            let found = inString(string.text, typed)
            return answer(found, typed: string.text, quote: isClosed ? nil : string.quote, columns)
        }
        // `name?` is whole.
        if typed.isCode, prefix.hasSuffix("?"), prefix.contains(where: { $0 != "?" }) { return CompletionAnswer() }
        return answer(candidates(for: typed), typed: typed.word, quote: nil, columns)
    }

    /// - Parameter quote: put behind the only candidate where that is whole.
    private func answer(
        _ candidates: [Candidate], typed word: String, quote: Character?, _ columns: Int
    ) -> CompletionAnswer {
        guard let first = candidates.first else { return CompletionAnswer() }
        if candidates.count == 1 {
            let end = first.name.hasSuffix("/") ? "" : quote.map(String.init) ?? ""
            return CompletionAnswer(insertion: first.name.dropFirst(word.count) + first.suffix + end)
        }
        // What the first and the last in order have in common, all between them have.
        let (least, most) = candidates.dropFirst().reduce((first.name, first.name)) {
            (min($0.0, $1.name), max($0.1, $1.name))
        }
        let common = least.commonPrefix(with: most)
        if common.count > word.count { return CompletionAnswer(insertion: String(common.dropFirst(word.count))) }
        return CompletionAnswer(listing: CandidateListing(columns: columns).text(candidates))
    }

    /// Everything that can stand at the cursor and begins with the word there.
    package func candidates(for typed: TypedText) -> [Candidate] {
        if let string = typed.string { return inString(string.text, typed) }
        guard typed.isCode, !typed.followsValue else { return [] }
        var found: [Candidate]
        if let subject = typed.subject {
            found = members(of: subject).filter { $0.name.hasPrefix(typed.word) }
        } else {
            found = arguments(typed.call).filter { $0.name.hasPrefix(typed.word) }
            if !typed.word.isEmpty || found.isEmpty { found += names(typed.word) }
        }
        return found
    }

    /// What can stand in a command of the prompt, with the word that it goes on from; nil where code stands there.
    private func commandCandidates(_ text: String) -> ([Candidate], word: String)? {
        guard text.first == "%" else { return nil }
        let word = String(text.reversed().prefix { !$0.isWhitespace }.reversed())
        if word.count == text.count {
            let found = PromptCommand.all.map { Candidate(name: "%" + $0.name, suffix: " ", summary: $0.summary) }
            return (found.filter { $0.name.hasPrefix(word) }.sorted { $0.name < $1.name }, word)
        }
        switch PromptCommand.parts(of: text).flatMap({ PromptCommand.named($0.name) })?.argument {
        case .code, nil: return nil
        case .file(let words): return (Self.beginning(with: word, words) + FileNames.beginning(with: word), word)
        case .name:
            let names = interpreter.userNames.filter { $0.name.hasPrefix(word) }
            return (names.map { Candidate(name: $0.name, summary: Self.describe($0.value)) }, word)
        case .words(let words): return (Self.beginning(with: word, words), word)
        }
    }

    private static func beginning(with word: String, _ words: [String]) -> [Candidate] {
        words.filter { $0.hasPrefix(word) }.map { Candidate(name: $0) }
    }

    // MARK: Strings

    /// The fields of the record that is indexed; or the texts that a parameter is known to take, and paths of files.
    private func inString(_ text: String, _ typed: TypedText) -> [Candidate] {
        if let subject = typed.indexed, let record = value(of: subject)?.asRecord {
            let fields = record.pairs.filter { $0.0.hasPrefix(text) }
            return fields.map { Candidate(name: $0.0, summary: Self.describe($0.1)) }
        }
        guard let call = typed.call, let callable = callable(call.path) else { return FileNames.beginning(with: text) }
        if call.path == ["help"] {
            return registry.functions.filter { $0.name.hasPrefix(text) }.map {
                Candidate(name: $0.name, summary: $0.summary)
            }
        }
        let parameter = call.parameter(among: callable.parameters, name: \.name)
        let paths = parameter?.takesOtherTexts ?? true ? FileNames.beginning(with: text) : []
        return Self.beginning(with: text, parameter?.choices ?? []) + paths
    }

    // MARK: Names

    private func names(_ word: String) -> [Candidate] {
        let matching = interpreter.boundNames.filter { $0.utf8.starts(with: word.utf8) }.sorted()
        let isExplained = matching.count <= CandidateListing.explainedLimit
        let bound = matching.map { name in
            let value = isExplained ? interpreter.value(named: name) : nil
            return Candidate(name: name, summary: value.map(Self.describe) ?? "")
        }
        var seen: Set<String> = []
        let library = registry.globalNames.filter { name in
            name.hasPrefix(word) && interpreter.value(named: name) == nil && seen.insert(name).inserted
        }
        let words = Highlighter.keywords.filter { $0.hasPrefix(word) }
        return bound + library.map { Candidate(name: $0, summary: summary(of: $0)) }
            + words.map { Candidate(name: $0, summary: "keyword") }
    }

    private func summary(of global: String) -> String {
        if let function = registry.function(named: global) { return function.summary }
        if let constant = registry.constants[global] { return Self.describe(constant) }
        return "namespace of \(registry.members(of: global).count) functions"
    }

    private static func describe(_ value: Value) -> String {
        (value.object as? FunctionObject)?.signature ?? value.typeName
    }

    // MARK: Members

    private func members(of subject: TypedText.Subject) -> [Candidate] {
        switch subject {
        case .other: return []
        case .result(let callee):
            guard let returns = callable(callee)?.returns else { return [] }
            return fields(of: returns) + methods(of: returns)
        case .element, .member: return value(of: subject).map { members(of: $0) } ?? []
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
            let known = fields(of: native.typeName)
            let others = native.memberNames.filter { name in !known.contains { $0.name == name } }
            return known + others.map { Candidate(name: $0, summary: "field") } + methods(of: native.typeName)
        default:
            return methods(of: object.typeName)
        }
    }

    private func methods(of typeName: String) -> [Candidate] {
        registry.methods(of: typeName).map {
            Candidate(name: $0, summary: registry.method($0, of: typeName)?.summary ?? "")
        }
    }

    private func fields(of typeName: String) -> [Candidate] {
        (registry.type(named: typeName)?.fields ?? []).map { Candidate(name: $0.name, summary: $0.summary) }
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

    /// The value of a subject as far as it is known without running anything.
    private func value(of subject: TypedText.Subject) -> Value? {
        switch subject {
        case .path(let names): return value(names)
        case .member(let base, let name): return value(of: base)?.asRecord?[name]
        case .element(let base, let index): return element(of: base, index.trimmed)
        case .result, .other: return nil
        }
    }

    /// An element of a list, the first where the index is no number; a record's field.
    private func element(of base: TypedText.Subject, _ index: String) -> Value? {
        switch value(of: base)?.object {
        case let record as RecordObject:
            return "\"'".contains(index.first ?? " ") ? record[String(index.dropFirst().dropLast())] : nil
        case let list as ListObject:
            let number = Int(index) ?? 0
            let place = number < 0 ? number + list.count : number
            return list.elements.indices.contains(place) ? list.elements[place] : list.elements.first
        default: return firstElement(ofField: base)
        }
    }

    /// Of a native object's list, which is not made for this.
    private func firstElement(ofField subject: TypedText.Subject) -> Value? {
        guard case .path(let names) = subject, names.count > 1, let owner = value(Array(names.dropLast()))?.object
        else { return nil }
        return (owner as? NativeObject)?.firstElement(of: names[names.count - 1])
    }

    // MARK: Arguments

    private func arguments(_ call: TypedText.OpenCall?) -> [Candidate] {
        guard let call, !call.isValue, let callable = callable(call.path) else { return [] }
        return callable.parameters.dropFirst(call.positional).compactMap { parameter in
            guard !parameter.isVariadic, !call.named.contains(parameter.name) else { return nil }
            let summary = callable.defaults[parameter.name].map { "= " + $0 } ?? Self.summary(of: parameter)
            return Candidate(name: parameter.name, suffix: ": ", summary: summary)
        }
    }

    private static func summary(of parameter: Parameter) -> String {
        var text = parameter.type.description
        if let value = parameter.defaultValue, !value.isNull { text += " = " + Printer.repr(value) }
        return parameter.documentation.isEmpty ? text : text + ": " + parameter.documentation
    }

    private struct Callable {
        var parameters: [Parameter]
        /// Of a script's function, as they are written.
        var defaults: [String: String] = [:]
        var returns: String?
    }

    /// The function that a path names: the value of a bound name, a method of one, or the library's.
    private func callable(_ path: [String]) -> Callable? {
        if let bound = value(path)?.object { return callable(bound) }
        if path.count > 1, let receiver = value(Array(path.dropLast())) {
            return registry.method(path[path.count - 1], of: receiver.typeName).map(callable)
        }
        guard interpreter.value(named: path[0]) == nil else { return nil }
        return registry.function(named: path.joined(separator: ".")).map(callable)
    }

    private func callable(_ function: NativeFunction) -> Callable {
        Callable(parameters: function.parameters, returns: function.returns)
    }

    private func callable(_ object: Object) -> Callable? {
        switch object {
        case let native as NativeFunctionObject: return callable(native.function)
        case let function as FunctionObject:
            let parameters = function.parameters.map { parameter in
                Parameter(name: parameter.name, isOptional: parameter.defaultText != nil)
            }
            let defaults = function.parameters.compactMap { parameter in
                parameter.defaultText.map { (parameter.name, $0) }
            }
            return Callable(
                parameters: parameters, defaults: Dictionary(defaults) { first, _ in first }, returns: nil)
        default: return nil
        }
    }
}

extension String {
    /// The letters that both begin with.
    func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}
