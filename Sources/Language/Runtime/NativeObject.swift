/// One item between the brackets of `x[...]`.
public enum IndexItem {
    case value(Value)
    /// `start:stop:step`; `.null` where a bound is not written, `nil` where no step is.
    case slice(Value, Value, Value?)
}

/// The operators that take two values.
public enum BinaryOperator: String, CaseIterable, Sendable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%", power = "**"
    case matrixMultiply = "@"
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", equal = "==", notEqual = "!="
}

/// The operators that take one value.
public enum UnaryOperator: String, Sendable {
    case negate = "-", not = "not"
}

/// A value the language knows nothing about: a tensor, a model, a figure. Subclasses say what it can do; functions
/// named `Type.name` in the registry are its methods.
open class NativeObject: Object {
    public init() { super.init(kind: .native) }

    open override var typeName: String { "Native" }

    /// The fields that `member` knows, for the registry's table of types.
    open class var fields: [TypeField] { [] }

    /// A field such as `x.shape`; `nil` where there is no such field.
    open func member(_ name: String) throws -> Value? { nil }

    /// The first element of a field that is a list, for completion, without the work of making the others; `nil` where
    /// nothing is known of it.
    open func firstElement(of field: String) -> Value? { nil }

    /// For completion and suggestions.
    open var memberNames: [String] { Swift.type(of: self).fields.map(\.name) }

    /// - Returns: false where there is no such field, or none that can be set.
    open func setMember(_ name: String, _ value: Value) throws -> Bool { false }

    /// `self op other` (`isLeft`) or `other op self`; `nil` where it is not supported. `==` and `!=` come here first
    /// and go to `isEqual` for `nil`.
    open func binary(_ op: BinaryOperator, _ other: Value, isLeft: Bool) throws -> Value? { nil }

    open func unary(_ op: UnaryOperator) throws -> Value? { nil }

    /// `x[items]`
    open func index(_ items: [IndexItem]) throws -> Value {
        throw RuntimeError("a \(typeName) cannot be indexed", code: "E206")
    }

    /// `x[items] = value`
    open func setIndex(_ items: [IndexItem], _ value: Value) throws {
        throw RuntimeError("the items of a \(typeName) cannot be set", code: "E206")
    }

    /// What `for`, `list` and `len` see; `nil` where it has no elements.
    open func elements() throws -> [Value]? { nil }

    /// What `for` sees of an object whose elements come one at a time, such as the lines of a file: a function that
    /// gives the next one, then `nil`. Each call begins anew. What it holds open is closed with the last reference to
    /// it.
    open func stream() throws -> (() throws -> Value?)? { nil }

    /// Whether `value in self`; `nil` to look through `elements`.
    open func contains(_ value: Value) throws -> Bool? { nil }

    /// The number that it stands for, if it is one: what a format such as `.3f` writes.
    open func number() throws -> Value? { nil }

    /// Structural equality, as a Bool: what `==` inside lists and records asks.
    open func isEqual(to other: Object) throws -> Bool { self === other }

    /// Bytes that it holds beside the object itself, for the message of the memory limit.
    open var byteCount: Int { 0 }

    /// The value as text on one line, no longer than the budget.
    open func describe(_ budget: inout PrintBudget) -> String { "<\(typeName)>" }

    /// What `print` and the prompt show of the value by itself, where that is more than `describe`: a few lines.
    open func lines(_ budget: PrintBudget) -> String? { nil }
}
