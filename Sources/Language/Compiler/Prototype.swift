/// A compiled function, or the statements of a file. What varies from run to run (captures, arguments) is elsewhere.
final class Prototype {
    struct ParameterInfo {
        var name: String
        /// The default as written, its blanks joined; cut where it is long.
        var defaultText: String?
        var hasDefault: Bool { defaultText != nil }
    }

    let name: String
    /// False for `x -> ...` and `fn (x) { }`.
    let isNamed: Bool
    let source: Source
    let parameters: [ParameterInfo]
    let parameterCount: Int
    let module: Module
    let captures: [Scope.Capture]
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
        parameters = parts.parameters
        parameterCount = parts.parameters.count
        module = parts.module
        captures = parts.scope.captures
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
    case record([String])

    enum IndexPart {
        case value
        /// Its step is on the stack only if it was written.
        case slice(hasStep: Bool)
    }
}

struct CallShape {
    /// The method's name for `x.name(...)`.
    var method: String?
    var positional: Int
    var names: [String]
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
