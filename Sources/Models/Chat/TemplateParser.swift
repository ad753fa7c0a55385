/// Reads the parts of a chat template as statements and expressions, with the precedence that Jinja gives them.
struct TemplateParser {
    private let parts: [TemplateLexer.Part]
    private var part = 0
    private var tokens: [TemplateLexer.Token] = []
    var place = 0
    var depth = 0

    static func nodes(of template: String) throws -> [TemplateNode] {
        var parser = TemplateParser(parts: try TemplateLexer.parts(of: template))
        return try parser.block(until: []).nodes
    }

    private init(parts: [TemplateLexer.Part]) { self.parts = parts }

    var line: Int { place < tokens.count ? tokens[place].line : tokens.last?.line ?? 1 }

    // MARK: Statements

    /// Statements up to one that begins with one of the words, which is taken, or to the end.
    mutating func block(until ends: [String]) throws -> (nodes: [TemplateNode], end: String?) {
        try nested()
        defer { depth -= 1 }
        var nodes: [TemplateNode] = []
        while part < parts.count {
            let present = parts[part]
            part += 1
            switch present {
            case .text(let text): nodes.append(.text(text))
            case .output(let tokens):
                begin(tokens)
                nodes.append(.output(try whole()))
            case .statement(let tokens):
                begin(tokens)
                let word = try name()
                if ends.contains(word) { return (nodes, word) }
                nodes += try statement(word)
            }
        }
        if let wanted = ends.last { throw TemplateError.unknown("a block without `\(wanted)`", line) }
        return (nodes, nil)
    }

    mutating func statement(_ word: String) throws -> [TemplateNode] {
        switch word {
        case "if": return [try condition()]
        case "for": return [try loop()]
        case "set": return [try assignment()]
        case "macro": return [try macro()]
        case "break", "continue":
            try end()
            return [.exit(word == "break" ? .end : .next)]
        case "generation":
            // Marks what the assistant says; it renders as it stands.
            try end()
            return try block(until: ["endgeneration"]).nodes
        default: throw TemplateError.unknown("the statement `\(word)`", line)
        }
    }

    mutating func condition() throws -> TemplateNode {
        var branches: [(test: TemplateExpression, body: [TemplateNode])] = []
        var test = try whole()
        while true {
            let (body, end) = try block(until: ["elif", "else", "endif"])
            branches.append((test, body))
            if end == "elif" {
                test = try whole()
                continue
            }
            try self.end()
            guard end == "else" else { return .condition(branches, otherwise: []) }
            let otherwise = try block(until: ["endif"]).nodes
            try self.end()
            return .condition(branches, otherwise: otherwise)
        }
    }

    mutating func loop() throws -> TemplateNode {
        var names = [try name()]
        while take(",") { names.append(try name()) }
        guard takeWord("in") else { throw TemplateError.unknown("a loop without `in`", line) }
        // Not a conditional expression: `if` filters the loop.
        let over = try either()
        let filter = takeWord("if") ? try expression() : nil
        try end()
        let (body, word) = try block(until: ["else", "endfor"])
        try end()
        var otherwise: [TemplateNode] = []
        if word == "else" {
            otherwise = try block(until: ["endfor"]).nodes
            try end()
        }
        return .loop(TemplateLoop(names: names, over: over, filter: filter, body: body, otherwise: otherwise))
    }

    mutating func assignment() throws -> TemplateNode {
        let name = try name()
        let attribute = take(".") ? try self.name() : nil
        if take("=") { return .set(name: name, attribute: attribute, try whole()) }
        try end()
        let body = try block(until: ["endset"]).nodes
        try end()
        return .capture(name: name, body)
    }

    mutating func macro() throws -> TemplateNode {
        let name = try name()
        var parameters: [(name: String, preset: TemplateExpression?)] = []
        try require("(")
        while !take(")") {
            let parameter = try self.name()
            parameters.append((parameter, take("=") ? try expression() : nil))
            if !take(",") {
                try require(")")
                break
            }
        }
        try end()
        let body = try block(until: ["endmacro"]).nodes
        return .macro(name: name, TemplateMacro(parameters: parameters, body: body))
    }

    // MARK: Tokens

    mutating func begin(_ tokens: [TemplateLexer.Token]) { (self.tokens, place) = (tokens, 0) }

    func kind(_ ahead: Int) -> TemplateLexer.Token.Kind? {
        place + ahead < tokens.count ? tokens[place + ahead].kind : nil
    }

    func isWord(_ word: String, ahead: Int = 0) -> Bool { kind(ahead) == .name(word) }

    mutating func takeWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        place += 1
        return true
    }

    mutating func take(_ symbol: String) -> Bool {
        guard kind(0) == .symbol(symbol) else { return false }
        place += 1
        return true
    }

    mutating func require(_ symbol: String) throws {
        guard take(symbol) else { throw TemplateError.unknown("no `\(symbol)` where one is needed", line) }
    }

    mutating func name() throws -> String {
        guard case .name(let name)? = kind(0) else { throw TemplateError.unknown("no name where one is needed", line) }
        place += 1
        return name
    }

    func end() throws {
        guard place >= tokens.count else { throw TemplateError.unknown("more in a tag than belongs there", line) }
    }

    /// Counts how deep the template is nested, so that a hostile one does not fill the stack.
    mutating func nested() throws {
        depth += 1
        if depth > 100 { throw TemplateError.unknown("more than 100 levels", line) }
    }
}
