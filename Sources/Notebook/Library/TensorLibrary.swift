import Language
import Randomness
import Tensors

/// Tensors: making them, and the operations that are functions and methods alike.
enum TensorLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        let computing = joining() + operations().flatMap(\.functions) + LayerLibrary.functions()
        return creation() + random(environment) + methods() + computing.map { $0.watchingForNaN() }
            + LearningLibrary.functions()
    }

    /// An operation whose subject is a tensor: `x.softmax(dim: 1)` and, unless the core library has a function of the
    /// name that passes on to the method, `softmax(x, dim: 1)`.
    struct Operation {
        let name: String
        var parameters: [Parameter] = []
        var returns = "Tensor"
        let summary: String
        var details = ""
        let example: String
        var isMethodOnly = false
        /// What the function, not the method, gives for a number, as a Float.
        var ofNumber: ((Double) -> Double)?
        let body: (Tensor, NativeCall) throws -> Value

        var functions: [NativeFunction] {
            let method = NativeFunction(
                name: "Tensor.\(name)", parameters: parameters, returns: returns, summary: summary, details: details,
                example: example
            ) { call in try body(try call.receiver(as: TensorObject.self).tensor, call) }
            if isMethodOnly { return [method] }
            let function = NativeFunction(
                name: name, parameters: [Parameter("x", .any, "a tensor, or nested lists of numbers")] + parameters,
                returns: ofNumber == nil ? returns : "\(returns) or Float",
                summary: summary, details: ofNumber == nil ? details : "Of a number, a Float.", example: example,
                seeAlso: ["Tensor.\(name)"]
            ) { call in
                if let ofNumber, let number = call.value("x").asDouble { return .float(ofNumber(number)) }
                return try body(try call.value("x").tensor("`x`"), call)
            }
            return [function, method]
        }
    }

    static var sizes: Parameter { .variadic("shape", .int | .list, "sizes, or one list of them") }

    /// `f(2, 3)` or `f([2, 3])`.
    static func shape(_ call: NativeCall, _ name: String = "shape") throws -> [Int] {
        try shape(of: call.value(name), name)
    }

    static func shape(of value: Value, _ name: String) throws -> [Int] {
        if let int = value.asInt { return [int] }
        guard let list = value.asList else { return try value.integers("`\(name)`") }
        if list.count == 1, list.elements[0].asInt == nil { return try list.elements[0].integers("`\(name)`") }
        return try value.integers("`\(name)`")
    }

    private static func creation() -> [NativeFunction] {
        func filled(_ name: String, _ make: @escaping ([Int]) throws -> Tensor) -> NativeFunction {
            NativeFunction(
                name: name, parameters: [sizes], returns: "Tensor",
                summary: "A tensor of the given shape full of \(name == "zeros" ? "0" : "1").",
                example: "print(\(name)(2, 3).shape)", seeAlso: ["full", "tensor"]
            ) { call in .tensor(try make(try shape(call))) }
        }
        return [
            NativeFunction(
                name: "tensor", parameters: [Parameter("values", .any, "a number, or nested lists of numbers")],
                returns: "Tensor",
                summary: "A tensor of 32-bit floats from numbers, or of answers from Bools.",
                details: """
                    Fields: `shape`; `T`, the transpose; `grad`, the gradient of a parameter or nil. Answers are what \
                    comparisons give, too: as an index they select. Of answers and of whole numbers (`arange(3)`, \
                    `argmax`, `randint`) the elements come out as Bools and Ints; from 2^24 on, where 32-bit floats \
                    are rounded, results are Floats.
                    """,
                example: "x = tensor([[1, 2], [3, 4]])\nprint(x.shape, x @ x)",
                seeAlso: ["zeros", "Tensor.list"]
            ) { call in
                let values = try call.value("values").tensor("`values`").copy().detached()
                return .tensor(call.value("values").object is TensorObject ? values : values.asNumbers())
            },
            filled("zeros", Tensor.zeros), filled("ones", Tensor.ones),
            NativeFunction(
                name: "full",
                parameters: [Parameter("shape", .list, "sizes"), Parameter("value", .number, "every element")],
                returns: "Tensor",
                summary: "A tensor full of one value.", example: "print(full([2, 2], 0.5))", seeAlso: ["zeros", "ones"]
            ) { call in .tensor(try Tensor.full(call.value("shape").integers("`shape`"), Float(call.float("value")))) },
            NativeFunction(
                name: "arange",
                parameters: [
                    Parameter("start", .number, "the first value; the end if it is the only argument"),
                    Parameter("end", .number, default: .null, "not included"),
                    Parameter("step", .number, default: .int(1), "the difference"),
                ], returns: "Tensor",
                summary: "Values at equal steps, the end not included; of Ints they are whole numbers.",
                example: "print(arange(5), arange(1, 2, 0.25))", seeAlso: ["linspace"]
            ) { call in
                if let whole = try wholeRange(call) { return .tensor(whole) }
                let first = try call.float("start")
                guard let end = try call.optionalFloat("end") else {
                    return .tensor(try Tensor.arange(0, first, step: call.float("step")))
                }
                return .tensor(try Tensor.arange(first, end, step: call.float("step")))
            },
            NativeFunction(
                name: "linspace",
                parameters: [
                    Parameter("start", .number, "the first value"), Parameter("end", .number, "the last value"),
                    Parameter("count", .int, "how many"),
                ],
                returns: "Tensor", summary: "Evenly spaced values, both ends included.",
                example: "print(linspace(0, 1, 5))", seeAlso: ["arange"]
            ) { call in
                let count = try call.int("count")
                guard count >= 0 else {
                    throw RuntimeError("`count` of `linspace` must not be negative: \(count)", code: "E203")
                }
                return .tensor(try Tensor.linspace(call.float("start"), call.float("end"), count: count))
            },
            NativeFunction(
                name: "eye", parameters: [Parameter("size", .int, "rows and columns")], returns: "Tensor",
                summary: "The unit matrix.", example: "print(eye(3))"
            ) { call in
                let size = try call.int("size")
                guard size >= 0 else {
                    throw RuntimeError("`size` of `eye` must not be negative: \(size)", code: "E203")
                }
                return .tensor(try Tensor.eye(size))
            },
        ]
    }

    /// The result of `arange` of Ints; nil if it is given a Float.
    private static func wholeRange(_ call: NativeCall) throws -> Tensor? {
        guard let first = call.value("start").asInt, let step = call.value("step").asInt else { return nil }
        guard !call.value("end").isNull else { return try Tensor.arange(0, first, step: step) }
        guard let end = call.value("end").asInt else { return nil }
        return try Tensor.arange(first, end, step: step)
    }

    private static func random(_ environment: LibraryEnvironment) -> [NativeFunction] {
        func stream(_ call: NativeCall) throws -> RandomStream {
            if let seed = try call.optionalInt("seed") {
                return RandomStream(seed: UInt64(bitPattern: Int64(seed)), purpose: .user, 0)
            }
            environment.draws += 1
            return RandomStream(seed: environment.seed, purpose: .user, 1, environment.draws)
        }
        let seed = Parameter(
            "seed", .int, default: .null,
            "draws the same numbers at every call; else the session's seed and the number of the call decide")
        return [
            NativeFunction(
                name: "rand", parameters: [sizes, seed], returns: "Tensor",
                summary: "Uniform random numbers in [0, 1).",
                example: "print(rand([2, 2], seed: 1).shape)", seeAlso: ["randn", "randint", "seed"]
            ) { call in
                var stream = try stream(call)
                return .tensor(try Tensor.rand(shape(call), stream: &stream))
            },
            NativeFunction(
                name: "randn", parameters: [sizes, seed], returns: "Tensor",
                summary: "Standard normal random numbers.",
                example: "print(randn([1000], seed: 1).mean().item() < 0.1)", seeAlso: ["rand", "seed"]
            ) { call in
                var stream = try stream(call)
                return .tensor(try Tensor.randn(shape(call), stream: &stream))
            },
            NativeFunction(
                name: "randint",
                parameters: [
                    Parameter("low", .int, "the smallest value"), Parameter("high", .int, "one more than the largest"),
                    Parameter("shape", .list, "sizes"), seed,
                ],
                returns: "Tensor", summary: "Random whole numbers.",
                example: "print(randint(0, 10, [4], seed: 1).max().item() < 10)", seeAlso: ["rand", "seed"]
            ) { call in
                var stream = try stream(call)
                return .tensor(
                    try Tensor.randint(
                        call.int("low"), call.int("high"), call.value("shape").integers("`shape`"), stream: &stream))
            },
        ]
    }

    private static func joining() -> [NativeFunction] {
        func joining(
            _ name: String, _ summary: String, _ shape: String, _ body: @escaping ([Tensor], Int) throws -> Tensor
        ) -> NativeFunction {
            NativeFunction(
                name: name,
                parameters: [
                    Parameter("tensors", .list, "tensors"), Parameter("dim", .int, default: .int(0), "the dimension"),
                ], returns: "Tensor",
                summary: summary, example: "print(\(name)([ones(2, 3), zeros(2, 3)], dim: 0).shape)  # \(shape)",
                seeAlso: [name == "cat" ? "stack" : "cat"]
            ) { call in
                .tensor(
                    try body(
                        try call.list("tensors").elements.enumerated().map { try $1.tensor("item \($0) of `tensors`") },
                        try call.int("dim")))
            }
        }
        return [
            joining("cat", "Joins tensors along a dimension that they have.", "[4, 3]") { try Tensor.cat($0, $1) },
            joining("stack", "Joins k tensors of one shape along a new dimension, of size k.", "[2, 2, 3]") {
                try Tensor.stack($0, $1)
            },
            NativeFunction(
                name: "where",
                parameters: [
                    Parameter("condition", .any, "not 0 where `a` is to be taken"),
                    Parameter("a", .any, "a tensor or number"), Parameter("b", .any, "a tensor or number"),
                ],
                returns: "Tensor",
                summary: "Elements of one tensor where a condition holds, of another where it does not.",
                example: "x = tensor([-1, 2, -3])\nprint(where(x > 0, x, 0))"
            ) { call in
                .tensor(
                    try Tensor.select(
                        call.value("condition").tensor("`condition`"), call.value("a").tensor("`a`"),
                        call.value("b").tensor("`b`")))
            },
        ]
    }

    private static func methods() -> [NativeFunction] {
        [
            NativeFunction(
                name: "Tensor.item", returns: "number or Bool",
                summary: "The value of a tensor of one element: an Int of whole numbers, a Bool of answers.",
                example: "print(tensor([1, 2]).sum().item())", seeAlso: ["Tensor.list"]
            ) { call in
                let tensor = try call.receiver(as: TensorObject.self).tensor
                return TensorObject.value(try tensor.item(), tensor.kind)
            },
            NativeFunction(
                name: "Tensor.float", returns: "Float", summary: "The value of a tensor of one element as a Float.",
                example: "print(float(arange(5).sum()))", seeAlso: ["Tensor.item"]
            ) { call in .float(Double(try call.receiver(as: TensorObject.self).tensor.item())) },
            NativeFunction(
                name: "Tensor.int", returns: "Int",
                summary: "The value of a tensor of one element without what is behind its point.",
                example: "print(int(tensor([2.7])))", seeAlso: ["Tensor.item"]
            ) { call in
                let value = try call.receiver(as: TensorObject.self).tensor.item()
                guard let int = Int(exactly: value.rounded(.towardZero)) else {
                    throw RuntimeError("\(value) is no Int", code: "E202")
                }
                return .int(int)
            },
            NativeFunction(
                name: "Tensor.list", returns: "List", summary: "The values as nested lists.",
                example: "print(arange(3).list())", seeAlso: ["tensor"]
            ) { call in try TensorObject.nested(call.receiver(as: TensorObject.self).tensor) },
            NativeFunction(
                name: "Tensor.len", returns: "Int", summary: "The size of the first dimension.",
                example: "print(len(zeros(3, 2)))"
            ) { call in
                guard let size = try call.receiver(as: TensorObject.self).tensor.shape.first else {
                    throw RuntimeError("a Tensor of shape [] has no length", code: "E206")
                }
                return .int(size)
            },
            NativeFunction(
                name: "Tensor.copy", returns: "Tensor", summary: "A copy of its own; gradients flow through it.",
                example: "x = zeros(2)\ny = x.copy()\ny[0] = 1\nprint(x, y)"
            ) { call in .tensor(try call.receiver(as: TensorObject.self).tensor.copy()) },
            NativeFunction(
                name: "Tensor.detach", returns: "Tensor",
                summary: "The same values without history: gradients do not flow through it.",
                example: "w = param([1, 2])\nprint((w * 2).detach())"
            ) { call in .tensor(try call.receiver(as: TensorObject.self).tensor.detached()) },
        ]
    }
}
