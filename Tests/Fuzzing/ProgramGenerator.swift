import Language

/// Writes random programs from the grammar. It knows kinds and scopes well enough that most programs pass the check and
/// run deep, and slips now and then so that errors are met too. Loops end, apart from what a slip does to them.
public struct ProgramGenerator {
    enum Kind: CaseIterable { case int, float, bool, string, list, record, range, function, null }

    struct Variable {
        var name: String
        var kind: Kind
    }

    var random: RandomSource
    let natives: NativeCatalogue
    /// The names of the file, then of each function around the place.
    var scopes: [[Variable]] = [[]]
    var loops = 0
    /// Nodes that may still be written.
    var budget: Int
    /// Whether this program has mistakes that a check finds.
    private let slips: Bool
    private var nameCount = 0

    public init(random: RandomSource, natives: NativeCatalogue) {
        self.random = random
        self.natives = natives
        budget = self.random.int(15...120)
        slips = self.random.once(in: 3)
    }

    public mutating func program() -> String {
        var text = prelude()
        for _ in 0..<random.int(2...9) { text += guarded(statement(0)) + separator() }
        return text + value(2) + (random.once(in: 5) ? ";" : "\n")
    }

    /// Names of every kind, so that expressions have something to speak of.
    private mutating func prelude() -> String {
        var text = ""
        for kind in Kind.allCases where random.below(3) > 0 && kind != .null {
            let value = expression(kind, 1)
            text += "\(bind(kind)) = \(value)\n"
        }
        return text
    }

    /// Most statements are tried, so that an error does not end the program.
    private mutating func guarded(_ statement: String) -> String {
        random.once(in: 4) ? statement : "try {\n\(statement)\n} catch e { print(e.code) }"
    }

    private mutating func separator() -> String { random.once(in: 8) ? "; " : "\n" }

    // MARK: - Names

    var isInFunction: Bool { scopes.count > 1 }

    /// A new name, or one that is bound already.
    mutating func bind(_ kind: Kind) -> String {
        if random.once(in: 3), let old = scopes[scopes.count - 1].last(where: { $0.kind == kind }) { return old.name }
        nameCount += 1
        let name = random.once(in: 150) ? "len" : "\(Self.letters[nameCount % Self.letters.count])\(nameCount)"
        scopes[scopes.count - 1].append(Variable(name: name, kind: kind))
        return name
    }

    private static let letters = ["a", "b", "n", "xs", "ä", "_t", "total", "r", "f"]

    /// A name of that kind that is in scope.
    mutating func variable(_ kind: Kind) -> String? {
        let known = scopes.flatMap { $0 }.filter { $0.kind == kind }
        return known.isEmpty ? nil : random.pick(known).name
    }

    /// A name of its own scope: what `+=` needs.
    mutating func ownVariable(_ kind: Kind) -> String? {
        let known = scopes[scopes.count - 1].filter { $0.kind == kind }
        return known.isEmpty ? nil : random.pick(known).name
    }

    // MARK: - Slips

    /// What seldom stands where something right should stand.
    mutating func slip() -> String? {
        guard slips, random.once(in: 120) else { return nil }
        switch random.below(14) {
        case 0: return "undefined_name"
        case 1: return "(1, 2)"
        case 2: return "x ->"
        case 3: return "[1, 2"
        case 4: return "\"{\""
        case 5: return "break"
        case 6: return "return \(int(0))"
        case 7: return "nil.field"
        case 8: return "continue"
        default: return value(1)
        }
    }

    /// Whether there is room for something larger.
    mutating func room(_ depth: Int) -> Bool {
        budget -= 1
        return depth < 5 && budget > 0 && !random.once(in: 4)
    }
}
