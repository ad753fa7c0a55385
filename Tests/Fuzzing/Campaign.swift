import CMemory
import Language

/// Programs of one kind, one after the other, each a function of the seed and its number.
public struct Campaign {
    public enum Kind: String, CaseIterable, Sendable {
        case generated, mutated, arithmetic
        /// Mutated files instead of programs.
        case json, csv, notebook, history
        /// Calls of the whole library.
        case natives

        /// Whether the library takes part, and a folder to write to.
        public var needsFolder: Bool { [.json, .csv, .notebook, .history, .natives].contains(self) }
    }

    public let kind: Kind
    let seed: UInt64
    let natives: NativeCatalogue
    let corpus: Corpus

    public init(kind: Kind, seed: UInt64, registry: Registry, corpus: Corpus) {
        self.kind = kind
        self.seed = seed
        natives = NativeCatalogue(registry)
        self.corpus = Corpus.files(kind, scripts: corpus)
    }

    public func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    public func bytes(_ index: Int) -> [UInt8] {
        let random = RandomSource(seed: seed, index: index)
        switch kind {
        case .generated:
            var generator = ProgramGenerator(random: random, natives: natives)
            return Array(generator.program().utf8)
        case .natives: return Array(NativeCalls.library.program(random).utf8)
        case .arithmetic: return Array(ArithmeticProgram(random: random).text(.plain).utf8)
        default:
            var mutator = Mutator(random: random, corpus: corpus)
            return mutator.program()
        }
    }

    /// - Parameters:
    ///   - isDone: asked before each program.
    ///   - problem: what is wrong with the program of a number.
    /// - Returns: the first problem found.
    public func run(
        _ journal: Journal, from first: Int, step: Int, until isDone: (Int) -> Bool,
        _ problem: (_ index: Int, _ bytes: [UInt8]) -> String?
    ) -> String? {
        var index = first
        while !isDone(index) {
            let bytes = bytes(index)
            journal.note(index: index, bytes)
            if let problem = problem(index, bytes) { return "program \(index): \(problem)" }
            index += step
        }
        return nil
    }

    /// What is wrong with a program.
    public func problem(_ index: Int, _ bytes: [UInt8], _ examiner: Examiner) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
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
