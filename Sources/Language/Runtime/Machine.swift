import Interruption
import Synchronization

/// Runs code. One stack of values and one of frames, neither of which ever moves.
final class Machine {
    struct Frame {
        var prototype: Unmanaged<Prototype>
        /// `nil` for a file's statements.
        var function: Unmanaged<FunctionObject>?
        /// The next instruction, kept here while another frame runs.
        var next: UnsafeMutablePointer<UInt32>
        /// The first local; the callee is just below.
        var base: UnsafeMutablePointer<Value>
    }

    struct Handler {
        var frame: Int
        var height: UnsafeMutablePointer<Value>
        var target: Int
    }

    static let stackSize = 1 << 18

    unowned let interpreter: Interpreter
    let stack: UnsafeMutablePointer<Value>
    let stackEnd: UnsafeMutablePointer<Value>
    let frames: UnsafeMutablePointer<Frame>
    /// Frames in use.
    var depth = 0
    /// The first free place of the stack while no loop runs or a native function does.
    var top: UnsafeMutablePointer<Value>
    var handlers: [Handler] = []
    var nativeDepth = 0
    /// Where the last interruption stopped what ran; whoever starts a run clears it.
    var interruptedAt: Diagnostic?
    let interruption: UnsafePointer<Atomic<UInt8>>

    init(_ interpreter: Interpreter) {
        self.interpreter = interpreter
        stack = .allocate(capacity: Machine.stackSize)
        stackEnd = stack + (Machine.stackSize - 1024)
        frames = .allocate(capacity: Limits.callDepth + 1)
        top = stack
        interruption = Interruption.flag
        _ = CycleCollector.helpsMemoryLimit
        top.initialize(to: .unbound)
        precondition(top.holdsObject && top.isUnbound, "a Value's layout is not what `Value+Memory` takes it for")
        top.deinitialize(count: 1)
    }

    deinit {
        stack.deallocate()
        frames.deallocate()
    }

    /// Runs a file's statements to their end.
    func run(_ prototype: Prototype) throws -> Value {
        CycleCollector.noteThread()
        try enterNative()
        defer { nativeDepth -= 1 }
        top.initialize(to: .null)  // the callee's place
        let base = top + 1
        guard base + prototype.frameSize < stackEnd else { drop(to: top, from: base); throw Machine.tooDeep }
        for slot in 0..<prototype.localCount { (base + slot).initialize(to: .null) }
        for slot in prototype.uncertainSlots { base[slot] = .unbound }
        let frame = Frame(prototype: .passUnretained(prototype), function: nil, next: prototype.code, base: base)
        return try withExtendedLifetime(prototype) { try execute(frame, from: base + prototype.localCount) }
    }

    /// Calls a function from native code.
    func call(_ callee: Value, _ arguments: [Value]) throws -> Value {
        try Interruption.check()
        try enterNative()
        defer { nativeDepth -= 1 }
        let start = top
        guard start + (arguments.count + 2) < stackEnd else { throw Machine.tooDeep }
        start.initialize(to: callee)
        for (index, argument) in arguments.enumerated() { (start + 1 + index).initialize(to: argument) }
        let end = start + 1 + arguments.count
        guard case .object(let object) = callee, object.kind == .function else {
            defer { top = start }
            do {
                top = end
                let result = try callOther(start, arguments.count, shape: nil)
                drop(to: start, from: top)
                return result
            } catch {
                drop(to: start, from: top)
                throw error
            }
        }
        let function = unsafeDowncast(object, to: FunctionObject.self)
        do {
            try arrange(function, start, arguments.count, shape: nil)
        } catch {
            drop(to: start, from: end)
            throw error
        }
        let prototype = function.prototype
        let frame = Frame(
            prototype: .passUnretained(prototype), function: .passUnretained(function), next: prototype.code,
            base: start + 1)
        return try execute(frame, from: start + 1 + prototype.localCount)
    }

    private func enterNative() throws {
        nativeDepth += 1
        guard nativeDepth <= Limits.nativeDepth else {
            nativeDepth -= 1
            throw RuntimeError(
                "library functions and script functions call each other too deeply: more than "
                    + "\(Limits.nativeDepth) levels",
                code: "E234")
        }
    }

    /// Pushes the frame and runs it until it returns. Afterwards the stack is as it was below the callee.
    private func execute(_ frame: Frame, from top: UnsafeMutablePointer<Value>) throws -> Value {
        let start = frame.base - 1
        self.top = top
        guard depth < Limits.callDepth else {
            drop(to: start, from: top)
            self.top = start
            throw Machine.tooDeep
        }
        frames[depth] = frame
        depth += 1
        defer { self.top = start }
        return try loop(entry: depth - 1, isBlock: false)
    }

    static var tooDeep: RuntimeError {
        RuntimeError(
            "functions call each other too deeply: more than \(Limits.callDepth) calls have not returned", code: "E233",
            suggestion: "does the recursion end?")
    }

    /// Gives up what lies between two places of the stack.
    @inline(__always)
    func drop(to start: UnsafeMutablePointer<Value>, from end: UnsafeMutablePointer<Value>) {
        var place = start
        while place < end {
            Quick.drop(place)
            place += 1
        }
    }
}
