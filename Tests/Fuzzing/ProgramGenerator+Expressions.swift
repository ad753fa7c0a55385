extension ProgramGenerator {
    /// An expression of any kind.
    mutating func value(_ depth: Int) -> String { expression(random.pick(Kind.allCases), depth) }

    mutating func expression(_ kind: Kind, _ depth: Int) -> String {
        if let slip = slip() { return slip }
        if isInFunction, random.once(in: 8), let text = ofLocals(kind) { return text }
        if random.below(5) == 0 { return wrapped(kind, depth) }
        if random.below(3) == 0, let name = variable(kind) { return name }
        switch kind {
        case .int: return int(depth)
        case .float: return float(depth)
        case .bool: return bool(depth)
        case .string: return string(depth)
        case .list: return list(depth)
        case .record: return record(depth)
        case .range: return random.once(in: 2) ? "(\(int(depth + 2))..\(int(depth + 2)))" : "(0..=\(random.int(0...9)))"
        case .function: return function(depth)
        case .null: return "nil"
        }
    }

    /// An operator between two names of the function itself, for which the compiler has instructions of their own.
    private mutating func ofLocals(_ kind: Kind) -> String? {
        guard let number = ownVariable(.int) else { return nil }
        switch kind {
        case .int: return ownVariable(.int).map { "(\(number) \(random.pick(["+", "-", "*", "//", "%"])) \($0))" }
        case .float: return ownVariable(.float).map { "(\(number) \(random.pick(["+", "-", "*", "/"])) \($0))" }
        case .bool: return ownVariable(.int).map { "(\(number) \(random.pick(["<", "<=", ">", ">=", "==", "!="])) \($0))" }
        case .string: return ownVariable(.string).map { "\($0)[\(number)]" }
        default: return ownVariable(.list).map { "\($0)[\(number)]" }
        }
    }

    /// Forms that give what is inside them.
    private mutating func wrapped(_ kind: Kind, _ depth: Int) -> String {
        guard room(depth) else { return expression(kind, 9) }
        switch random.below(9) {
        case 0: return "(\(expression(kind, depth + 1)))"
        case 1: return "(if \(bool(depth + 1)) { \(expression(kind, depth + 1)) } else { \(expression(kind, depth + 1)) })"
        case 2: return "(try { \(expression(kind, depth + 1)) } catch e { \(expression(kind, depth + 1)) })"
        case 3: return "[\(expression(kind, depth + 1)), \(value(depth + 1))][0]"
        case 4: return "{a: \(expression(kind, depth + 1))}.a"
        case 5: return "(x -> \(inLambda { $0.expression(kind, depth + 1) }))(\(value(depth + 1)))"
        case 6: return "(\(value(depth + 1)) |> (x -> \(inLambda { $0.expression(kind, depth + 1) })))"
        case 7: return natives.call(giving: kind, &self, depth + 1)
        default: return "(no_grad { \(expression(kind, depth + 1)) })"
        }
    }

    /// Inside of a function that takes `x`, of which nothing is known.
    private mutating func inLambda(_ body: (inout ProgramGenerator) -> String) -> String {
        let outerLoops = loops
        loops = 0
        scopes.append([])
        defer {
            scopes.removeLast()
            loops = outerLoops
        }
        return body(&self)
    }

    // MARK: - Numbers and truth

    private static let integers = [
        "0", "1", "-1", "2", "3", "7", "-8", "10", "64", "255", "1_000", "0xff", "0b101", "4194303", "4194304",
        "-4194304", "9223372036854775807", "-9223372036854775807", "(-9223372036854775807 - 1)",
    ]
    private static let floats = [
        "0.0", "-0.0", "0.5", "1.0", "-1.5", "1e308", "5e-324", "1e16", "2e-4", "inf", "-inf", "nan", "pi",
        "9.223372036854775807e18", "0.1",
    ]

    mutating func int(_ depth: Int) -> String {
        guard room(depth) else { return random.once(in: 8) ? random.pick(Self.integers) : "\(random.int(-9...20))" }
        switch random.below(8) {
        case 0...3:
            if random.once(in: 20) { return "(+\(expression(.int, depth + 1)))" }
            let op = random.pick(["+", "-", "*", "//", "%"])
            let isDivision = op == "//" || op == "%"
            let right = isDivision && random.below(4) > 0 ? "\(random.int(1...9))" : expression(.int, depth + 1)
            return "(\(expression(.int, depth + 1)) \(op) \(right))"
        case 4: return "(\(expression(.int, depth + 1)) ** \(random.int(0...4)))"
        case 5: return "-\(expression(.int, depth + 1))"
        case 6: return natives.call(giving: .int, &self, depth + 1)
        default: return "len(\(expression(random.pick([.list, .string, .record, .range]), depth + 1)))"
        }
    }

    mutating func float(_ depth: Int) -> String {
        guard room(depth) else { return random.pick(Self.floats) }
        switch random.below(4) {
        case 0: return "(\(expression(.int, depth + 1)) / \(expression(.float, depth + 1)))"
        case 1: return natives.call(giving: .float, &self, depth + 1)
        default:
            let op = random.pick(["+", "-", "*", "/", "//", "%", "**"])
            return "(\(expression(.float, depth + 1)) \(op) \(expression(random.once(in: 2) ? .int : .float, depth + 1)))"
        }
    }

    mutating func bool(_ depth: Int) -> String {
        guard room(depth) else { return random.pick(["true", "false"]) }
        let kind = random.pick([Kind.int, .float, .string, .list])
        switch random.below(8) {
        case 0: return "(\(expression(.bool, depth + 1)) and \(expression(.bool, depth + 1)))"
        case 1: return "(\(expression(.bool, depth + 1)) or not \(expression(.bool, depth + 1)))"
        case 2: return "(\(int(depth + 1)) < \(int(depth + 1)) <= \(int(depth + 1)))"
        case 3: return "(\(value(depth + 1)) \(random.pick(["==", "!="])) \(value(depth + 1)))"
        case 4:
            return "(\(value(depth + 1)) \(random.pick(["in", "not in"])) \(expression(random.pick([.list, .record, .range]), depth + 1)))"
        case 5: return natives.call(giving: .bool, &self, depth + 1)
        default:
            let op = random.pick(["<", "<=", ">", ">=", "==", "!="])
            return "(\(expression(kind, depth + 1)) \(op) \(expression(kind, depth + 1)))"
        }
    }

    // MARK: - Text

    private static let strings = [
        "\"\"", "\"a\"", "\"bridge\"", "'it'", "r\"raw\\{x}\"", "\"\"\"two\nlines\"\"\"", "\"äöü€\"", "\"e\\u0301\"",
        "\"👩‍👩‍👧\"", "\"a,b,,c\"", "\"\\n\\t\\\\\"", "\"12\"", "\"-1.5e3\"", "\"\\x00\"", "\"\\{braces}\"",
    ]

    mutating func string(_ depth: Int) -> String {
        guard room(depth) else { return random.pick(Self.strings) }
        switch random.below(6) {
        case 0: return "(\(expression(.string, depth + 1)) + \(expression(.string, depth + 1)))"
        case 1: return "(\(expression(.string, depth + 1)) * \(random.int(-1...4)))"
        case 2: return natives.call(giving: .string, &self, depth + 1)
        case 3: return "\(expression(.string, depth + 1))[\(random.once(in: 2) ? index() : slice(depth))]"
        default: return template(depth)
        }
    }

    /// Interpolations hold no strings of the same quotes here, so that they can stand anywhere.
    private mutating func template(_ depth: Int) -> String {
        var text = "\""
        for _ in 0..<random.int(1...3) {
            text += random.pick(["", "a ", "= ", "€"])
            let known = scopes
            let inner = expression(random.pick([.int, .float, .int, .float, .list]), depth + 2)
            guard !inner.contains("\"") && !inner.contains("\n") else {
                scopes = known
                continue
            }
            text += "{\(inner)\(random.once(in: 2) ? ":" + format() : "")}"
        }
        return text + "\""
    }

    private mutating func format() -> String {
        if random.once(in: 12) { return random.pick(["zz", ".", "99999999999999999999", "é>5", "{3}.{2}f", "10001"]) }
        var text = random.pick(["", "<", ">", "^", "=", "*<", "0>"]) + random.pick(["", "+", " ", "-"])
        text += random.pick(["", "#"]) + random.pick(["", "0"]) + random.pick(["", "1", "8", "40"])
        text += random.pick(["", ",", "_"]) + random.pick(["", "", ".0", ".3", ".20"])
        return text + (random.once(in: 4) ? random.pick(["x", "b", "s", "c", "d", "o"]) : random.pick(["", "f", "e", "g", "%", "n", "G"]))
    }

    // MARK: - Collections and functions

    mutating func list(_ depth: Int) -> String {
        guard room(depth) else { return random.pick(["[]", "[1, 2, 3]", "[[1, 2], [3]]", "[1, \"a\", nil, 2.5]", "list(0..5)"]) }
        switch random.below(8) {
        case 0, 1: return "[" + (0..<random.int(0...4)).map { _ in value(depth + 1) }.joined(separator: ", ") + "]"
        case 2: return comprehension(depth)
        case 3: return "(\(expression(.list, depth + 1)) + \(expression(.list, depth + 1)))"
        case 4: return "(\(expression(.list, depth + 1)) * \(random.int(-1...3)))"
        case 5: return "\(expression(.list, depth + 1))[\(slice(depth))]"
        case 6: return "(\(forLoop(3)))"
        default: return natives.call(giving: .list, &self, depth + 1)
        }
    }

    private mutating func comprehension(_ depth: Int) -> String {
        let names = ["i", "j"].prefix(random.int(1...2))
        let clauses = names.map { "for \($0) in \(random.once(in: 3) ? list(depth + 2) : "0..\(random.int(0...5))")" }
        let filter = random.once(in: 2) ? " if \(names[0]) != \(value(depth + 2))" : ""
        let body = random.once(in: 2) ? "() -> \(names[0])" : random.once(in: 2) ? names[0] : value(depth + 1)
        return "[\(body) \(clauses.joined(separator: " "))\(filter)]"
    }

    mutating func record(_ depth: Int) -> String {
        guard room(depth) else { return random.pick(["{}", "{n: 1}", "{n: 0, a: [1]}", "{\"two words\": 2, n: 3}"]) }
        if random.once(in: 8) { return "[{n: 1, t: \"a\"}, {n: \(int(depth + 1)), t: \(string(depth + 1))}][\(random.int(-1...1))]" }
        var keys = ["n", "a", "b", "self", "\"x y\"", "for"]
        let count = random.int(0...4)
        let fields = (0..<count).map { _ in "\(keys.remove(at: random.below(keys.count))): \(value(depth + 1))" }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    mutating func field() -> String { random.pick(["n", "a", "b", "self", "f", "message"]) }

    mutating func index() -> String { random.once(in: 4) ? random.pick(Self.integers) : "\(random.int(-3...3))" }

    mutating func slice(_ depth: Int) -> String {
        func bound(_ generator: inout ProgramGenerator) -> String { generator.random.once(in: 3) ? "" : generator.index() }
        let text = "\(bound(&self)):\(bound(&self))"
        return random.once(in: 3) ? text + ":" + index() : text
    }

    mutating func function(_ depth: Int) -> String {
        switch random.below(5) {
        case 0: return natives.name(&random)
        case 1: return "(x -> \(inLambda { $0.value(depth + 2) }))"
        case 2: return "((x, y = 2) -> x)"
        case 3:
            let parameters = self.parameters(depth)
            return "fn (\(parameters.text)) \(functionBlock(max(depth, 3), parameters.variables))"
        default: return "(() -> \(inLambda { $0.value(depth + 2) }))"
        }
    }
}
