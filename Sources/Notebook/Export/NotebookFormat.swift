/// What a notebook can be written as; the ending of the file's name chooses.
public enum NotebookFormat: String, CaseIterable, Sendable {
    case html, markdown = "md", jupyter = "ipynb"
    /// The source alone, in the percent format.
    case percent = "bridge"

    /// nil for an ending that is none of these.
    public init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        let ending = name[name.index(after: dot)...].lowercased()
        self.init(rawValue: ending == "htm" ? "html" : ending == "markdown" ? "md" : ending)
    }

    /// The endings, for messages.
    public static var endings: String { allCases.map { ".\($0.rawValue)" }.joined(separator: " ") }
}

extension LoadedNotebook {
    /// Writes the notebook as it is now. A file appears whole or not at all; Markdown has its pictures in a folder
    /// beside it, `study_files` for `study.md`.
    /// - Throws: an error that says in a line what could not be written.
    public func write(_ format: NotebookFormat, to path: String) throws {
        let page = NotebookPage(self)
        switch format {
        case .html:
            let folder = self.path.map(Self.folder) ?? "."
            try TextFile.write(HTMLPage(page, imageFolder: folder).text, to: path)
        case .markdown: try MarkdownPage(page, stem: Self.stem(path)).write(to: path)
        case .jupyter: try TextFile.write(JupyterNotebook.text(of: page), to: path)
        case .percent: try TextFile.write(document.percentText, to: path)
        }
    }

    /// Where the outputs of a notebook at a path are kept: an `.ipynb` beside it.
    public static func outputsPath(for path: String) -> String {
        path.hasSuffix(".ipynb") ? path : (path.hasSuffix(".bridge") ? String(path.dropLast(7)) : path) + ".ipynb"
    }

    /// Keeps the outputs beside the source; `restoreOutputs` finds them there.
    /// - Returns: the path written.
    /// - Throws: an error that says in a line what could not be written.
    @discardableResult
    public func saveOutputs() throws -> String {
        let target = Self.outputsPath(for: path ?? name)
        try write(.jupyter, to: target)
        return target
    }

    /// Takes over the outputs that were kept beside the source.
    /// - Throws: an error that says in a line why they cannot be read.
    public func restoreOutputs() throws {
        let source = Self.outputsPath(for: path ?? name)
        let (recorded, records) = try JupyterNotebook.read(try TextFile.read(source), name: source)
        restore(recorded, records)
    }

    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path without its ending.
    private static func stem(_ path: String) -> String {
        guard let dot = path.lastIndex(of: "."), path[dot...].allSatisfy({ $0 != "/" }) else { return path }
        return String(path[..<dot])
    }
}
