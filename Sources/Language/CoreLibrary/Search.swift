/// Finds functions by what their records say.
struct Search {
    struct Found {
        var function: NativeFunction
        /// The line that is shown: the summary, or what matched elsewhere.
        var reason: String
    }

    /// More are not shown.
    static let shown = 25

    private let registry: Registry

    init(_ registry: Registry) { self.registry = registry }

    /// Functions in which every word of a text is found, the best first: names before summaries, summaries before
    /// parameters, those before the rest.
    func functions(about text: String) -> [Found] {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        guard !words.isEmpty else { return [] }
        var found: [(rank: Int, entry: Found)] = []
        for function in registry.functions {
            let matches = words.compactMap { Self.match($0, function) }
            guard matches.count == words.count, let worst = matches.max(by: { $0.rank < $1.rank }) else { continue }
            found.append((worst.rank, Found(function: function, reason: worst.reason)))
        }
        return found.sorted { ($0.rank, $0.entry.function.name) < ($1.rank, $1.entry.function.name) }.map(\.entry)
    }

    private static func match(_ word: String, _ function: NativeFunction) -> (rank: Int, reason: String)? {
        let short = function.shortName.lowercased()
        if short == word || function.name.lowercased() == word { return (0, function.summary) }
        if short.hasPrefix(word) { return (1, function.summary) }
        if holds(function.name, word) { return (2, function.summary) }
        if holds(function.summary, word) { return (3, function.summary) }
        for (rank, text) in [(4, \Parameter.name), (5, \Parameter.documentation)] {
            guard let parameter = function.parameters.first(where: { holds($0[keyPath: text], word) }) else { continue }
            let meaning = parameter.documentation.isEmpty ? "" : ": \(parameter.documentation)"
            return (rank, "takes `\(parameter.name)`\(meaning)")
        }
        return holds(function.details, word) ? (6, function.summary) : nil
    }

    private static func holds(_ text: String, _ word: String) -> Bool {
        word.utf8.count <= text.utf8.count && text.lowercased().contains(word)
    }
}
