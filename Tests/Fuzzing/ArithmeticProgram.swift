/// A random program of numbers, conditions, loops and errors, as a tree that can be written in several ways and walked by
/// an evaluator that shares nothing with the language: both must print the same.
public struct ArithmeticProgram {
    indirect enum Node {
        case int(Int), float(Double), bool(Bool)
        case name(String)
        case arithmetic(String, Node, Node)
        case comparison(String, Node, Node)
        case negate(Node), not(Node)
        case and(Node, Node), or(Node, Node)
        case choice(Node, Node, Node)
    }

    indirect enum Statement {
        case bind(String, Node)
        case print(Node)
        case branch(Node, [Statement], [Statement])
        case count(String, Int, [Statement])
        case attempt([Statement], [Statement])
    }

    let statements: [Statement]

    public init(random: RandomSource) {
        var maker = Maker(random: random)
        statements = maker.statements(2, in: 3...7)
    }

    /// How to write the same program.
    public enum Style: CaseIterable { case plain, parenthesised, inFunction }

    public func text(_ style: Style) -> String {
        let body = statements.map { Writer(parenthesises: style == .parenthesised).text($0) }.joined(separator: "\n")
        return style == .inFunction ? "fn whole() {\n\(body)\nnil\n}\nwhole()\n" : body + "\n"
    }

    /// What the program prints, and the code of the error it ends with.
    public func expected() -> (output: String, error: String?) {
        var evaluator = NaiveEvaluator()
        do {
            try evaluator.run(statements)
            return (evaluator.output, nil)
        } catch {
            return (evaluator.output, (error as? NaiveEvaluator.Failure)?.code)
        }
    }
}

extension ArithmeticProgram {
    /// Numbers and truth values are kept apart, so that the only errors are those of arithmetic.
    private struct Maker {
        var random: RandomSource
        var names: [String] = []

        private static let ints = [
            0, 1, 2, 3, -1, -7, 10, 100, 4_194_304, -4_194_304, 1 << 31, 1 << 53, (1 << 53) + 1, Int.max, Int.max - 1,
            -Int.max,
        ]
        private static let floats = [
            0.0, 0.5, 1.5, -2.25, 1e16, 1e22, 123456.789, 1e-5, Double.leastNonzeroMagnitude, 1e308, 0.1,
            9007199254740993.0,
        ]

        init(random: RandomSource) { self.random = random }

        mutating func statements(_ depth: Int, in counts: ClosedRange<Int>) -> [Statement] {
            (0..<random.int(counts)).map { _ in statement(depth) }
        }

        /// Names that only a branch binds are not read behind it.
        private mutating func inner(_ depth: Int) -> [Statement] {
            let known = names
            defer { names = known }
            return statements(depth - 1, in: 1...3)
        }

        private mutating func statement(_ depth: Int) -> Statement {
            switch depth > 0 ? random.below(10) : random.below(6) {
            case 0...2:
                let value = number(3)
                let name = names.isEmpty || random.once(in: 2) ? "v\(names.count)" : random.pick(names)
                if !names.contains(name) { names.append(name) }
                return .bind(name, value)
            case 3...5: return .print(random.once(in: 4) ? truth(3) : number(4))
            case 6, 7: return .branch(truth(2), inner(depth), random.once(in: 2) ? inner(depth) : [])
            case 8:
                let name = "i\(depth)"
                let known = names
                names.append(name)
                defer { names = known }
                return .count(name, random.int(0...4), statements(depth - 1, in: 1...4))
            default: return .attempt(inner(depth), inner(depth))
            }
        }

        private mutating func number(_ depth: Int) -> Node {
            guard depth > 0, !random.once(in: 4) else {
                switch random.below(names.isEmpty ? 3 : 6) {
                case 0: return .int(random.int(-9...20))
                case 1: return random.once(in: 2) ? .int(random.pick(Self.ints)) : .int(random.int(-99...99))
                case 2: return .float(random.pick(Self.floats))
                default: return .name(random.pick(names))
                }
            }
            switch random.below(10) {
            case 0: return .negate(number(depth - 1))
            case 1: return .choice(truth(depth - 1), number(depth - 1), number(depth - 1))
            case 2: return .arithmetic("**", number(depth - 1), .int(random.int(-3...9)))
            default:
                let op = random.pick(["+", "-", "*", "/", "//", "%"])
                let isDivision = op == "/" || op == "//" || op == "%"
                let right = isDivision && random.below(8) > 0 ? .int(random.int(1...9)) : number(depth - 1)
                return .arithmetic(op, number(depth - 1), right)
            }
        }

        private mutating func truth(_ depth: Int) -> Node {
            guard depth > 0 else { return .bool(random.once(in: 2)) }
            switch random.below(6) {
            case 0: return .not(truth(depth - 1))
            case 1: return .and(truth(depth - 1), truth(depth - 1))
            case 2: return .or(truth(depth - 1), truth(depth - 1))
            default:
                return .comparison(
                    random.pick(["<", "<=", ">", ">=", "==", "!="]), number(depth - 1), number(depth - 1))
            }
        }
    }

    /// With no more parentheses than the precedences ask for, or with one around everything.
    private struct Writer {
        var parenthesises: Bool

        func text(_ statement: Statement) -> String {
            switch statement {
            case .bind(let name, let value): return "\(name) = \(text(value, 0))"
            case .print(let value): return "print(\(text(value, 0)))"
            case .branch(let condition, let then, let otherwise):
                let rest = otherwise.isEmpty ? "" : " else \(block(otherwise))"
                return "if \(text(condition, 0)) \(block(then))\(rest)"
            case .count(let name, let count, let body): return "for \(name) in 0..\(count) \(block(body))"
            case .attempt(let body, let handler): return "try \(block(body)) catch e \(block(handler))"
            }
        }

        private func block(_ statements: [Statement]) -> String {
            "{\n" + statements.map(text).joined(separator: "\n") + "\n}"
        }

        /// - Parameter level: how tightly what stands around binds.
        private func text(_ node: Node, _ level: Int) -> String {
            let (body, own): (String, Int)
            switch node {
            case .int(let int): (body, own) = ("\(int)", int < 0 ? 7 : 9)
            case .float(let double): (body, own) = ("\(double)", double < 0 ? 7 : 9)
            case .bool(let bool): (body, own) = ("\(bool)", 9)
            case .name(let name): (body, own) = (name, 9)
            case .arithmetic("**", let left, let right): (body, own) = ("\(text(left, 9)) ** \(text(right, 7))", 8)
            case .arithmetic(let op, let left, let right):
                own = ["+", "-"].contains(op) ? 5 : 6
                body = "\(text(left, own)) \(op) \(text(right, own + 1))"
            case .comparison(let op, let left, let right): (body, own) = ("\(text(left, 5)) \(op) \(text(right, 5))", 4)
            case .negate(let operand): (body, own) = ("-\(text(operand, 8))", 7)
            case .not(let operand): (body, own) = ("not \(text(operand, 3))", 3)
            case .and(let left, let right): (body, own) = ("\(text(left, 2)) and \(text(right, 3))", 2)
            case .or(let left, let right): (body, own) = ("\(text(left, 1)) or \(text(right, 2))", 1)
            case .choice(let condition, let then, let otherwise):
                (body, own) = ("if \(text(condition, 0)) { \(text(then, 0)) } else { \(text(otherwise, 0)) }", 0)
            }
            return own < max(level, 1) || parenthesises ? "(\(body))" : body
        }
    }
}
