/// What reading one line gave.
public enum LineReading: Equatable, Sendable {
    /// The text, without the final newline; a block holds newlines.
    case line(String)
    /// Ctrl-D on an empty line, or the end of the input.
    case endOfFile
    /// Ctrl-C.
    case interrupted
}

/// What Tab does: text inserted at the cursor, and text shown below the line.
public struct CompletionAnswer: Equatable, Sendable {
    public var insertion: String
    public var listing: String

    public init(insertion: String = "", listing: String = "") {
        self.insertion = insertion
        self.listing = listing
    }
}

/// Where the prompt gets its lines from: the terminal, or a script in tests.
public protocol LineEditor: AnyObject {
    /// Reads a block that is whole; or, where the terminal can show no more, one line of it.
    /// - Parameter prompt: what stands before the first line.
    func readLine(prompt: String) -> LineReading

    /// Remembers an entry for Up and for the search.
    func addHistory(_ entry: String)

    /// Asked before the history is gone through: what others have added to it.
    var historyNews: (() -> [String])? { get set }

    /// Asked at Tab with the text typed so far, the cursor's offset into it in UTF-8 bytes, and the terminal's width.
    var completion: ((_ text: String, _ cursor: Int, _ columns: Int) -> CompletionAnswer)? { get set }

    /// Given pasted text before it is inserted; gives what to insert.
    var pasteFilter: ((_ text: String) -> String)? { get set }

    /// Asked at Enter whether the text can run as it is.
    var isWhole: ((_ text: String) -> Bool)? { get set }

    /// Lets the user change a text in the editor of their choice.
    /// - Throws: an error that says in a line why that was not possible.
    func editOutside(_ text: String) throws -> String
}
