/// Expressions, from what binds weakest to what binds strongest.
extension TemplateParser {
    mutating func whole() throws -> TemplateExpression {
        let result = try expression()
        try end()
        return result
    }

    mutating func expression() throws -> TemplateExpression {
        try nested()
        defer { depth -= 1 }
        let value = try either()
        guard takeWord("if") else { return value }
        let test = try either()
        return .conditional(value, test: test, otherwise: takeWord("else") ? try expression() : nil)
    }

    mutating func either() throws -> TemplateExpression {
        var left = try both()
        while takeWord("or") { left = .binary("or", left, try both(), line: line) }
        return left
    }

    private mutating func both() throws -> TemplateExpression {
        var left = try negation()
        while takeWord("and") { left = .binary("and", left, try negation(), line: line) }
        return left
    }

    private mutating func negation() throws -> TemplateExpression {
        guard takeWord("not") else { return try comparison() }
        try nested()
        defer { depth -= 1 }
        return .not(try negation())
    }

    private mutating func comparison() throws -> TemplateExpression {
        var left = try sum()
        while true {
            let line = line
            if let symbol = ["==", "!=", "<=", ">=", "<", ">"].first(where: { take($0) }) {
                left = .binary(symbol, left, try sum(), line: line)
            } else if takeWord("in") {
                left = .binary("in", left, try sum(), line: line)
            } else if isWord("not"), isWord("in", ahead: 1) {
                place += 2
                left = .not(.binary("in", left, try sum(), line: line))
            } else {
                return left
            }
        }
    }

    private mutating func sum() throws -> TemplateExpression {
        var left = try joined()
        while let symbol = ["+", "-"].first(where: { take($0) }) {
            left = .binary(symbol, left, try joined(), line: line)
        }
        return left
    }

    private mutating func joined() throws -> TemplateExpression {
        var left = try product()
        while take("~") { left = .binary("~", left, try product(), line: line) }
        return left
    }

    private mutating func product() throws -> TemplateExpression {
        var left = try unary()
        while let symbol = ["*", "//", "%"].first(where: { take($0) }) {
            left = .binary(symbol, left, try unary(), line: line)
        }
        return left
    }

    private mutating func unary() throws -> TemplateExpression {
        try nested()
        defer { depth -= 1 }
        if take("-") { return .negative(try unary(), line: line) }
        return try behind(primary())
    }

    /// Members, calls, filters and tests behind a value.
    private mutating func behind(_ first: TemplateExpression) throws -> TemplateExpression {
        var value = first
        while true {
            let line = line
            if take(".") {
                value = .member(value, .literal(.string(try name())), line: line)
            } else if take("[") {
                value = try index(value)
            } else if take("(") {
                value = .call(value, try arguments(), line: line)
            } else if take("|") {
                let name = try name()
                value = .filter(value, name, take("(") ? try arguments() : TemplateArguments(), line: line)
            } else if takeWord("is") {
                let isNegative = takeWord("not")
                let name = try name()
                let arguments = take("(") ? try arguments().places : []
                let test = TemplateExpression.test(value, name, arguments, line: line)
                value = isNegative ? .not(test) : test
            } else {
                return value
            }
        }
    }

    private mutating func index(_ value: TemplateExpression) throws -> TemplateExpression {
        let line = line
        var bounds: [TemplateExpression?] = [nil]
        var isSlice = false
        while !take("]") {
            if take(":") {
                isSlice = true
                bounds.append(nil)
            } else {
                bounds[bounds.count - 1] = try expression()
            }
        }
        if isSlice, bounds.count <= 3 {
            return .slice(value, from: bounds[0], to: bounds[1], step: bounds.count > 2 ? bounds[2] : nil)
        }
        guard bounds.count == 1, let key = bounds[0] else { throw TemplateError.unknown("an index", line) }
        return .member(value, key, line: line)
    }

    private mutating func arguments() throws -> TemplateArguments {
        var arguments = TemplateArguments()
        while !take(")") {
            if case .name(let name)? = kind(0), kind(1) == .symbol("=") {
                place += 2
                arguments.names.append((name, try expression()))
            } else {
                arguments.places.append(try expression())
            }
            if !take(",") {
                try require(")")
                break
            }
        }
        return arguments
    }

    private mutating func primary() throws -> TemplateExpression {
        let line = line
        guard let kind = kind(0) else { throw TemplateError.unknown("an expression that breaks off", line) }
        place += 1
        switch kind {
        case .string(var text):
            // Literals side by side are one.
            while case .string(let more)? = self.kind(0) {
                text += more
                place += 1
            }
            return .literal(.string(text))
        case .int(let value): return .literal(.int(value))
        case .name("true"), .name("True"): return .literal(.bool(true))
        case .name("false"), .name("False"): return .literal(.bool(false))
        case .name("none"), .name("None"): return .literal(.none)
        case .name(let name): return .name(name, line: line)
        case .symbol("("):
            let value = try expression()
            try require(")")
            return value
        case .symbol("["): return .list(try elements())
        case .symbol("{"): return .map(try members())
        case .symbol(let symbol): throw TemplateError.unknown("a `\(symbol)` in the wrong place", line)
        }
    }

    private mutating func elements() throws -> [TemplateExpression] {
        var elements: [TemplateExpression] = []
        while !take("]") {
            elements.append(try expression())
            if !take(",") {
                try require("]")
                break
            }
        }
        return elements
    }

    private mutating func members() throws -> [(key: TemplateExpression, value: TemplateExpression)] {
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !take("}") {
            let key = try expression()
            try require(":")
            members.append((key, try expression()))
            if !take(",") {
                try require("}")
                break
            }
        }
        return members
    }
}
