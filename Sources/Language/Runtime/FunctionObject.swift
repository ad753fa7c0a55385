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
    let captures: UnsafeMutablePointer<CellObject>

    /// - Parameter cells: one for each capture of the prototype.
    init(_ prototype: Prototype, cells: [CellObject]) {
        self.prototype = prototype
        captures = .allocate(capacity: max(1, cells.count))
        captures.initialize(from: cells, count: cells.count)
        super.init(kind: .function)
    }

    deinit {
        captures.deinitialize(count: prototype.captures.count)
        captures.deallocate()
    }

    public override var typeName: String { "Function" }
    public var name: String { prototype.name }

    /// The function as it was written. What returns its value stands last in the code and comes from all of it.
    public var text: String { prototype.source.text(of: prototype.spans[prototype.codeCount - 1]) }

    /// The lines of comment right above it, without their marks.
    public var comment: [String] {
        let start = prototype.spans[prototype.codeCount - 1].start
        var number = prototype.source.position(of: start).line - 1
        var lines: [String] = []
        while number > 0 {
            let line = prototype.source.line(number).drop { $0 == " " || $0 == "\t" }
            guard line.hasPrefix("#"), !line.hasPrefix("# %%") else { break }
            lines.insert(String(line.drop { $0 == "#" }.drop { $0 == " " }), at: 0)
            number -= 1
        }
        return lines
    }

    /// Its parameters, and which of them a call may leave out.
    public var parameters: [(name: String, hasDefault: Bool)] { prototype.parameters.map { ($0.name, $0.hasDefault) } }

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

/// Where a `for` is.
final class IteratorObject: Object {
    enum Position {
        case range(next: Int, remaining: Int, step: Int)
        case list(ListObject, next: Int)
        case values([Value], next: Int)
    }

    var position: Position

    init(_ position: Position) {
        self.position = position
        super.init(kind: .iterator)
    }

    convenience init(_ value: Value) throws {
        switch value.object {
        case let range as RangeObject: self.init(.range(next: range.start, remaining: range.count, step: range.step))
        case let list as ListObject: self.init(.list(list, next: 0))
        default:
            guard let values = try value.iterated() else {
                let hint = value.asInt.map { "write `0..\($0)`" }
                throw RuntimeError("`for` cannot go through \(Printer.withType(value))", code: "E205", suggestion: hint)
            }
            self.init(.values(values, next: 0))
        }
    }

    /// A list that grows while it is gone through is gone through to its new end, as in Python.
    func next() -> Value? {
        switch position {
        case .range(let next, let remaining, let step):
            guard remaining > 0 else { return nil }
            position = .range(next: next &+ step, remaining: remaining - 1, step: step)
            return .int(next)
        case .list(let list, let next):
            guard next < list.elements.count else { return nil }
            position = .list(list, next: next + 1)
            return list.elements[next]
        case .values(let values, let next):
            guard next < values.count else { return nil }
            position = .values(values, next: next + 1)
            return values[next]
        }
    }
}
