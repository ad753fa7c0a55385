/// What help and completion know of a type of values, without a value of it. Its methods are functions of the registry.
public struct NativeType: Sendable {
    public let name: String
    /// One line.
    public let summary: String
    /// What stands behind the dot, and one line on each.
    public let fields: [(name: String, summary: String)]

    public init(_ name: String, _ summary: String, fields: [(name: String, summary: String)] = []) {
        self.name = name
        self.summary = summary
        self.fields = fields
    }
}
