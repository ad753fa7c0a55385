import Interruption
import Language
import Tensors

/// A tensor in a script's hands.
final class TensorObject: NativeObject {
    let tensor: Tensor

    init(_ tensor: Tensor) { self.tensor = tensor }

    override var typeName: String { "Tensor" }
    override var byteCount: Int { tensor.count * MemoryLayout<Float>.stride }

    override class var fields: [TypeField] {
        [
            TypeField("shape", "List", "the length of each dimension"),
            TypeField("T", "Tensor", "the last two dimensions swapped"),
            TypeField("grad", "Tensor or Nil", "what backward() left here; nil without it"),
        ]
    }

    override func member(_ name: String) throws -> Value? {
        switch name {
        case "shape": return .list(tensor.shape.map { .int($0) })
        case "T":
            guard tensor.rank >= 2 else { return .object(self) }
            return .tensor(try tensor.transpose())
        case "grad": return tensor.gradient.map { .tensor($0) } ?? .null
        default: return nil
        }
    }

    override func setMember(_ name: String, _ value: Value) throws -> Bool {
        guard name == "grad" else { return false }
        tensor.gradient = value.isNull ? nil : try value.tensor("`grad`")
        return true
    }

    override func binary(_ op: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        guard other.asDouble != nil || other.object is TensorObject else { return nil }
        if let scalar = other.asDouble, let result = try binary(op, Float(scalar), isLeft: isLeft) {
            if NaNCheck.isOn { try NaNCheck.check(result, [tensor], operation: op.rawValue) }
            return .tensor(result)
        }
        let right = try other.tensor("the other side of `\(op.rawValue)`")
        let (a, b) = isLeft ? (tensor, right) : (right, tensor)
        let result = try TensorObject.value(op, a, b)
        if NaNCheck.isOn, let made = (result.object as? TensorObject)?.tensor {
            try NaNCheck.check(made, [a, b], operation: op.rawValue)
        }
        return result
    }

    private static func value(_ op: BinaryOperator, _ a: Tensor, _ b: Tensor) throws -> Value {
        switch op {
        case .add: return .tensor(try a + b)
        case .subtract: return .tensor(try a - b)
        case .multiply: return .tensor(try a * b)
        case .divide: return .tensor(try a / b)
        case .floorDivide: return .tensor(try a.floorDivided(by: b))
        case .remainder: return .tensor(try a.remainder(dividingBy: b))
        case .power: return .tensor(try a.power(b))
        case .matrixMultiply: return .tensor(try a.matmul(b))
        case .less: return .tensor(try a.less(b))
        case .lessOrEqual: return .tensor(try a.lessOrEqual(b))
        case .greater: return .tensor(try a.greater(b))
        case .greaterOrEqual: return .tensor(try a.greaterOrEqual(b))
        case .equal: return .tensor(try a.equal(b))
        case .notEqual: return .tensor(try a.notEqual(b))
        }
    }

    /// The operators that need no second tensor for a number.
    private func binary(_ op: BinaryOperator, _ number: Float, isLeft: Bool) throws -> Tensor? {
        switch (op, isLeft) {
        case (.add, _): try tensor + number
        case (.subtract, true): try tensor - number
        case (.subtract, false): try number - tensor
        case (.multiply, _): try tensor * number
        case (.power, true): try tensor.power(number)
        default: nil
        }
    }

    override func unary(_ op: UnaryOperator) throws -> Value {
        switch op {
        case .negate: .tensor(try -tensor)
        case .not: .tensor(try tensor.equal(Tensor.scalar(0)))
        }
    }

    override func index(_ items: [IndexItem]) throws -> Value { .tensor(try view(items)) }

    override func setIndex(_ items: [IndexItem], _ value: Value) throws {
        if items.count == 1, case .value(let index) = items[0], let mask = index.mask {
            return try tensor.assign(try value.tensor("the value"), where: mask)
        }
        if items.contains(where: { if case .value(let v) = $0 { v.asInt == nil } else { false } }) {
            throw RuntimeError(
                "elements of a Tensor are set by whole numbers, slices or one mask such as x > 0", code: "E206")
        }
        try view(items).assign(try value.tensor("the value"))
    }

    /// Whole numbers take one element of a dimension, slices a part of it, lists some elements, masks (what comparisons
    /// give) those where they hold.
    private func view(_ items: [IndexItem]) throws -> Tensor {
        guard items.count <= tensor.rank else {
            throw RuntimeError("\(items.count) indices for a Tensor of shape \(Shape.text(tensor.shape))", code: "E206")
        }
        var result = tensor
        var dimension = 0
        for item in items {
            switch item {
            case .value(.int(let index)): result = try result.select(dimension, index)
            case .value(let value) where value.mask != nil:
                guard let mask = value.mask else { break }
                result = try result.masked(dimension, by: mask)
                dimension += 1
            case .value(let value):
                result = try result.indexSelect(dimension, try value.indices())
                dimension += 1
            case .slice(let start, let end, let step):
                result = try result.slice(
                    dimension, try bound(start), try bound(end), step: try step.flatMap(bound) ?? 1)
                dimension += 1
            }
        }
        return result
    }

    private func bound(_ value: Value) throws -> Int? {
        if value.isNull { return nil }
        guard let int = value.asInt else {
            throw RuntimeError("a slice's bounds are whole numbers, not a \(value.typeName)", code: "E206")
        }
        return int
    }

    override func elements() throws -> [Value] {
        guard tensor.rank > 0 else {
            throw RuntimeError("a Tensor of shape [] has no elements to go through; use item()", code: "E206")
        }
        if tensor.rank == 1 { return tensor.floats().map { .float(Double($0)) } }
        return try (0..<tensor.shape[0]).map { .tensor(try tensor.select(0, $0)) }
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = (other as? TensorObject)?.tensor, other.shape == tensor.shape else { return false }
        return other.floats() == tensor.floats()
    }

    override func describe(_ budget: inout PrintBudget) -> String { tensor.description }

    override func lines(_ budget: PrintBudget) -> String? { tensor.describe() }

    /// The values as nested lists of Floats.
    static func nested(_ tensor: Tensor) throws -> Value {
        let values = tensor.floats()
        var position = 0
        func build(_ dimension: Int) throws -> Value {
            guard dimension < tensor.rank else {
                if position & 0xFFFF == 0 { try Interruption.check() }
                position += 1
                return .float(Double(values[position - 1]))
            }
            return .list(try (0..<tensor.shape[dimension]).map { _ in try build(dimension + 1) })
        }
        return try build(0)
    }
}

extension Value {
    static func tensor(_ tensor: Tensor) -> Value { .object(TensorObject(tensor)) }

    /// A tensor, or the one that a number or nested lists of numbers make.
    /// - Parameter what: names the value in the error.
    func tensor(_ what: String) throws -> Tensor {
        if let object = object as? TensorObject { return object.tensor }
        if let number = asDouble { return try Tensor.scalar(Float(number)) }
        var values: [Float] = [], shape: [Int] = []
        try collect(into: &values, shape: &shape, depth: 0, what: what)
        return try Tensor(values, shape: shape)
    }

    private func collect(into values: inout [Float], shape: inout [Int], depth: Int, what: String) throws {
        switch self {
        case .bool(let bool): values.append(bool ? 1 : 0)
        case .int, .float: values.append(Float(asDouble!))
        default:
            guard asString == nil, asRecord == nil, let elements = try iterated() else {
                throw RuntimeError(
                    "\(what) must be numbers, nested lists of numbers, or a Tensor, not a \(typeName)", code: "E203")
            }
            if shape.count == depth {
                guard depth < 16 else { throw RuntimeError("\(what) is nested more than 16 deep", code: "E203") }
                shape.append(elements.count)
            }
            guard shape[depth] == elements.count else {
                throw RuntimeError(
                    "\(what): lists at one level must be equally long, not \(shape[depth]) and \(elements.count)",
                    code: "E207")
            }
            for (index, element) in elements.enumerated() {
                if index & 0xFFFF == 0 { try Interruption.check() }
                if shape.count == depth + 1, let number = element.asDouble {
                    values.append(Float(number))
                    continue
                }
                let before = values.count
                try element.collect(into: &values, shape: &shape, depth: depth + 1, what: what)
                let size = shape[(depth + 1)...].reduce(1, *)
                guard values.count - before == size else {
                    throw RuntimeError("\(what): numbers and lists are mixed at one level", code: "E207")
                }
            }
        }
    }

    /// The tensor of answers that this is, if it is one.
    var mask: Tensor? {
        guard let tensor = (object as? TensorObject)?.tensor, tensor.isBoolean else { return nil }
        return tensor
    }

    /// Whole numbers of a list, or of a tensor that holds them.
    func indices() throws -> [Int] {
        try numbers("an index").map { number in
            guard let int = Int(exactly: number) else {
                throw RuntimeError("\(number) is not a whole number", code: "E206")
            }
            return int
        }
    }
}
