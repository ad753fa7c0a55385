import Language

/// A cell of a notebook: a piece of code, or of text between pieces of code. In a percent file it is a mark
/// (`# %% title`) and what follows up to the next.
public struct NotebookCell: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case code
        /// Text; in a percent file every line of it is a comment.
        case markdown
        /// Text that is kept as it is.
        case raw
    }

    public var kind: Kind
    /// What the mark says behind `# %%`; may be empty.
    public var title: String
    /// The code without the blank lines at its ends; of Markdown and raw text, the text without the comment signs.
    public var content: String
    /// The number of the content's first line in its file, from 1; nil where the file has no lines of code: an
    /// `.ipynb`.
    public var firstLine: Int?
    /// What Jupyter knows the cell by; nil for a cell of a percent file.
    public var id: String?
    /// The cell as it stands in its percent file, mark and all; nil for a cell that comes from elsewhere.
    var percentText: String?

    public init(kind: Kind, title: String = "", content: String, firstLine: Int? = nil, id: String? = nil) {
        self.kind = kind
        self.title = title
        self.content = content
        self.firstLine = firstLine
        self.id = id
    }

    /// Whether there is nothing in it.
    public var isBlank: Bool { content.isEmpty }

    /// Code that can be run: blank cells are passed over.
    public var isRunnable: Bool { kind == .code && !isBlank }

    /// Stands for the content, so that a change can be seen: 64 bits in hexadecimal (FNV-1a).
    public var hash: String { Self.hash(content) }

    static func hash(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Functions of the library that change what their first argument holds: a cell that calls one binds that name
    /// anew, as far as other cells are concerned.
    package static let changingFunctions: Set<String> = ["push", "pop", "insert", "warmup", "sft", "rlvr"]

    /// The names that it reads and binds; none for text.
    public var nameUse: NameUse {
        kind == .code ? NameUse(of: content, changing: Self.changingFunctions) : NameUse()
    }
}
