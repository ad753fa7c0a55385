import Interruption

/// One rendering of a chat template.
struct TemplateRun {
    /// The names of each loop and call that is under way, innermost last.
    private var scopes: [[String: TemplateValue]]
    private var output = ""
    private var depth = 0
    /// Seconds since 1970.
    private let now: Int
    /// More text than any context holds by far.
    static let mostBytes = 1 << 26

    /// - Throws: `ModelError` for what the template refuses or this program does not do, `Interrupted`.
    static func render(_ nodes: [TemplateNode], _ names: [String: TemplateValue], now: Int) throws -> String {
        var run = TemplateRun(scopes: [names], now: now)
        try run.perform(nodes)
        return run.output
    }

    private init(scopes: [[String: TemplateValue]], now: Int) {
        self.scopes = scopes
        self.now = now
    }

    // MARK: Statements

    private mutating func perform(_ nodes: [TemplateNode]) throws {
        for node in nodes {
            switch node {
            case .text(let text): try write(text)
            case .output(let expression): try write(TemplateFunctions.text(try value(expression)))
            case .condition(let branches, let otherwise):
                try perform(try branches.first { try value($0.test).isTrue }?.body ?? otherwise)
            case .loop(let loop): try perform(loop)
            case .set(let name, nil, let expression): scopes[scopes.count - 1][name] = try value(expression)
            case .set(let name, let attribute?, let expression):
                guard case .namespace(let namespace)? = find(name) else {
                    throw TemplateError.refused("`\(name)` is no namespace")
                }
                namespace.members[attribute] = try value(expression)
            case .capture(let name, let body):
                scopes[scopes.count - 1][name] = .string(try captured { try $0.perform(body) })
            case .macro(let name, let macro): scopes[scopes.count - 1][name] = .macro(macro)
            case .exit(let exit): throw exit
            }
        }
    }

    private mutating func write(_ text: String) throws {
        output += text
        guard output.utf8.count <= Self.mostBytes else { throw TemplateError.refused("it would write 64 MiB of text") }
    }

    private mutating func captured(_ body: (inout TemplateRun) throws -> Void) throws -> String {
        let before = output
        output = ""
        defer { output = before }
        try body(&self)
        return output
    }

    private mutating func perform(_ loop: TemplateLoop) throws {
        var elements = try TemplateFunctions.elements(try value(loop.over))
        scopes.append([:])
        defer { scopes.removeLast() }
        if let filter = loop.filter {
            var kept: [TemplateValue] = []
            for element in elements {
                try bind(loop.names, element)
                if try value(filter).isTrue { kept.append(element) }
            }
            elements = kept
        }
        if elements.isEmpty { return try perform(loop.otherwise) }
        for (index, element) in elements.enumerated() {
            try Interruption.check()
            scopes[scopes.count - 1] = [:]
            try bind(loop.names, element)
            scopes[scopes.count - 1]["loop"] = .map([
                ("index", .int(index + 1)), ("index0", .int(index)), ("first", .bool(index == 0)),
                ("last", .bool(index == elements.count - 1)), ("length", .int(elements.count)),
                ("revindex", .int(elements.count - index)), ("revindex0", .int(elements.count - index - 1)),
                ("previtem", index > 0 ? elements[index - 1] : .undefined),
                ("nextitem", index + 1 < elements.count ? elements[index + 1] : .undefined),
            ])
            do {
                try perform(loop.body)
            } catch let exit as TemplateExit {
                if exit == .end { break }
            }
        }
    }

    private mutating func bind(_ names: [String], _ element: TemplateValue) throws {
        guard names.count > 1 else {
            scopes[scopes.count - 1][names[0]] = element
            return
        }
        let parts = try TemplateFunctions.elements(element)
        guard parts.count == names.count else { throw TemplateError.refused("a loop's elements do not fit its names") }
        for (name, part) in zip(names, parts) { scopes[scopes.count - 1][name] = part }
    }

    private func find(_ name: String) -> TemplateValue? {
        for scope in scopes.reversed() { if let value = scope[name] { return value } }
        return nil
    }

    // MARK: Expressions

    private mutating func value(_ expression: TemplateExpression) throws -> TemplateValue {
        switch expression {
        case .literal(let value): return value
        case .name(let name, _): return find(name) ?? (Self.functions.contains(name) ? .none : .undefined)
        case .list(let elements): return .list(try elements.map { try value($0) })
        case .map(let members):
            return .map(try members.map { (TemplateFunctions.text(try value($0.key)), try value($0.value)) })
        case .member(let base, let key, let line):
            return try TemplateFunctions.member(try value(base), try value(key), line)
        case .slice(let base, let from, let to, let step):
            return try TemplateFunctions.slice(try value(base), try bound(from), try bound(to), try bound(step) ?? 1)
        case .call(let function, let arguments, let line): return try call(function, arguments, line)
        case .filter(let base, let name, let arguments, let line):
            return try TemplateFunctions.filter(name, try value(base), try arguments.places.map { try value($0) }, line)
        case .test(let base, let name, let arguments, let line):
            let isTrue = try TemplateFunctions.test(name, try value(base), try arguments.map { try value($0) }, line)
            return .bool(isTrue)
        case .not(let operand): return .bool(!(try value(operand).isTrue))
        case .negative(let operand, let line):
            guard case .int(let number) = try value(operand) else { throw TemplateError.unknown("a `-`", line) }
            return .int(0 &- number)
        case .binary("and", let left, let right, _):
            let first = try value(left)
            return first.isTrue ? try value(right) : first
        case .binary("or", let left, let right, _):
            let first = try value(left)
            return first.isTrue ? first : try value(right)
        case .binary(let symbol, let left, let right, let line):
            return try TemplateFunctions.binary(symbol, try value(left), try value(right), line)
        case .conditional(let then, let test, let otherwise):
            if try value(test).isTrue { return try value(then) }
            return try otherwise.map { try value($0) } ?? .undefined
        }
    }

    /// What templates ask for whether it is there.
    private static let functions: Set<String> = ["namespace", "dict", "raise_exception", "strftime_now"]

    private mutating func bound(_ expression: TemplateExpression?) throws -> Int? {
        guard let expression else { return nil }
        switch try value(expression) {
        case .int(let number): return number
        case .none: return nil
        default: throw TemplateError.refused("a slice's bound is no whole number")
        }
    }

    private mutating func call(
        _ function: TemplateExpression, _ arguments: TemplateArguments, _ line: Int
    ) throws -> TemplateValue {
        let places = try arguments.places.map { try value($0) }
        if case .member(let base, .literal(.string(let method)), _) = function {
            return try TemplateFunctions.method(method, of: try value(base), places, line)
        }
        guard case .name(let name, _) = function else { throw TemplateError.unknown("a call", line) }
        let names = try arguments.names.map { ($0.name, try value($0.value)) }
        if case .macro(let macro)? = find(name) { return .string(try run(macro, places, names)) }
        switch (name, places.first) {
        case ("namespace", nil):
            return .namespace(TemplateNamespace(Dictionary(names, uniquingKeysWith: { $1 })))
        case ("dict", nil): return .map(names.map { (key: $0.0, value: $0.1) })
        case ("raise_exception", let reason?): throw TemplateError.refused(TemplateFunctions.text(reason))
        case ("strftime_now", .string(let format)?): return .string(ChatTemplate.date(format, at: now))
        default: throw TemplateError.unknown("the function `\(name)`", line)
        }
    }

    private mutating func run(
        _ macro: TemplateMacro, _ places: [TemplateValue], _ names: [(String, TemplateValue)]
    ) throws -> String {
        depth += 1
        defer { depth -= 1 }
        guard depth < 50 else { throw TemplateError.refused("its macros call each other without end") }
        var scope: [String: TemplateValue] = [:]
        for (index, parameter) in macro.parameters.enumerated() {
            scope[parameter.name] =
                index < places.count
                ? places[index] : try parameter.preset.map { try value($0) } ?? .undefined
        }
        for (name, value) in names { scope[name] = value }
        // A macro sees what the template defines outside loops.
        let before = scopes
        scopes = [before[0], scope]
        defer { scopes = before }
        return try captured { try $0.perform(macro.body) }
    }
}
