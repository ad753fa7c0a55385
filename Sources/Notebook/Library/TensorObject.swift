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
        let gradient = value.isNull ? nil : try value.tensor("`grad`")
        if let gradient, gradient.shape != tensor.shape {
            throw TensorError(
                "grad", "a gradient of shape \(Shape.text(gradient.shape)) does not fit a tensor of shape "
                    + Shape.text(tensor.shape))
        }
        // A copy of its own: what happens to the value later is not to change the gradient.
        tensor.gradient = try gradient?.detached().copy()
        return true
    }

    override func binary(_ op: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? {
        switch other {
        case .int, .float, .bool: break
        case .object(let object) where object is TensorObject || other.asList != nil: break
        default: return nil
        }
        let right = try other.tensor("the other side of `\(op.rawValue)`")
        let (a, b) = isLeft ? (tensor, right) : (right, tensor)
        return .tensor(
            try NaNCheck.watching(op.rawValue, [a, b], results: { [$0] }) {
                try other.asDouble.flatMap { try scalar(op, Float($0), isWhole: other.asInt != nil, isLeft: isLeft) }
                    ?? TensorObject.value(op, a, b)
            })
    }

    private static func value(_ op: BinaryOperator, _ a: Tensor, _ b: Tensor) throws -> Tensor {
        switch op {
        case .add: try a + b
        case .subtract: try a - b
        case .multiply: try a * b
        case .divide: try a / b
        case .floorDivide: try a.floorDivided(by: b)
        case .remainder: try a.remainder(dividingBy: b)
        case .power: try a.power(b)
        case .matrixMultiply: try a.matmul(b)
        case .less: try a.less(b)
        case .lessOrEqual: try a.lessOrEqual(b)
        case .greater: try a.greater(b)
        case .greaterOrEqual: try a.greaterOrEqual(b)
        case .equal: try a.equal(b)
        case .notEqual: try a.notEqual(b)
        }
    }

    /// The operators that need no second tensor for a number.
    /// - Parameter isWhole: of an Int and whole numbers they make whole numbers.
    private func scalar(_ op: BinaryOperator, _ number: Float, isWhole: Bool, isLeft: Bool) throws -> Tensor? {
        let result: Tensor
        switch (op, isLeft) {
        case (.add, _): result = try tensor + number
        case (.subtract, true): result = try tensor - number
        case (.subtract, false): result = try number - tensor
        case (.multiply, _): result = try tensor * number
        case (.power, true): result = try tensor.power(number)
        default: return nil
        }
        let staysWhole = isWhole && tensor.kind != .real && (op != .power || number >= 0)
        return staysWhole ? try result.asIntegers() : result
    }

    override func unary(_ op: UnaryOperator) throws -> Value {
        switch op {
        case .negate: .tensor(try -tensor)
        case .not: .tensor(try tensor.logicalNot())
        }
    }

    override func index(_ items: [IndexItem]) throws -> Value { .tensor(try tensor.indexed(try items.map(part))) }

    override func setIndex(_ items: [IndexItem], _ value: Value) throws {
        try tensor.assign(try value.tensor("the value"), at: try items.map(part))
    }

    override func elements() throws -> [Value] {
        guard tensor.rank > 0 else {
            throw RuntimeError("a Tensor of shape [] has no elements to go through; use item()", code: "E206")
        }
        if tensor.rank == 1 { return try tensor.floats().map { TensorObject.value($0, tensor.kind) } }
        return try (0..<tensor.shape[0]).map { .tensor(try tensor.select(0, $0)) }
    }

    override func isEqual(to other: Object) throws -> Bool {
        guard let other = (other as? TensorObject)?.tensor, other.shape == tensor.shape else { return false }
        return try other.floats() == tensor.floats()
    }

    override func describe(_ budget: inout PrintBudget) -> String { tensor.description }

    override func lines(_ budget: PrintBudget) -> String? { tensor.describe() }

    override func number() throws -> Value? {
        tensor.count == 1 ? TensorObject.value(try tensor.item(), tensor.kind) : nil
    }

    /// An element as it comes out: a Bool, an Int or a Float.
    static func value(_ element: Float, _ kind: Tensor.Kind) -> Value {
        switch kind {
        case .boolean: .bool(element != 0)
        case .integer: .int(Int(element))
        case .real: .float(Double(element))
        }
    }

    /// The values as nested lists.
    static func nested(_ tensor: Tensor) throws -> Value {
        let values = try tensor.floats()
        var position = 0
        func build(_ dimension: Int) throws -> Value {
            guard dimension < tensor.rank else {
                if position & 0xFFFF == 0 { try Interruption.check() }
                position += 1
                return value(values[position - 1], tensor.kind)
            }
            return .list(try (0..<tensor.shape[dimension]).map { _ in try build(dimension + 1) })
        }
        return try build(0)
    }
}
