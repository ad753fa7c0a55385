import Interruption
import Language
import Tensors

extension Value {
    static func tensor(_ tensor: Tensor) -> Value { .object(TensorObject(tensor)) }

    /// A tensor, or the one that a number or nested lists of numbers make.
    /// - Parameter what: names the value in the error.
    func tensor(_ what: String) throws -> Tensor {
        if let object = object as? TensorObject { return object.tensor }
        if let number = asDouble {
            let scalar = try Tensor.scalar(Float(number))
            return asInt == nil ? scalar : try scalar.asIntegers()
        }
        var values: [Float] = [], shape: [Int] = [], answers = 0
        try collect(into: &values, shape: &shape, answers: &answers, depth: 0, what: what)
        let tensor = try Tensor(values, shape: shape)
        return answers == values.count && answers > 0 ? try tensor.asAnswers() : tensor
    }

    /// - Parameter answers: counts the Bools.
    private func collect(
        into values: inout [Float], shape: inout [Int], answers: inout Int, depth: Int, what: String
    ) throws {
        switch self {
        case .bool(let bool):
            values.append(bool ? 1 : 0)
            answers += 1
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
                try element.collect(into: &values, shape: &shape, answers: &answers, depth: depth + 1, what: what)
                let size = shape[(depth + 1)...].reduce(1, *)
                guard values.count - before == size else {
                    throw RuntimeError("\(what): numbers and lists are mixed at one level", code: "E207")
                }
            }
        }
    }
}
