/// A function of the library: everything that help, completion, the reference, argument checking and error hints need,
/// and its body.
public struct NativeFunction {
    /// `len`, or `model.load` in a namespace, or `Tensor.reshape`, a method of a native type.
    public let name: String
    /// A method's parameters do not list its receiver.
    public let parameters: [Parameter]
    /// The type of the result, for help.
    public let returns: String
    /// One line.
    public let summary: String
    public let details: String
    /// A script that runs.
    public let example: String
    public let seeAlso: [String]
    public let body: (NativeCall) throws -> Value

    public init(
        name: String, parameters: [Parameter] = [], returns: String = "Nil", summary: String, details: String = "",
        example: String, seeAlso: [String] = [], body: @escaping (NativeCall) throws -> Value
    ) {
        self.name = name
        self.parameters = parameters
        self.returns = returns
        self.summary = summary
        self.details = details
        self.example = example
        self.seeAlso = seeAlso
        self.body = body
    }

    /// The part before the dot of `model.load` or `Tensor.reshape`.
    public var namespace: String? {
        guard let dot = name.firstIndex(of: ".") else { return nil }
        return String(name[..<dot])
    }

    /// The part behind the dot; the whole name where there is none.
    public var shortName: String {
        guard let dot = name.firstIndex(of: ".") else { return name }
        return String(name[name.index(after: dot)...])
    }

    /// Whether it is a method of a native type: the part before the dot starts with a capital letter.
    public var isMethod: Bool { namespace?.first?.isUppercase ?? false }

    /// `round(value, digits = 0) -> Int or Float`
    public var signature: String {
        let list = parameters.map { parameter in
            if parameter.isVariadic { return "..." + parameter.name }
            if let value = parameter.defaultValue { return "\(parameter.name) = \(Printer.short(value))" }
            return parameter.isOptional ? "\(parameter.name)?" : parameter.name
        }
        return "\(name)(\(list.joined(separator: ", "))) -> \(returns)"
    }
}
