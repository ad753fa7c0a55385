/// A variable that an inner function reads.
final class CellObject: Object {
    var value: Value

    init(_ value: Value) {
        self.value = value
        super.init(kind: .cell)
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

    /// `f(a, b = ...)`
    public var signature: String {
        "\(name)(\(prototype.parameters.map { $0.hasDefault ? "\($0.name) = ..." : $0.name }.joined(separator: ", ")))"
    }
}

/// A file that was compiled for an import, run when the import is first reached.
final class ImportedFile: Object {
    let module: Module
    let prototype: Prototype
    let bindings: Bindings
    let namespace: NamespaceObject
    var hasRun = false

    init(module: Module, prototype: Prototype, bindings: Bindings) {
        self.module = module
        self.prototype = prototype
        self.bindings = bindings
        namespace = NamespaceObject(module: module)
        super.init(kind: .namespace)
    }
}
