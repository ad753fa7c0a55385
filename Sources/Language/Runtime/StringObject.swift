/// An immutable text. It is indexed by Unicode scalar, as in Python.
public final class StringObject: Object {
    public let text: String
    private var countedScalars = -1

    public init(_ text: String) {
        self.text = text
        super.init(kind: .string)
    }

    public override var typeName: String { "String" }

    /// How many characters `len` reports. Counted once.
    public var count: Int {
        if countedScalars < 0 { countedScalars = text.unicodeScalars.count }
        return countedScalars
    }

    /// With one byte for each character, a character is found without a search.
    var isASCII: Bool { count == text.utf8.count }

    /// - Parameter position: in 0...count.
    func index(at position: Int) -> String.Index {
        isASCII
            ? text.utf8.index(text.startIndex, offsetBy: position)
            : text.unicodeScalars.index(text.startIndex, offsetBy: position)
    }

    /// - Parameter position: in 0..<count.
    func character(at position: Int) -> String { String(text.unicodeScalars[index(at: position)]) }
}
