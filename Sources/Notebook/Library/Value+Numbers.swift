import Interruption
import Language

extension Value {
    /// A number as a Double; a tensor of one element, such as a loss, is its number.
    /// - Parameter what: names the value in the error.
    func number(_ what: String) throws -> Double {
        if let tensor = (object as? TensorObject)?.tensor, tensor.count == 1 { return Double(try tensor.item()) }
        guard let number = asDouble else {
            throw RuntimeError("\(what) must be a number, not \(typeInWords)", code: "E203")
        }
        return number
    }

    /// The numbers of a list, a range or a tensor of one dimension.
    func numbers(_ what: String) throws -> [Double] {
        guard let elements = try iterated() else {
            throw RuntimeError("\(what) must be a list of numbers, not \(typeInWords)", code: "E203")
        }
        return try elements.enumerated().map { index, element in
            if index & 0xFFFF == 0 { try Interruption.check() }
            return try element.asDouble ?? element.number("item \(index) of \(what)")
        }
    }

    /// The whole numbers of a list or a range.
    func integers(_ what: String) throws -> [Int] {
        guard let elements = try iterated() else {
            throw RuntimeError("\(what) must be a list of whole numbers, not \(typeInWords)", code: "E203")
        }
        return try elements.enumerated().map { index, element in
            guard let int = element.asInt else {
                throw RuntimeError("item \(index) of \(what) must be an Int, not \(element.typeInWords)", code: "E203")
            }
            return int
        }
    }

    /// A field of a record or of a native object, or nil where there is none.
    func field(_ name: String) throws -> Value? {
        if let record = asRecord { return record[name] }
        return try (object as? NativeObject)?.member(name)
    }

    /// A field that must be a number.
    func numberField(_ name: String, of what: String) throws -> Double {
        guard let value = try field(name) else {
            throw RuntimeError("\(what) is \(typeInWords) without the field `\(name)`", code: "E204")
        }
        return try value.number("`\(name)` of \(what)")
    }

    /// The named values of a record; a single value is named `name`.
    func named(orSingle name: String) -> [(String, Value)] { asRecord?.pairs ?? [(name, self)] }
}
