/// What help, completion and the checker know of a type of values, without a value of it. Its methods are functions of the registry.
public struct NativeType: Sendable {
    public let name: String
    /// One line.
    public let summary: String
    /// What stands behind the dot.
    public let fields: [TypeField]

    public init(_ name: String, _ summary: String, fields: [TypeField] = []) {
        self.name = name
        self.summary = summary
        self.fields = fields
    }
}
