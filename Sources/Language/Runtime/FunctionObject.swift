/// A variable that an inner function reads.
final class CellObject: Object {
    var value: Value

    init(_ value: Value) {
        self.value = value
        super.init(kind: .cell)
    }

    deinit {
        if isSuspect { CycleCollector.forget(self) }
        Reaper.dispose(&value)
    }
}

/// A script's function with the outer variables it reads.
public final class FunctionObject: Object {
    let prototype: Prototype
    /// The same, for the loop, which holds the function while it runs the code.
    let code: Unmanaged<Prototype>
    let entry: Prototype.Entry
    let captures: UnsafeMutablePointer<CellObject>

    /// - Parameter cell: what the capture at a position refers to.
    init(_ prototype: Prototype, cell: (Int) -> CellObject) {
        self.prototype = prototype
        code = .passUnretained(prototype)
        entry = prototype.entry
        captures = .allocate(capacity: max(1, prototype.captureCount))
        for index in 0..<prototype.captureCount { (captures + index).initialize(to: cell(index)) }
        super.init(kind: .function)
    }

    deinit {
        captures.deinitialize(count: prototype.captureCount)
        captures.deallocate()
    }

    public override var typeName: String { "Function" }
    public var name: String { prototype.name }

    /// What returns the value stands last in the code and comes from all of the text.
    private var span: SourceSpan { prototype.spans[prototype.codeCount - 1] }

    /// The function as it was written.
    public var text: String { prototype.source.text(of: span) }

    /// The lines of comment right above it, else the one behind its first line, without their marks.
    public var comment: [String] {
        var number = prototype.source.lineNumber(of: span.start) - 1
        var lines: [String] = []
        while number > 0 {
            let line = prototype.source.line(number).drop { $0 == " " || $0 == "\t" }
            guard line.hasPrefix("#"), !line.hasPrefix("# %%") else { break }
            lines.insert(String(line.drop { $0 == "#" }.drop { $0 == " " }), at: 0)
            number -= 1
        }
        return lines.isEmpty ? commentBehind.map { [$0] } ?? [] : lines
    }

    private var commentBehind: String? {
        let line = String(prototype.source.line(prototype.source.lineNumber(of: span.start)))
        guard let comment = Highlighter(line).spans.last, comment.kind == .comment else { return nil }
        let text = String(decoding: Array(line.utf8)[comment.span.start..<comment.span.end], as: UTF8.self)
        return String(text.drop { $0 == "#" }.drop { $0 == " " })
    }

    /// Its parameters, and of those that a call may leave out the default as it is written.
    public var parameters: [(name: String, defaultText: String?)] {
        prototype.parameters.map { ($0.name, $0.defaultText) }
    }

    /// `f(a, b = 2)`; no name for `x -> ...`.
    public var signature: String { signature(named: nil) }

    /// - Parameter other: what it is called where it has no name itself.
    func signature(named other: String?) -> String {
        let list = prototype.parameters.map { parameter in
            parameter.defaultText.map { "\(parameter.name) = \($0)" } ?? parameter.name
        }
        return (prototype.isNamed ? name : other ?? "") + "(\(list.joined(separator: ", ")))"
    }
}

/// A file that was compiled for an import, run when the import is first reached.
final class ImportedFile: Object {
    let module: Module
    let prototype: Prototype
    let bindings: Bindings
    let namespace: NamespaceObject
    let text: String
    /// The full paths of the files it imports.
    let imports: Set<String>
    var hasRun = false

    init(module: Module, prototype: Prototype, bindings: Bindings, text: String, imports: Set<String>) {
        self.text = text
        self.imports = imports
        self.module = module
        self.prototype = prototype
        self.bindings = bindings
        namespace = NamespaceObject(module: module)
        super.init(kind: .namespace)
    }
}
