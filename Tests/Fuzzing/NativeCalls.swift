import Language
import Notebook

/// Calls of the library's functions and methods with arguments that nobody would give: the largest and the smallest
/// numbers, NaN, texts and lists that are empty, huge or nested deeply, and values of other types.
struct NativeCalls {
    /// An argument as a script writes it, and an example of its value.
    private struct Sample {
        var text: String
        var value: Value
    }

    private let functions: [NativeFunction]
    private let samples: [Sample]

    /// Built once in a process: the samples are evaluated, so that most arguments are of types that the parameters take.
    nonisolated(unsafe) static let library = NativeCalls()

    /// Their results differ from run to run, or they start another program.
    private static let excluded: Set<String> = ["clock", "time", "env", "args", "Figure.save"]

    private init() {
        let registry = FileExaminer.silentRegistry()
        functions = registry.functions.filter { !Self.excluded.contains($0.name) }
        let interpreter = Interpreter(registry: registry)
        interpreter.output = { _ in }
        samples = Self.texts.compactMap { text in
            (try? interpreter.run(source: Source(name: "sample", text: text))).map { Sample(text: text, value: $0) }
        }
    }

    /// Whether each of the texts has a value.
    var isComplete: Bool { samples.count == Self.texts.count }

    /// A script of one call.
    func program(_ random: RandomSource) -> String {
        var random = random
        let function = random.pick(functions)
        var arguments: [String] = []
        var isNamed = false
        for parameter in function.parameters {
            if parameter.isOptional, !parameter.isVariadic, random.once(in: 2) {
                isNamed = true
                continue
            }
            for _ in 0..<(parameter.isVariadic ? random.below(4) : 1) {
                let argument = self.argument(for: parameter, &random)
                arguments.append(isNamed && !parameter.isVariadic ? "\(parameter.name): \(argument)" : argument)
            }
        }
        let list = arguments.joined(separator: ", ")
        guard function.isMethod else { return "print(\(function.name)(\(list)))\n" }
        let subjects = samples.filter { $0.value.typeName == function.namespace }
        let subject = subjects.isEmpty ? "nil" : random.pick(subjects).text
        return "print((\(subject)).\(function.shortName)(\(list)))\n"
    }

    private func argument(for parameter: Parameter, _ random: inout RandomSource) -> String {
        let fitting = random.once(in: 6) ? [] : samples.filter { parameter.type.accepts($0.value) }
        return random.pick(fitting.isEmpty ? samples : fitting).text
    }

    private static let texts = [
        "nil", "true", "false", "0", "1", "2", "3", "-1", "-2", "7", "100000", "2 ** 31", "-(2 ** 31)", "2 ** 32",
        "2 ** 62", "9223372036854775807", "-9223372036854775807 - 1", "0.0", "-0.0", "0.5", "1.0", "-1.5", "1e308",
        "-1e308", "5e-324", "1e19", "float(\"nan\")", "float(\"inf\")", "float(\"-inf\")",
        "\"\"", "\"a\"", "\"1\"", "\"nan\"", "\"\\0\"", "\"é👩‍👩‍👧\"", "\"a,b\\n1,2\"", "\"out\"", "\"a\" * 100000",
        "\"é\" * 100000", "[]", "[1]", "[1, 2, 3]", "[0.5, float(\"nan\")]", "[nil]", "[\"a\", \"b\"]", "[[1, 2], [3]]",
        "[[1, 2], [3, 4]]", "[[]]", "list(0..1000)", "[9223372036854775807, -9223372036854775807 - 1]", "[-1, 0]", "[2 ** 40]",
        "reduce(0..300, (x, i) -> [x], initial: [])", "{}", "{a: 1}", "{a: [1], b: {c: nil}}", "[{a: 1}, {a: 2}]",
        "reduce(0..300, (x, i) -> {x: x}, initial: {})", "{prompt: \"1+1=\", answer: \"2\"}", "0..0", "0..3", "5..-5",
        "0..9223372036854775807", "x -> x", "(a, b) -> a", "() -> error(\"no\")", "len", "print",
        "tensor(1.0)", "tensor([1.0, 2.0])", "tensor([[1.0, 2.0], [3.0, 4.0]])", "zeros(0)", "zeros(2, 0)", "ones(2, 3, 4)",
        "tensor([0.0, 1.0]) / 0", "tensor([1e30, -1e30]) * 1e30", "param(ones(2))", "rand(1, 2, 3, 4)",
        "model.new(layers: 1, dim: 8, heads: 2, context: 16)", "task.sums(terms: 2, digits: 1)",
        "bridge.attach(model.new(layers: 1, dim: 8, heads: 2, context: 32), heads: 2, dim: 4)", "adamw([param(ones(2))])",
        "plot.line([1, 2])",
    ]
}
