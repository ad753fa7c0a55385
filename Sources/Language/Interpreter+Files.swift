import Glibc
import Spelling

/// Compiling sources, and the files they import.
extension Interpreter {
    /// A file that is being compiled, and what it imports.
    struct Loading {
        let path: String
        var imports: Set<String> = []
    }

    struct Compiled {
        var prototype: Prototype
        var bindings: Bindings
        var endsWithSemicolon: Bool
    }

    /// Checks a source and compiles it for a module.
    func compile(_ source: Source, into module: Module) throws(DiagnosticsError) -> Compiled {
        let program = Parser.parse(source)
        let (scope, checker) = inspect(program, source, module)
        let found = program.diagnostics + checker.diagnostics
        if found.contains(where: { $0.severity == .error }) {
            throw DiagnosticsError(phase: .checking, diagnostics: Interpreter.sorted(found, first: source))
        }
        let names = checker.fileNames
        guard module.names.count + names.count < Module.capacity else {
            let diagnostic = Diagnostic(
                code: "E235", message: "a file can bind at most \(Module.capacity) names", source: source,
                span: SourceSpan(0, 0))
            throw DiagnosticsError(phase: .checking, diagnostics: [diagnostic])
        }
        let prototype = Compiler.compile(
            program, source: source, scope: scope, names: names, registry: registry, module: module, loader: load)
        return Compiled(
            prototype: prototype, bindings: Bindings(program.statements), endsWithSemicolon: program.endsWithSemicolon)
    }

    func inspect(_ program: Program, _ source: Source, _ module: Module) -> (Scope, Checker) {
        let scope = Scope(isFile: true)
        var checker = Checker(
            source: source, program: program, fileScope: scope, registry: registry, module: module,
            loader: load)
        checker.check(program.statements)
        return (scope, checker)
    }

    /// In the order of the text; what other files have comes first. Of a text that is wrong throughout, the first ones.
    static func sorted(_ diagnostics: [Diagnostic], first source: Source) -> [Diagnostic] {
        let others = diagnostics.filter { $0.source !== source }
        let own = diagnostics.filter { $0.source === source }.sorted { $0.span.start < $1.span.start }
        return Array((others + own).prefix(Limits.diagnostics))
    }

    /// Finds, checks and compiles an imported file. A file that has not changed since it was loaded, nor any that it
    /// imports, is not loaded again; one that has changed between two runs of a session is a new file.
    func load(_ path: String, _ span: SourceSpan, _ source: Source) -> ImportResult {
        let full = Interpreter.resolve(path, beside: source.path)
        noteImport(of: full)
        if let file = files[full], isCurrent(file, at: full) { return .success(file) }
        func failure(_ message: String, suggestion: String? = nil, notes: [String] = []) -> ImportResult {
            .failure([
                Diagnostic(
                    code: "E050", message: message, source: source, span: span, suggestion: suggestion, notes: notes)
            ])
        }
        if let start = loading.firstIndex(where: { $0.path == full }) {
            let cycle = (loading[start...].map(\.path) + [full]).map(Interpreter.lastComponent).joined(separator: " -> ")
            return failure("these files import each other: \(cycle)")
        }
        guard loading.count < Limits.imports else {
            return failure("files import each other too deeply: more than \(Limits.imports) levels")
        }
        switch Interpreter.read(full) {
        case .success(let text):
            let name = Interpreter.name(of: path, beside: source.name)
            return compile(Source(name: name, text: text, path: full), at: full)
        case .failure(let problem):
            return failure(
                "cannot import \"\(path)\": \(problem.reason)", suggestion: Interpreter.similar(to: path, at: full),
                notes: ["the path leads to \(full)"])
        }
    }

    /// How an imported file is shown: by its path from where the importing one's begins, `im/../c.bridge` as `c.bridge`.
    private static func name(of path: String, beside other: String) -> String {
        guard !path.hasPrefix("/"), let slash = other.lastIndex(of: "/") else { return path }
        var parts: [Substring] = []
        let joined = other[...slash] + path
        for part in joined.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (joined.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// The script in the same folder whose name is like that of a file that is not there.
    private static func similar(to path: String, at full: String) -> String? {
        guard let folder = opendir(full.lastIndex(of: "/").map { String(full[...$0]) } ?? ".") else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while names.count < 1000, let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".bridge") { names.append(name) }
        }
        guard let near = EditDistance.nearest(to: lastComponent(full), in: names, limit: 1).first else { return nil }
        let start = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        return "did you mean \"\(start)\(near)\"?"
    }

    private func compile(_ source: Source, at full: String) -> ImportResult {
        loading.append(Loading(path: full))
        defer { loading.removeLast() }
        let module = Module(name: Interpreter.lastComponent(source.name))
        do {
            let compiled = try compile(source, into: module)
            let file = ImportedFile(
                module: module, prototype: compiled.prototype, bindings: compiled.bindings, text: source.text,
                imports: loading[loading.count - 1].imports)
            files[full] = file
            checkedFiles.insert(full)
            return .success(file)
        } catch {
            return .failure(error.diagnostics)
        }
    }

    private func noteImport(of full: String) {
        guard !loading.isEmpty else { return }
        loading[loading.count - 1].imports.insert(full)
    }

    /// Whether the file, and every file it imports, reads as it did when it was loaded. Asked once in a run.
    private func isCurrent(_ file: ImportedFile, at full: String) -> Bool {
        if checkedFiles.contains(full) { return true }
        guard case .success(file.text) = Interpreter.read(full) else { return false }
        for path in file.imports {
            guard let inner = files[path], isCurrent(inner, at: path) else { return false }
        }
        checkedFiles.insert(full)
        return true
    }

    private static func resolve(_ path: String, beside file: String?) -> String {
        let slash = file?.lastIndex(of: "/")
        let folder = slash.map { String(file![...$0]) } ?? ""
        let joined = path.hasPrefix("/") ? path : folder + path
        guard let real = realpath(joined, nil) else { return joined }
        defer { free(real) }
        return String(cString: real)
    }

    private static func lastComponent(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    struct Unreadable: Error, Equatable {
        let reason: String

        init(_ reason: String) { self.reason = reason }

        /// The C library's reason, in our words where it is a common one.
        init(errno number: Int32) {
            switch number {
            case ENOENT, ENOTDIR: reason = "there is no such file"
            case EACCES, EPERM: reason = "it must not be read"
            default: reason = String(cString: strerror(number))
            }
        }
    }

    /// The text of a file.
    static func read(_ path: String) -> Result<String, Unreadable> {
        var status = stat()
        guard stat(path, &status) == 0 else { return .failure(Unreadable(errno: errno)) }
        let kind = status.st_mode & S_IFMT
        if kind == S_IFDIR { return .failure(Unreadable("it is a folder")) }
        guard kind == S_IFREG else { return .failure(Unreadable("it is no ordinary file")) }
        guard let file = fopen(path, "rb") else { return .failure(Unreadable(errno: errno)) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > Limits.sourceBytes { return .failure(Unreadable(Limits.sourceTooLong)) }
        }
        if ferror(file) != 0 { return .failure(Unreadable(errno: errno)) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(Unreadable("it is not UTF-8 text"))
        }
        return .success(text)
    }
}
