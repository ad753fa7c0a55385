import Interruption
import Spelling

/// Calls: putting the arguments into the parameters' order, and finding what a call means.
///
/// Everything here works on the stack from the callee's place to `top`; after success and after failure alike, what
/// lies below `top` has values.
extension Machine {
    /// A call by shape: with names, or of a method.
    /// - Returns: whether a script's function was entered; else the result has taken the callee's place.
    func callShaped(_ prototype: Unmanaged<Prototype>, _ index: Int) throws -> Bool {
        guard case .call(let shape) = prototype._withUnsafeGuaranteedRef({ $0.shapes[index] }) else { return false }
        var callee = top - (shape.count + 1)
        var positional = shape.positional
        if let name = shape.method {
            if try callNativeMethod(name.text, callee, shape) { return false }
            if let member = try memberForCall(name, of: callee.pointee) {
                callee.pointee = member
            } else {
                try insertFunction(shape.function, name.text, callee)
                positional += 1
            }
        }
        if case .object(let object) = callee.pointee, object.kind == .function {
            try enter(unsafeDowncast(object, to: FunctionObject.self), callee, positional, names: shape.names)
            return true
        }
        let result = try callOther(callee, positional, shape: shape)
        finish(callee, result)
        callee = top
        return false
    }

    private func finish(_ callee: UnsafeMutablePointer<Value>, _ result: Value) {
        drop(to: callee, from: top)
        callee.initialize(to: result)
        top = callee + 1
    }

    /// A registered method of a native object, the commonest call of all in notebooks.
    private func callNativeMethod(
        _ name: String, _ callee: UnsafeMutablePointer<Value>, _ shape: CallShape
    ) throws -> Bool {
        guard case .object(let object) = callee.pointee, object.kind == .native,
            let method = interpreter.registry.methodObject(name, of: object.typeName)
        else { return false }
        let result = try callNative(method, receiver: callee.pointee, callee + 1, shape.positional, names: shape.names)
        finish(callee, result)
        return true
    }

    private func memberForCall(_ name: StringObject, of value: Value) throws -> Value? {
        guard case .object(let object) = value else { return nil }
        switch object.kind {
        case .record: return unsafeDowncast(object, to: RecordObject.self)[name]
        case .namespace: return try Indexing.field(name.text, of: value, registry: interpreter.registry)
        case .native: return try unsafeDowncast(object, to: NativeObject.self).member(name.text)
        default: return nil
        }
    }

    /// `x.f(y)` where `x` has no field `f` is `f(x, y)` with the library's `f`.
    private func insertFunction(
        _ function: NativeFunctionObject?, _ name: String, _ callee: UnsafeMutablePointer<Value>
    ) throws {
        guard let function else {
            var names = callee.pointee.asRecord?.keys ?? []
            if let native = callee.pointee.object as? NativeObject {
                names = native.memberNames + interpreter.registry.methods(of: native.typeName)
            }
            throw RuntimeError(
                "this \(callee.pointee.typeName) has no method `\(name)`", code: "E210",
                suggestion: Indexing.memberSuggestion(
                    name, names: names, isCalled: true, registry: interpreter.registry))
        }
        var place = top
        while place > callee {
            place.moveInitialize(from: place - 1, count: 1)
            place -= 1
        }
        top += 1
        callee.initialize(to: .object(function))
    }

    /// Pushes the frame of a script's function.
    private func enter(
        _ function: FunctionObject, _ callee: UnsafeMutablePointer<Value>, _ positional: Int, names: [String]
    ) throws {
        guard depth < Limits.callDepth else { throw Machine.tooDeep }
        try arrange(function, callee, positional, shape: names.isEmpty ? nil : names)
        frames[depth] = Frame(
            prototype: .passUnretained(function.prototype), function: .passUnretained(function),
            next: function.prototype.code, base: callee + 1)
        depth += 1
    }

    /// Puts the arguments of a script's function in order, and gives its locals their places. Sets `top`.
    func arrange(
        _ function: FunctionObject, _ callee: UnsafeMutablePointer<Value>, _ positional: Int, shape names: [String]?
    ) throws {
        let prototype = function.prototype
        let base = callee + 1
        guard base + prototype.frameSize < stackEnd else { throw Machine.tooDeep }
        let parameters = prototype.parameters
        guard positional <= parameters.count else { throw tooMany(prototype.name, parameters.count, positional) }
        if names == nil, parameters[positional...].allSatisfy(\.hasDefault) {
            for slot in positional..<prototype.localCount {
                (base + slot).initialize(to: slot < parameters.count ? .unbound : .null)
            }
            Machine.unbind(.passUnretained(prototype), base)
            top = base + prototype.localCount
            return
        }
        var given = [Value](repeating: .unbound, count: parameters.count)
        for index in 0..<positional { given[index] = base[index] }
        for (offset, name) in (names ?? []).enumerated() {
            guard let index = parameters.firstIndex(where: { $0.name == name }) else {
                throw unknownName(name, of: prototype.name, parameters.map(\.name))
            }
            guard index >= positional else { throw givenTwice(name, of: prototype.name) }
            given[index] = base[positional + offset]
        }
        let missing = parameters.indices.filter { given[$0].isUnbound && !parameters[$0].hasDefault }
        guard missing.isEmpty else { throw needs(prototype.name, missing.map { parameters[$0].name }) }
        drop(to: base, from: base + positional + (names?.count ?? 0))
        for (index, value) in given.enumerated() { (base + index).initialize(to: value) }
        for slot in parameters.count..<max(parameters.count, prototype.localCount) {
            (base + slot).initialize(to: .null)
        }
        for slot in prototype.uncertainSlots where slot >= parameters.count { base[slot] = .unbound }
        top = base + prototype.localCount
    }

    /// Calls what is no script's function. What was on the stack stays there.
    func callOther(_ callee: UnsafeMutablePointer<Value>, _ positional: Int, shape: CallShape?) throws -> Value {
        guard case .object(let object) = callee.pointee, object.kind == .nativeFunction else {
            throw RuntimeError("\(Printer.withType(callee.pointee)) is not a function", code: "E211")
        }
        let function = unsafeDowncast(object, to: NativeFunctionObject.self)
        let names = shape?.names ?? []
        if positional > 0, case .object(let subject) = callee[1], subject.kind == .native,
            function.receiver == nil, function.function.namespace == nil,
            let method = interpreter.registry.methodObject(function.function.name, of: subject.typeName)
        {
            return try callNative(method, receiver: callee[1], callee + 2, positional - 1, names: names)
        }
        return try callNative(function, receiver: function.receiver ?? .null, callee + 1, positional, names: names)
    }

    private func callNative(
        _ object: NativeFunctionObject, receiver: Value, _ base: UnsafeMutablePointer<Value>, _ positional: Int,
        names: [String]
    ) throws -> Value {
        let count = object.accepted.count
        if names.isEmpty, object.variadicIndex == nil, positional <= count {
            for index in positional..<count { (base + index).initialize(to: .unbound) }
            top += count - positional
            if positional < object.required || !object.accepts(base, positional) { try checkTypes(object.function, base) }
        } else {
            try arrangeNative(object, base, positional, names)
            try checkTypes(object.function, base)
        }
        try Interruption.check()
        let call = NativeCall(interpreter: interpreter, object: object, receiver: receiver, arguments: base)
        return try object.body(call)
    }

    private func arrangeNative(
        _ object: NativeFunctionObject, _ base: UnsafeMutablePointer<Value>, _ positional: Int, _ names: [String]
    ) throws {
        let function = object.function
        let parameters = function.parameters
        var given = [Value](repeating: .unbound, count: parameters.count)
        let fixed = object.variadicIndex ?? parameters.count
        guard positional <= fixed || object.variadicIndex != nil else {
            throw tooMany(function.name, fixed, positional)
        }
        for index in 0..<min(positional, fixed) { given[index] = base[index] }
        if let variadic = object.variadicIndex {
            given[variadic] = .list((min(positional, fixed)..<positional).map { base[$0] })
        }
        for (offset, name) in names.enumerated() {
            guard let index = parameters.firstIndex(where: { $0.name == name && !$0.isVariadic }) else {
                throw unknownName(name, of: function.name, parameters.map(\.name))
            }
            guard given[index].isUnbound else { throw givenTwice(name, of: function.name) }
            given[index] = base[positional + offset]
        }
        drop(to: base, from: top)
        for (index, value) in given.enumerated() { (base + index).initialize(to: value) }
        top = base + given.count
    }

    private func checkTypes(_ function: NativeFunction, _ base: UnsafeMutablePointer<Value>) throws {
        for (index, parameter) in function.parameters.enumerated() {
            let value = base[index]
            if value.isUnbound {
                if parameter.isOptional { continue }
                let missing = function.parameters.indices.filter {
                    base[$0].isUnbound && !function.parameters[$0].isOptional
                }
                throw needs(function.name, missing.map { function.parameters[$0].name })
            }
            if parameter.isVariadic, let values = value.asList {
                for element in values.elements where !parameter.type.accepts(element) {
                    throw mismatch(parameter, function, element)
                }
            } else if !parameter.type.accepts(value), !(value.isNull && parameter.acceptsNull) {
                throw mismatch(parameter, function, value)
            }
        }
    }

    // MARK: - Messages

    private func mismatch(_ parameter: Parameter, _ function: NativeFunction, _ value: Value) -> RuntimeError {
        RuntimeError.argument(parameter.name, of: function.name, expected: parameter.type.description, given: value)
    }

    private func tooMany(_ name: String, _ count: Int, _ given: Int) -> RuntimeError {
        RuntimeError(RuntimeError.tooMany(quoted(name), most: count, given: given), code: "E034")
    }

    private func needs(_ name: String, _ missing: [String]) -> RuntimeError {
        RuntimeError("\(quoted(name)) needs \(missing.map { "`\($0)`" }.joined(separator: ", "))", code: "E033")
    }

    private func unknownName(_ name: String, of function: String, _ names: [String]) -> RuntimeError {
        RuntimeError(
            "`\(name)` is not an argument of \(quoted(function))", code: "E032",
            suggestion: EditDistance.suggestion(for: name, in: names, listing: true))
    }

    /// A function without a name is described, not named.
    private func quoted(_ name: String) -> String { name.contains(" ") ? name : "`\(name)`" }

    private func givenTwice(_ name: String, of function: String) -> RuntimeError {
        RuntimeError("`\(name)` of `\(function)` is given twice", code: "E035")
    }
}
