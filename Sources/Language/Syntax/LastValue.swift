/// Where the value of a text comes from.
package enum LastValue {
    /// The offset at which the last statement begins, where that is an expression whose value can be given a name.
    package static func offset(in text: String) -> Int? {
        let program = Parser.parse(Source(name: "", text: text))
        guard program.diagnostics.isEmpty, let last = program.statements.last else { return nil }
        switch last.kind {
        case .definition, .importFile, .assignment, .augmented, .forLoop, .whileLoop, .breakLoop, .continueLoop,
            .returnValue:
            return nil
        default: break
        }
        // Brackets around an expression are no part of it.
        let bytes = Array(text.utf8)
        var start = last.span.start
        for offset in stride(from: last.span.start - 1, through: 0, by: -1) {
            if bytes[offset] == UInt8(ascii: "(") { start = offset }
            guard "( \n\t".utf8.contains(bytes[offset]) else { break }
        }
        return start
    }
}
