/// A function of the library: everything that help, completion, the reference, argument checking and error hints need,
/// and its body.
public struct NativeFunction {
    /// `len`, or `model.load` in a namespace, or `Tensor.reshape`, a method of a native type.
    public let name: String
    /// The part before the dot of `model.load` or `Tensor.reshape`.
    public let namespace: String?
    /// The part behind the dot; the whole name where there is none.
    public let shortName: String
    /// Whether it is a method of a native type: the part before the dot starts with a capital letter.
    public let isMethod: Bool
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
    let quick: Quick?

    /// The commonest case of a function that is called in inner loops: takes arguments by position and how many they
    /// are, and puts the result in a place that has no value. False, and nothing has happened, where it is another
    /// case: then the body does it, or says why it cannot be done.
    typealias Quick = (UnsafeMutablePointer<Value>, Int, UnsafeMutablePointer<Value>) -> Bool

    public init(
        name: String, parameters: [Parameter] = [], returns: String = "Nil", summary: String, details: String = "",
        example: String, seeAlso: [String] = [], body: @escaping (NativeCall) throws -> Value
    ) {
        self.init(
            name: name, parameters: parameters, returns: returns, summary: summary, details: details, example: example,
            seeAlso: seeAlso, quick: nil, body: body)
    }

    init(
        name: String, parameters: [Parameter] = [], returns: String = "Nil", summary: String, details: String = "",
        example: String, seeAlso: [String] = [], quick: Quick?, body: @escaping (NativeCall) throws -> Value
    ) {
        self.quick = quick
        self.name = name
        if let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) {
            namespace = String(name[..<dot])
            shortName = String(name[name.utf8.index(after: dot)...])
            isMethod = name.utf8.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? false
        } else {
            (namespace, shortName, isMethod) = (nil, name, false)
        }
        self.parameters = parameters
        self.returns = returns
        self.summary = summary
        self.details = details
        self.example = example
        self.seeAlso = seeAlso
        self.body = body
    }

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
