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

    /// `f(a, b = 2)`; no name for `x -> ...`.
    public var signature: String {
        let list = prototype.parameters.map { parameter in
            parameter.defaultText.map { "\(parameter.name) = \($0)" } ?? parameter.name
        }
        return (prototype.isNamed ? name : "") + "(\(list.joined(separator: ", ")))"
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
