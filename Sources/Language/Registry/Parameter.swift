/// One parameter of a native function.
public struct Parameter {
    public let name: String
    public let type: ParameterType
    /// The value when the argument is not given; shown in help. A parameter with a default of nil takes nil as well.
    public let defaultValue: Value?
    /// One line for help.
    public let documentation: String
    /// Takes all remaining arguments by position, as a list. At most one for a function; what follows goes by name.
    public let isVariadic: Bool
    /// Whether a call may leave it out.
    public let isOptional: Bool

    /// Texts that it is known to take, which completion offers.
    public private(set) var choices: [String] = []
    /// Whether there may be others.
    public private(set) var takesOtherTexts = true

    /// A parameter that must be given.
    public init(_ name: String, _ type: ParameterType = .any, _ documentation: String = "") {
        self.init(name: name, type: type, documentation: documentation)
    }

    /// The same with texts that completion offers.
    /// - Parameter only: whether it takes no others.
    public func offering(_ choices: [String], only: Bool = false) -> Parameter {
        var parameter = self
        parameter.choices = choices
        parameter.takesOtherTexts = !only
        return parameter
    }

    /// A parameter that may be left out; `.null` as the default where there is none to show.
    public init(_ name: String, _ type: ParameterType = .any, default value: Value, _ documentation: String = "") {
        self.init(name: name, type: type, defaultValue: value, documentation: documentation, isOptional: true)
    }

    public static func variadic(
        _ name: String, _ type: ParameterType = .any, _ documentation: String = ""
    ) -> Parameter {
        Parameter(name: name, type: type, documentation: documentation, isVariadic: true, isOptional: true)
    }

    public init(
        name: String, type: ParameterType = .any, defaultValue: Value? = nil, documentation: String = "",
        isVariadic: Bool = false, isOptional: Bool = false
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.documentation = documentation
        self.isVariadic = isVariadic
        self.isOptional = isOptional || isVariadic || defaultValue != nil
    }

    /// Whether nil stands for "not given".
    var acceptsNull: Bool { defaultValue?.isNull ?? false }

    var acceptedKinds: UInt16 { type.acceptedKinds | (acceptsNull ? ParameterType.Kinds.null.rawValue : 0) }
}
