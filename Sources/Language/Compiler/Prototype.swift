/// A compiled function, or the statements of a file. What varies from run to run (captures, arguments) is elsewhere.
final class Prototype {
    struct ParameterInfo {
        var name: String
        /// The default as written, its blanks joined; cut where it is long.
        var defaultText: String?
        var hasDefault: Bool { defaultText != nil }
    }

    /// What a call needs to know, in one place.
    struct Entry {
        var code: UnsafeMutablePointer<UInt32>
        var constants: UnsafeMutablePointer<Value>
        var globals: UnsafeMutablePointer<Value>
        var parameterCount: Int
        var localCount: Int
        var frameSize: Int
        var hasUncertainSlots: Bool
    }

    let name: String
    /// False for `x -> ...` and `fn (x) { }`.
    let isNamed: Bool
    let source: Source
    /// A file's statements, not a function.
    let isFile: Bool
    let entry: Entry
    let parameters: [ParameterInfo]
    let parameterCount: Int
    let module: Module
    let captures: [Scope.Capture]
    let captureCount: Int
    /// Slots that must read as "no value yet" until they are bound.
    let uncertainSlots: [Int]
    let localCount: Int
    /// Locals and temporaries together.
    let frameSize: Int
    let code: UnsafeMutablePointer<UInt32>
    let codeCount: Int
    /// For each word of code, where it comes from.
    let spans: [SourceSpan]
    let constants: UnsafeMutablePointer<Value>
    let constantCount: Int
    let prototypes: [Prototype]
    let shapes: [Shape]
    let localNames: [String]

    init(_ parts: PrototypeParts) {
        name = parts.name
        isNamed = parts.isNamed
        source = parts.source
        isFile = parts.scope.isFile
        parameters = parts.parameters
        parameterCount = parts.parameters.count
        module = parts.module
        captures = parts.scope.captures
        captureCount = captures.count
        uncertainSlots = parts.uncertainSlots.sorted()
        localCount = parts.localCount
        frameSize = parts.localCount + parts.maximumHeight + 2
        codeCount = parts.code.count
        code = .allocate(capacity: max(1, parts.code.count))
        code.initialize(from: parts.code, count: parts.code.count)
        spans = parts.spans
        constantCount = parts.constants.count
        constants = .allocate(capacity: max(1, parts.constants.count))
        constants.initialize(from: parts.constants, count: parts.constants.count)
        prototypes = parts.prototypes
        shapes = parts.shapes
        localNames = parts.scope.locals
        entry = Entry(
            code: code, constants: constants, globals: module.values,
            parameterCount: parameterCount, localCount: localCount, frameSize: frameSize,
            hasUncertainSlots: !uncertainSlots.isEmpty)
    }

    deinit {
        code.deinitialize(count: codeCount)
        code.deallocate()
        constants.deinitialize(count: constantCount)
        constants.deallocate()
    }
}

/// What an operand cannot hold: the names in a call, the parts of an index, the keys of a record.
enum Shape {
    case call(CallShape)
    case index([IndexPart])
    case record(RecordLayout)

    enum IndexPart {
        case value
        /// Its step is on the stack only if it was written.
        case slice(hasStep: Bool)
    }
}

final class CallShape {
    /// The method's name for `x.name(...)`.
    let method: StringObject?
    let positional: Int
    let names: [String]
    /// The library's function of the method's name: what `x.name(...)` calls where `x` has no such field.
    let function: NativeFunctionObject?

    init(method: StringObject? = nil, positional: Int, names: [String], function: NativeFunctionObject? = nil) {
        self.method = method
        self.positional = positional
        self.names = names
        self.function = function
    }

    var count: Int { positional + names.count }
}

/// What the compiler collects for a prototype.
struct PrototypeParts {
    var name: String
    var isNamed = true
    var source: Source
    var module: Module
    var scope: Scope
    var parameters: [Prototype.ParameterInfo] = []
    var localCount = 0
    var maximumHeight = 0
    var uncertainSlots: Set<Int> = []
    var code: [UInt32] = []
    var spans: [SourceSpan] = []
    var constants: [Value] = []
    var prototypes: [Prototype] = []
    var shapes: [Shape] = []
}
