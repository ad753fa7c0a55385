/// A field that every value of a native type has, such as `x.shape`.
public struct TypeField: Sendable {
    public let name: String
    /// As `NativeFunction.returns`: `List`, `Tensor`; `Nil or Tensor` where it may be missing.
    public let type: String
    /// What it is, in less than a line.
    public let summary: String

    public init(_ name: String, _ type: String, _ summary: String) {
        self.name = name
        self.type = type
        self.summary = summary
    }
}
