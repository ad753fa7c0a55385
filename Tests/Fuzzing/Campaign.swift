import CMemory
import Language

/// Programs of one kind, one after the other, each a function of the seed and its number.
public struct Campaign {
    public enum Kind: String, CaseIterable, Sendable { case generated, mutated, arithmetic }

    public let kind: Kind
    let seed: UInt64
    let natives: NativeCatalogue
    let corpus: Corpus

    public init(kind: Kind, seed: UInt64, registry: Registry, corpus: Corpus) {
        self.kind = kind
        self.seed = seed
        natives = NativeCatalogue(registry)
        self.corpus = corpus
    }

    public func text(_ index: Int) -> String {
        let random = RandomSource(seed: seed, index: index)
        switch kind {
        case .generated:
            var generator = ProgramGenerator(random: random, natives: natives)
            return generator.program()
        case .mutated:
            var mutator = Mutator(random: random, corpus: corpus)
            return mutator.program()
        case .arithmetic: return ArithmeticProgram(random: random).text(.plain)
        }
    }

    /// - Parameter isDone: asked before each program.
    /// - Returns: the first problem found.
    public func run(
        _ examiner: Examiner, _ journal: Journal, from first: Int, step: Int, until isDone: (Int) -> Bool
    ) -> String? {
        var index = first
        while !isDone(index) {
            if let problem = problem(index, examiner, journal) { return "program \(index): \(problem)" }
            index += step
        }
        return nil
    }

    private func problem(_ index: Int, _ examiner: Examiner, _ journal: Journal) -> String? {
        let text = text(index)
        journal.note(index: index, text)
        if index % 20 == 0 { examiner.noteInstructions(of: text) }
        if kind == .arithmetic {
            return examiner.problem(of: ArithmeticProgram(random: RandomSource(seed: seed, index: index)))
        }
        return Campaign.problem(of: text, examiner)
    }

    /// The examiner's verdict, and whether the program leaves memory behind.
    public static func problem(of text: String, _ examiner: Examiner) -> String? {
        let before = bytesInUse
        if let problem = examiner.problem(of: text) { return problem }
        // The first runs fill caches; what grows each time leaks.
        var sizes = [before, bytesInUse]
        while sizes.count < 6, sizes[sizes.count - 1] > sizes[sizes.count - 2] {
            if let problem = examiner.problem(of: text) { return problem }
            sizes.append(bytesInUse)
        }
        return sizes.count == 6 && sizes[5] > sizes[4] ? "leaks: \(sizes.dropFirst().map { $0 - before }) bytes after each run" : nil
    }

    private static var bytesInUse: Int { cmemory_bytes_in_use() }
}

extension Registry {
    /// The core library, without what touches files or differs from run to run.
    public static var sandboxed: Registry {
        let registry = Registry()
        for function in registry.functions
        where function.name.contains(/^(write|append|read|save|make|remove|delete|copy|move|list|file|folder|glob)_/) {
            registry.add(
                NativeFunction(
                    name: function.name, parameters: function.parameters, summary: "", example: "",
                    body: { _ in throw RuntimeError("there are no files here", code: "E300") }))
        }
        for name in ["clock", "time"] {
            registry.add(NativeFunction(name: name, summary: "", example: "", body: { _ in .float(1) }))
        }
        return registry
    }
}
