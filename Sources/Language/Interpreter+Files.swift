import Glibc

/// Compiling sources, and the files they import.
extension Interpreter {
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

    /// In the order of the text; what other files have comes first.
    static func sorted(_ diagnostics: [Diagnostic], first source: Source) -> [Diagnostic] {
        let others = diagnostics.filter { $0.source !== source }
        return others + diagnostics.filter { $0.source === source }.sorted { $0.span.start < $1.span.start }
    }

    /// Finds, checks and compiles an imported file, once.
    func load(_ path: String, _ span: SourceSpan, _ source: Source) -> ImportResult {
        let full = Interpreter.resolve(path, beside: source.path)
        if let file = files[full] { return .success(file) }
        func failure(_ message: String) -> ImportResult {
            .failure([Diagnostic(code: "E050", message: message, source: source, span: span)])
        }
        if let start = loading.firstIndex(of: full) {
            let cycle = (loading[start...] + [full]).map(Interpreter.lastComponent).joined(separator: " -> ")
            return failure("these files import each other: \(cycle)")
        }
        guard loading.count < 50 else { return failure("files import each other too deeply: more than 50 levels") }
        let text: String
        switch Interpreter.read(full) {
        case .success(let contents): text = contents
        case .failure(let problem): return failure("cannot read the file \(full): \(problem.reason)")
        }
        loading.append(full)
        defer { loading.removeLast() }
        let imported = Source(name: path, text: text, path: full)
        let module = Module(name: Interpreter.lastComponent(path))
        do {
            let compiled = try compile(imported, into: module)
            let file = ImportedFile(module: module, prototype: compiled.prototype, bindings: compiled.bindings)
            files[full] = file
            return .success(file)
        } catch {
            return .failure(error.diagnostics)
        }
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

    struct Unreadable: Error {
        let reason: String
    }

    /// The text of a file.
    static func read(_ path: String) -> Result<String, Unreadable> {
        guard let file = fopen(path, "rb") else { return .failure(Unreadable(reason: String(cString: strerror(errno)))) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > Limits.sourceBytes { return .failure(Unreadable(reason: Limits.sourceTooLong)) }
        }
        if ferror(file) != 0 { return .failure(Unreadable(reason: String(cString: strerror(errno)))) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure(Unreadable(reason: "it is not UTF-8 text"))
        }
        return .success(text)
    }
}
