import Language

/// `print` and `show` in a notebook: a figure or a table that is printed by itself is kept as such, not as characters.
enum RecordedPrinting {
    static func functions(_ registry: Registry, console: Console) -> [NativeFunction] {
        ["print", "show"].compactMap { registry.function(named: $0) }.map { recorded($0, console: console) }
    }

    private static func recorded(_ function: NativeFunction, console: Console) -> NativeFunction {
        NativeFunction(
            name: function.name, parameters: function.parameters, returns: function.returns, summary: function.summary,
            details: function.details, example: function.example, seeAlso: function.seeAlso
        ) { call in
            guard let recorder = console.recorder, let value = subject(call), hasFormOfItsOwn(value) else {
                return try function.body(call)
            }
            let result = try recorder.suspended { try function.body(call) }
            recorder.show(value, isResult: false)
            return result
        }
    }

    /// What is printed, when it is one thing.
    private static func subject(_ call: NativeCall) -> Value? {
        guard call.function.name == "print" else { return call.value("value") }
        let values = call.value("values").asList?.elements ?? []
        return values.count == 1 ? values[0] : nil
    }

    private static func hasFormOfItsOwn(_ value: Value) -> Bool {
        value.object is FigureObject || Table(value, rowLimit: 1) != nil
    }
}
