extension ProgramGenerator {
    mutating func statement(_ depth: Int) -> String {
        budget -= 1
        guard depth < 4, budget > 0 else { return simple(depth) }
        switch random.below(24) {
        case 0, 1: return conditional(depth)
        case 2, 3: return forLoop(depth)
        case 4: return whileLoop(depth)
        case 5, 6: return definition(depth)
        case 7: return tryCatch(depth)
        case 8: return "no_grad \(block(depth))"
        case 9: return jump(depth)
        case 10: return closureFactory(depth)
        default: return simple(depth)
        }
    }

    private mutating func simple(_ depth: Int) -> String {
        switch random.below(13) {
        case 0...3:
            let kind = random.pick(Kind.allCases)
            let value = expression(kind, depth)
            return "\(bind(kind)) = \(value)"
        case 4: return augmented(depth)
        case 5: return setItem(depth)
        case 6: return unpack(depth)
        case 7, 8: return "print(\(value(depth)), \(value(depth)))"
        case 9: return "assert(\(bool(depth)), \(string(depth)))"
        case 10: return knot()
        default: return value(depth)
        }
    }

    /// `{ ... }` of a few statements; in a function the names it binds stay in scope, as in the language.
    mutating func block(_ depth: Int, last: String? = nil) -> String {
        var text = "{\n"
        for _ in 0..<random.int(0...3) { text += statement(depth + 1) + "\n" }
        return text + (last.map { $0 + "\n" } ?? "") + "}"
    }

    private mutating func conditional(_ depth: Int) -> String {
        let known = scopes[scopes.count - 1]
        var text = "if \(bool(depth)) \(block(depth))"
        if random.once(in: 3) { text += " else if \(bool(depth)) \(block(depth))" }
        if random.once(in: 2) { text += " else \(block(depth))" }
        // What one branch bound may have no value later: seldom meant.
        if !random.once(in: 10) { scopes[scopes.count - 1] = known }
        return text
    }

    mutating func forLoop(_ depth: Int) -> String {
        let sequence = random.once(in: 3) ? list(depth) : "\(random.int(-2...2))..\(random.int(0...6))"
        if random.once(in: 4) {
            let (first, second) = (bind(.int), bind(.int))
            let target = random.once(in: 2) ? "(\(first), \(second))" : "\(first), \(second)"
            return "for \(target) in enumerate(\(sequence)) \(body(depth))"
        }
        return "for \(bind(.int)) in \(sequence) \(body(depth))"
    }

    private mutating func whileLoop(_ depth: Int) -> String {
        let counter = bind(.int)
        return "\(counter) = 0\nwhile \(counter) < \(random.int(0...5)) {\n\(counter) += 1\n\(body(depth))\n}"
    }

    private mutating func body(_ depth: Int) -> String {
        loops += 1
        defer { loops -= 1 }
        return block(depth, last: random.once(in: 3) ? value(depth + 1) : nil)
    }

    private mutating func definition(_ depth: Int) -> String {
        let parameters = self.parameters(depth)
        let name = "f\(random.below(6))"
        let text = "fn \(name)(\(parameters.text)) \(functionBlock(depth, parameters.variables))"
        scopes[scopes.count - 1].append(Variable(name: name, kind: .function))
        return text
    }

    mutating func functionBlock(_ depth: Int, _ variables: [Variable]) -> String {
        let outerLoops = loops
        scopes.append(variables)
        loops = 0
        defer {
            scopes.removeLast()
            loops = outerLoops
        }
        return block(depth, last: value(depth + 1))
    }

    mutating func parameters(_ depth: Int) -> (text: String, variables: [Variable]) {
        var variables: [Variable] = []
        var texts: [String] = []
        var hasDefault = false
        for index in 0..<random.int(0...3) {
            let kind = random.pick([Kind.int, .int, .float, .string, .list, .function])
            let name = "p\(scopes.count)_\(index)"
            hasDefault = hasDefault || random.once(in: 3)
            texts.append(hasDefault ? "\(name) = \(expression(kind, depth + 2))" : name)
            variables.append(Variable(name: name, kind: kind))
        }
        return (texts.joined(separator: ", "), variables)
    }

    /// Functions that outlive the call that made them, with variables of it.
    private mutating func closureFactory(_ depth: Int) -> String {
        let name = bind(.function)
        let (seen, counted) = ("c\(random.below(9))", "k\(random.below(9))")
        return """
            fn \(name)(\(seen) = \(int(depth))) {
            \(counted) = {n: \(seen)}
            fn again(m) { \(counted).n += m; if m > 0 { again(m - 1) } else { \(counted).n } }
            \(random.once(in: 2) ? "again" : "() -> again(\(random.int(0...5)))")
            }
            """
    }

    private mutating func tryCatch(_ depth: Int) -> String {
        let text = "try \(block(depth, last: random.once(in: 2) ? "error(\(value(depth + 1)))" : nil)) catch"
        if random.once(in: 4) { return text + " \(block(depth))" }
        return text + " e \(block(depth, last: random.once(in: 2) ? "e.message" : "print(e.code)"))"
    }

    private mutating func jump(_ depth: Int) -> String {
        let word = loops > 0 ? random.pick(["break", "continue"]) : isInFunction ? "return \(value(depth))" : "1"
        return random.once(in: 3) ? word : "if \(bool(depth)) { \(word) }"
    }

    // MARK: - Assignments

    private mutating func augmented(_ depth: Int) -> String {
        let op = random.pick(["+", "-", "*", "/", "//", "%", "**", "@"])
        if random.once(in: 3), let record = variable(.record) { return "\(record).n \(op)= \(int(depth))" }
        if random.once(in: 3), let list = variable(.list) { return "\(list)[\(random.int(-2...2))] \(op)= \(int(depth))" }
        if random.once(in: 12), let list = variable(.list) { return "\(list)[0:1] \(op)= \(int(depth))" }
        guard let name = ownVariable(random.once(in: 2) ? .int : .float) else { return value(depth) }
        return "\(name) \(op)= \(int(depth))"
    }

    private mutating func setItem(_ depth: Int) -> String {
        switch random.below(5) {
        case 0: return "\(variable(.list) ?? "[0]")[\(index())] = \(value(depth))"
        case 1: return "\(variable(.list) ?? "[0]")[\(slice(depth))] = \(list(depth))"
        case 2: return "\(variable(.record) ?? "{}").\(field()) = \(value(depth))"
        case 3: return "\(variable(.record) ?? "{}")[\(string(depth))] = \(value(depth))"
        default: return "\(variable(.list) ?? "[0]")[0, 1:2] = \(int(depth))"
        }
    }

    private mutating func unpack(_ depth: Int) -> String {
        let values = (expression(.int, depth), expression(.string, depth), expression(.list, depth))
        switch random.below(3) {
        case 0: return "(\(bind(.int)), \(bind(.string))) = [\(values.0), \(values.1)]"
        case 1: return "(\(bind(.int)), (\(bind(.string)), \(bind(.list)))) = [\(values.0), [\(values.1), \(values.2)]]"
        default: return "(\(bind(.int)), \(variable(.record) ?? "{}").n, _) = \(list(depth))"
        }
    }

    /// Values that hold themselves.
    private mutating func knot() -> String {
        switch random.below(4) {
        case 0: return variable(.list).map { "push(\($0), \($0))" } ?? "[]"
        case 1: return variable(.record).map { "\($0).self = \($0)" } ?? "{}"
        case 2: return variable(.record).map { "\($0).f = () -> \($0)" } ?? "{}"
        default: return variable(.list).map { "insert(\($0), 0, [\($0)])" } ?? "[]"
        }
    }
}
