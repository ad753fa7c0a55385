/// What operators, filters, tests and methods give in a chat template: as Jinja and Python have them.
enum TemplateFunctions {
    /// As it is written into the text.
    static func text(_ value: TemplateValue) -> String {
        switch value {
        case .undefined: ""
        case .none: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .string(let text): text
        case .list, .map, .namespace, .macro: ""
        }
    }

    /// What a loop runs over.
    static func elements(_ value: TemplateValue) throws -> [TemplateValue] {
        switch value {
        case .undefined: return []
        case .list(let elements): return elements
        case .map(let members): return members.map { .string($0.key) }
        case .string(let text): return text.unicodeScalars.map { .string(String($0)) }
        default: throw TemplateError.refused("a loop runs over something that has no elements")
        }
    }

    static func member(_ base: TemplateValue, _ key: TemplateValue, _ line: Int) throws -> TemplateValue {
        switch (base, key) {
        case (.map(let members), .string(let name)): return members.last { $0.key == name }?.value ?? .undefined
        case (.namespace(let namespace), .string(let name)): return namespace.members[name] ?? .undefined
        case (.list(let elements), .int(let index)):
            let place = index < 0 ? elements.count + index : index
            return elements.indices.contains(place) ? elements[place] : .undefined
        case (.string(let text), .int(let index)):
            let scalars = Array(text.unicodeScalars)
            let place = index < 0 ? scalars.count + index : index
            return scalars.indices.contains(place) ? .string(String(scalars[place])) : .undefined
        case (.undefined, _): throw TemplateError.refused("it asks for a member of something undefined in line \(line)")
        default: return .undefined
        }
    }

    static func slice(_ base: TemplateValue, _ from: Int?, _ to: Int?, _ step: Int) throws -> TemplateValue {
        switch base {
        case .list(let elements): return .list(sliced(elements, from, to, step))
        case .string(let text):
            var result = String.UnicodeScalarView()
            result.append(contentsOf: sliced(Array(text.unicodeScalars), from, to, step))
            return .string(String(result))
        default: throw TemplateError.refused("a slice of something that has no elements")
        }
    }

    private static func sliced<Element>(_ elements: [Element], _ from: Int?, _ to: Int?, _ step: Int) -> [Element] {
        let count = elements.count
        func place(_ bound: Int) -> Int { min(max(bound < 0 ? max(bound, -count) + count : bound, 0), count) }
        guard step > 0 else {
            return step == -1 && from == nil && to == nil ? elements.reversed() : []
        }
        let start = place(from ?? 0), end = place(to ?? count)
        return start < end ? stride(from: start, to: end, by: step).map { elements[$0] } : []
    }

    static func binary(
        _ symbol: String, _ left: TemplateValue, _ right: TemplateValue, _ line: Int
    ) throws -> TemplateValue {
        switch (symbol, left, right) {
        case ("==", _, _): return .bool(left.equals(right))
        case ("!=", _, _): return .bool(!left.equals(right))
        case ("~", _, _): return .string(try joined(text(left), text(right)))
        case ("+", .string(let a), .string(let b)): return .string(try joined(a, b))
        case ("+", .list(let a), .list(let b)) where a.count + b.count <= 1 << 20: return .list(a + b)
        case ("in", .string(let part), .string(let whole)):
            return .bool(part.isEmpty || range(of: Array(part.utf8), in: Array(whole.utf8)[...]) != nil)
        case ("in", .string(let name), .map(let members)): return .bool(members.contains { $0.key == name })
        case ("in", _, .list(let elements)): return .bool(elements.contains { $0.equals(left) })
        case ("in", _, .undefined): return .bool(false)
        case (_, .int(let a), .int(let b)): return try arithmetic(symbol, a, b, line)
        default: throw TemplateError.unknown("a `\(symbol)` between values that it is not for", line)
        }
    }

    private static func joined(_ a: String, _ b: String) throws -> String {
        guard a.utf8.count + b.utf8.count <= TemplateRun.mostBytes else {
            throw TemplateError.refused("it would write 64 MiB of text")
        }
        return a + b
    }

    private static func arithmetic(_ symbol: String, _ a: Int, _ b: Int, _ line: Int) throws -> TemplateValue {
        switch symbol {
        case "+": return .int(a &+ b)
        case "-": return .int(a &- b)
        case "*": return .int(a &* b)
        case "<": return .bool(a < b)
        case ">": return .bool(a > b)
        case "<=": return .bool(a <= b)
        case ">=": return .bool(a >= b)
        case "%" where b > 0: return .int((a % b + b) % b)
        case "//" where b > 0: return .int((a - (a % b + b) % b) / b)
        default: throw TemplateError.unknown("a `\(symbol)` between numbers", line)
        }
    }

    static func test(_ name: String, _ value: TemplateValue, _ arguments: [TemplateValue], _ line: Int) throws -> Bool {
        switch (name, value) {
        case ("defined", .undefined): return false
        case ("defined", _): return true
        case ("undefined", .undefined): return true
        case ("undefined", _): return false
        case ("none", .none): return true
        case ("string", .string), ("mapping", .map), ("boolean", .bool), ("number", .int), ("integer", .int),
            ("true", .bool(true)), ("false", .bool(false)):
            return true
        case ("iterable", .string), ("iterable", .list), ("iterable", .map), ("sequence", .string),
            ("sequence", .list), ("sequence", .map):
            return true
        case ("none", _), ("string", _), ("mapping", _), ("boolean", _), ("number", _), ("integer", _), ("true", _),
            ("false", _), ("iterable", _), ("sequence", _):
            return false
        case ("equalto", _) where arguments.count == 1, ("eq", _) where arguments.count == 1:
            return value.equals(arguments[0])
        default: throw TemplateError.unknown("the test `is \(name)`", line)
        }
    }

    static func filter(
        _ name: String, _ value: TemplateValue, _ arguments: [TemplateValue], _ line: Int
    ) throws -> TemplateValue {
        switch (name, value) {
        case ("trim", _) where arguments.isEmpty: return .string(stripped(text(value), nil, true, true))
        case ("length", .string(let text)), ("count", .string(let text)): return .int(text.unicodeScalars.count)
        case ("length", _), ("count", _): return .int(try elements(value).count)
        case ("string", _): return .string(text(value))
        case ("list", _): return .list(try elements(value))
        case ("first", _): return try elements(value).first ?? .undefined
        case ("last", _): return try elements(value).last ?? .undefined
        case ("reverse", .list(let elements)): return .list(elements.reversed())
        case ("default", .undefined), ("d", .undefined): return arguments.first ?? .string("")
        case ("default", _), ("d", _):
            return arguments.count > 1 && arguments[1].isTrue && !value.isTrue ? arguments[0] : value
        case ("join", _):
            return .string(try elements(value).map(text).joined(separator: arguments.first.map(text) ?? ""))
        case ("upper", .string), ("lower", .string), ("replace", .string):
            return try method(name, of: value, arguments, line)
        case ("safe", _): return value
        default: throw TemplateError.unknown("the filter `\(name)`", line)
        }
    }

    static func method(
        _ name: String, of value: TemplateValue, _ arguments: [TemplateValue], _ line: Int
    ) throws -> TemplateValue {
        switch (value, name, arguments.first) {
        case (.string(let whole), "startswith", .string(let part)?):
            return .bool(whole.utf8.starts(with: part.utf8))
        case (.string(let whole), "endswith", .string(let part)?):
            return .bool(whole.utf8.reversed().starts(with: part.utf8.reversed()))
        case (.string(let whole), "strip", let set), (.string(let whole), "lstrip", let set),
            (.string(let whole), "rstrip", let set):
            return .string(stripped(whole, set.map(text), name != "rstrip", name != "lstrip"))
        case (.string(let whole), "split", .string(let separator)?) where arguments.count == 1 && !separator.isEmpty:
            return .list(split(whole, separator).map { .string($0) })
        case (.string(let whole), "replace", .string(let old)?) where arguments.count == 2 && !old.isEmpty:
            return .string(split(whole, old).joined(separator: text(arguments[1])))
        case (.string(let whole), "upper", nil): return .string(whole.uppercased())
        case (.string(let whole), "lower", nil): return .string(whole.lowercased())
        case (.map(let members), "items", nil): return .list(members.map { .list([.string($0.key), $0.value]) })
        case (.map(let members), "keys", nil): return .list(members.map { .string($0.key) })
        case (.map(let members), "values", nil): return .list(members.map(\.value))
        case (.map(let members), "get", .string(let key)?):
            return members.last { $0.key == key }?.value ?? (arguments.count > 1 ? arguments[1] : .none)
        case (.undefined, _, _): throw TemplateError.refused("it calls a method of something undefined in line \(line)")
        default: throw TemplateError.unknown("the method `\(name)`", line)
        }
    }

    // MARK: Text by code points, as Python has it

    private static func stripped(_ text: String, _ set: String?, _ atStart: Bool, _ atEnd: Bool) -> String {
        let wanted = set.map { Set($0.unicodeScalars) }
        func goes(_ scalar: Unicode.Scalar) -> Bool {
            wanted.map { $0.contains(scalar) }
                ?? (scalar.properties.isWhitespace || 0x1C...0x1F ~= scalar.value)
        }
        var rest = text.unicodeScalars[...]
        while atStart, let first = rest.first, goes(first) { rest.removeFirst() }
        while atEnd, let last = rest.last, goes(last) { rest.removeLast() }
        return String(rest)
    }

    private static func split(_ text: String, _ separator: String) -> [String] {
        let bytes = Array(text.utf8), wanted = Array(separator.utf8)
        var parts: [String] = []
        var rest = bytes[...]
        while let found = range(of: wanted, in: rest) {
            parts.append(String(decoding: rest[..<found.lowerBound], as: UTF8.self))
            rest = rest[found.upperBound...]
        }
        return parts + [String(decoding: rest, as: UTF8.self)]
    }

    private static func range(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = part.first, part.count <= bytes.count else { return nil }
        let last = bytes.endIndex - part.count
        var place = bytes.startIndex
        while place <= last, let found = bytes[place...last].firstIndex(of: first) {
            if bytes[found...].starts(with: part) { return found..<found + part.count }
            place = found + 1
        }
        return nil
    }
}
