import Language

/// The library as the generator calls it: which functions give what, and which arguments they take.
public struct NativeCatalogue: Sendable {
    private struct Entry: Sendable {
        var name: String
        var parameters: [Slot]
    }

    private struct Slot: Sendable {
        var name: String
        var kinds: [ProgramGenerator.Kind]
        var isOptional: Bool
        var isVariadic: Bool
    }

    private let entries: [Entry]
    private let byResult: [ProgramGenerator.Kind: [Int]]

    /// Their results differ from run to run.
    static let excluded: Set<String> = ["clock", "time", "env", "args", "help"]

    public init(_ registry: Registry) {
        let functions = registry.functions.filter { $0.namespace == nil && !Self.excluded.contains($0.name) }
        entries = functions.map { function in
            Entry(name: function.name, parameters: function.parameters.map(Self.slot))
        }
        var byResult: [ProgramGenerator.Kind: [Int]] = [:]
        for (index, function) in functions.enumerated() {
            for kind in Self.kinds(of: function.returns) { byResult[kind, default: []].append(index) }
        }
        self.byResult = byResult
    }

    private static func slot(_ parameter: Parameter) -> Slot {
        let samples: [(ProgramGenerator.Kind, Value)] = [
            (.int, .int(1)), (.float, .float(1)), (.bool, .bool(true)), (.string, .string("")), (.list, .list([])),
            (.record, .record([:])), (.range, .object(RangeObject(start: 0, end: 1))),
        ]
        var kinds = samples.filter { parameter.type.accepts($0.1) }.map(\.0)
        if kinds.isEmpty { kinds = [.function] }
        if kinds.count == samples.count, ["values", "container", "lists"].contains(parameter.name) {
            kinds = [.list, .list, .list, .range, .string, .record]
        }
        return Slot(
            name: parameter.name, kinds: kinds, isOptional: parameter.isOptional, isVariadic: parameter.isVariadic)
    }

    private static func kinds(of result: String) -> [ProgramGenerator.Kind] {
        let words: [(String, ProgramGenerator.Kind)] = [
            ("Int", .int), ("Float", .float), ("number", .int), ("number", .float), ("String", .string), ("List", .list),
            ("Bool", .bool), ("Record", .record), ("Range", .range), ("any", .list), ("any", .int),
        ]
        return words.filter { result.contains($0.0) }.map(\.1)
    }

    func name(_ random: inout RandomSource) -> String { random.pick(entries).name }

    /// A call of a function that gives that kind, or now and then of any.
    func call(giving kind: ProgramGenerator.Kind, _ generator: inout ProgramGenerator, _ depth: Int) -> String {
        let fitting = byResult[kind] ?? Array(entries.indices)
        let chosen = generator.random.once(in: 12) ? generator.random.pick(entries) : entries[generator.random.pick(fitting)]
        var arguments: [String] = []
        for slot in chosen.parameters {
            if slot.isOptional, generator.random.below(3) > 0, !slot.isVariadic { continue }
            let isNamed = slot.isOptional && !slot.isVariadic
            for _ in 0..<(slot.isVariadic ? generator.random.int(1...3) : 1) {
                let kind = generator.random.once(in: 40) ? .null : generator.random.pick(slot.kinds)
                arguments.append((isNamed ? "\(slot.name): " : "") + generator.expression(kind, depth + 1))
            }
        }
        guard let first = arguments.first, !first.contains(": "), generator.random.once(in: 3) else {
            return "\(chosen.name)(\(arguments.joined(separator: ", ")))"
        }
        let rest = arguments.dropFirst().joined(separator: ", ")
        return generator.random.once(in: 2) ? "(\(first)).\(chosen.name)(\(rest))" : "(\(first) |> \(chosen.name)(\(rest)))"
    }
}
