import Interruption

/// The record of operations whose gradients are wanted: an append-only list of entries with integer numbers, walked
/// backwards once and dropped. Tensors hold the tape that recorded them, never the other way round (saved values are
/// detached), so forward-only work frees itself, and a chain of a million operations is freed without recursion.
///
/// An operation on leaves alone begins a new tape; where two tapes meet, the shorter is appended to the longer.
public final class Tape {
    typealias Backward = (Tensor) throws -> [Tensor?]

    enum Origin {
        case leaf(Tensor)
        case operation(name: String, inputs: [Int], Backward)
        /// What has been walked already.
        case spent
    }

    // A tensor belongs to one thread, and so does this counter of tapes, used for names only.
    nonisolated(unsafe) private static var lastSerial = 0
    /// Work in `noGrad` is not recorded. Confined, like the tensors, to the thread that computes.
    nonisolated(unsafe) static var isRecording = true

    let serial: Int
    private var entries: [Origin] = []
    /// Whether it is being walked, or has been and nothing is left.
    private var isSpent = false
    /// Where the entries went, if they were appended to another tape, and the number of the first there.
    private var successor: (tape: Tape, base: Int)?

    init() {
        Tape.lastSerial += 1
        serial = Tape.lastSerial
    }

    /// The number of entries of this tape.
    package var length: Int { entries.count }

    private func append(_ origin: Origin) -> Int {
        entries.append(origin)
        return entries.count - 1
    }

    /// The tape that holds a tensor's entry now, and the number there.
    private static func locate(_ tensor: Tensor) -> (tape: Tape, entry: Int)? {
        guard var tape = tensor.tape else { return nil }
        guard tape.successor != nil else { return (tape, tensor.entry) }
        var entry = tensor.entry
        while let next = tape.successor {
            entry += next.base
            tape = next.tape
        }
        tensor.tape = tape
        tensor.entry = entry
        return (tape, entry)
    }

    private func number(of input: Tensor) -> Int {
        if let (tape, entry) = Tape.locate(input) {
            return tape === self ? entry : append(.spent)
        }
        guard input.requiresGradient else { return -1 }
        if input.leafTape == serial { return input.leafEntry }
        input.leafTape = serial
        input.leafEntry = append(.leaf(input))
        return input.leafEntry
    }

    /// Whether operations on this tensor are to be recorded.
    @inline(__always)
    static func wants(_ tensor: Tensor) -> Bool { isRecording && (tensor.requiresGradient || tensor.tape != nil) }

    /// Notes how a result came to be.
    /// - Parameter name: the operation; by default the function that calls this.
    /// - Throws: `TensorError` if NaN is looked for (`NaNCheck`) and this result holds the first.
    static func record(
        _ result: Tensor, _ inputs: [Tensor], name: String = #function, _ backward: @escaping Backward
    ) throws {
        let name = NaNCheck.isOn ? NaNCheck.name(name) : name
        if NaNCheck.isOn { try NaNCheck.check(result, inputs, operation: name) }
        var home: Tape?
        for input in inputs {
            guard let (tape, _) = locate(input), !tape.isSpent, tape !== home else { continue }
            home = home.map { Tape.join($0, tape) } ?? tape
        }
        let tape = home ?? Tape()
        let numbers = inputs.map { tape.number(of: $0) }
        result.entry = tape.append(.operation(name: name, inputs: numbers, backward))
        result.tape = tape
    }

    private static func join(_ a: Tape, _ b: Tape) -> Tape {
        let (long, short) = a.entries.count >= b.entries.count ? (a, b) : (b, a)
        let base = long.entries.count
        long.entries.reserveCapacity(Swift.max(long.entries.capacity, base + short.entries.count))
        for origin in short.entries {
            if case .operation(let name, let inputs, let backward) = origin {
                long.entries.append(
                    .operation(name: name, inputs: inputs.map { $0 < 0 ? $0 : $0 + base }, backward))
            } else {
                long.entries.append(origin)
            }
        }
        short.entries = []
        short.successor = (long, base)
        return long
    }

    /// Walks back from a scalar and adds gradients to the leaves: to all of them, or where it throws to none.
    /// - Parameter seed: the gradient of the root, if it is not 1.
    static func backward(from root: Tensor, seed: Tensor? = nil) throws {
        guard root.count == 1 || seed != nil else {
            throw TensorError(
                "backward", "the tensor has the shape \(Shape.text(root.shape)); a gradient starts from one number, "
                    + "such as x.sum() or x.mean()")
        }
        guard let (tape, last) = locate(root) else {
            if root.requiresGradient {
                try accumulate(try seed ?? Tensor.full(root.shape, 1), into: root)
                return
            }
            throw TensorError(
                "backward", "nothing recorded how this tensor was made: it depends on no parameter, or was made "
                    + "without gradients")
        }
        guard !tape.isSpent else { throw spentError }
        if walks == 0 { arrivedInside = [] }
        try tape.walk(from: last, start: try seed ?? Tensor.full(root.shape, 1))
    }

    private static let spentError = TensorError(
        "backward", "the gradients of this computation were taken already; compute it again before another backward")

    private func walk(from last: Int, start: Tensor) throws {
        // Whatever happens, what was walked is gone afterwards.
        var entries: [Origin] = []
        swap(&entries, &self.entries)
        isSpent = true
        defer { keep(entries) }
        let wasRecording = Tape.isRecording
        Tape.isRecording = false
        defer { Tape.isRecording = wasRecording }

        var gradients = [Tensor?](repeating: nil, count: last + 1)
        gradients[last] = start
        var arrived: [(leaf: Tensor, gradient: Tensor)] = []
        Tape.walks += 1
        defer { Tape.walks -= 1 }
        for index in stride(from: last, through: 0, by: -1) {
            guard let gradient = gradients[index] else { continue }
            gradients[index] = nil
            try Interruption.check()
            switch entries[index] {
            case .leaf(let leaf):
                arrived.append((leaf, gradient))
            case .operation(let name, let inputs, let backward):
                // The entry goes first, so that what it saved can be recycled by the work further down.
                entries[index] = .spent
                let parts = try backward(gradient)
                if NaNCheck.isOn { try NaNCheck.check(parts, gradient, operation: name) }
                for (input, part) in zip(inputs, parts) where input >= 0 {
                    guard let part else { continue }
                    try Tape.add(part, to: &gradients[input])
                }
            case .spent:
                throw Tape.spentError
            }
        }
        if Tape.walks > 1 {
            Tape.arrivedInside += arrived
            return
        }
        arrived += Tape.arrivedInside
        Tape.arrivedInside = []
        while let (leaf, gradient) = arrived.popLast() { try Tape.accumulate(gradient, into: leaf) }
    }

    /// What a walk did not reach is there for another, such as that of a second loss.
    private func keep(_ rest: [Origin]) {
        guard rest.contains(where: { if case .operation = $0 { true } else { false } }) else { return }
        entries = rest
        isSpent = false
    }

    /// Walks under way: a block that is recomputed (`checkpoint`) is walked inside the walk that needs it.
    nonisolated(unsafe) private static var walks = 0
    /// What inner walks brought to leaves, to be added up when the outermost is done.
    nonisolated(unsafe) private static var arrivedInside: [(leaf: Tensor, gradient: Tensor)] = []

    /// The gradients that walks inside this one brought to a leaf so far, taken out; nil if there are none.
    static func takeArrived(_ leaf: Tensor) throws -> Tensor? {
        var sum: Tensor?
        for entry in arrivedInside where entry.leaf === leaf {
            sum = try sum.map { try $0 + entry.gradient } ?? entry.gradient
        }
        arrivedInside.removeAll { $0.leaf === leaf }
        return sum
    }

    private static func add(_ part: Tensor, to slot: inout Tensor?) throws {
        guard slot != nil else {
            slot = part
            return
        }
        if isKnownUniquelyReferenced(&slot), let sum = slot, sum.isContiguous,
            isKnownUniquelyReferenced(&sum.storage)
        {
            sum.accumulateValues(part)
        } else if let sum = slot {
            slot = try sum + part
        }
    }

    private static func accumulate(_ gradient: Tensor, into leaf: Tensor) throws {
        if let old = try leaf.fittingGradient("backward") {
            leaf.gradient = try old.detached() + gradient
        } else if gradient.isContiguous, isKnownUniquelyReferenced(&gradient.storage) {
            leaf.gradient = gradient.detached()
        } else {
            leaf.gradient = try gradient.copiedValues()
        }
    }
}

/// Runs `body` with recording for gradients, also within `noGrad`.
public func withGrad<R>(_ body: () throws -> R) rethrows -> R {
    let before = Tape.isRecording
    Tape.isRecording = true
    defer { Tape.isRecording = before }
    return try body()
}

/// Runs `body` without recording for gradients.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
    let before = Tape.isRecording
    Tape.isRecording = false
    defer { Tape.isRecording = before }
    return try body()
}

extension Tensor {
    /// Adds the gradients of this scalar to `gradient` of every leaf with `requiresGradient` that it depends on. The
    /// record of the computation is dropped.
    /// - Throws: `TensorError` if this is no scalar, has no history, or `backward` was run on it before.
    public func backward() throws { try Tape.backward(from: self) }

    /// As `backward`, but gives the gradients of some leaves, and takes them from there. Also in a block that is
    /// computed again for its gradients (`checkpoint`).
    public func gradients(of leaves: [Tensor]) throws -> [Tensor?] {
        try Tape.backward(from: self)
        return try leaves.map { leaf in
            defer { leaf.gradient = nil }
            return try Tape.takeArrived(leaf) ?? leaf.gradient
        }
    }

    /// Marks the tensor as a leaf whose gradient is wanted; gives itself.
    @discardableResult
    public func parameter() throws -> Tensor {
        guard tape == nil else {
            throw TensorError("param", "the tensor is the result of a recorded computation; use detached() first")
        }
        requiresGradient = true
        return marked(.real)
    }

    /// The gradient, which somebody may have set.
    /// - Throws: `TensorError` if it is of another shape than the tensor.
    func fittingGradient(_ operation: String) throws -> Tensor? {
        guard let gradient, gradient.shape != shape else { return gradient }
        throw TensorError(
            operation, "a gradient of shape \(Shape.text(gradient.shape)) does not fit its parameter of shape "
                + Shape.text(shape))
    }

    /// Notes how a result with one input came to be. `backward` gets the result's gradient and gives the input's.
    @inline(__always)
    func record(
        _ result: Tensor, from input: Tensor, name: String = #function,
        _ backward: @escaping (Tensor) throws -> Tensor?
    ) throws -> Tensor {
        if Tape.wants(input) { try Tape.record(result, [input], name: name) { [try backward($0)] } }
        return result
    }
}
