/// Where and why a text is not JSON.
@usableFromInline
package struct JSONError: Error, Equatable {
    /// The line, counted from 1.
    package let line: Int
    /// The character of the line, counted from 1.
    package let column: Int
    package let reason: String

    package init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }
}
