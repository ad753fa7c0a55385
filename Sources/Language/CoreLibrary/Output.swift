extension CoreLibrary {
    static var output: [NativeFunction] {
        [
            NativeFunction(
                name: "print",
                parameters: [
                    .variadic("values", .any, "what to write"),
                    Parameter("separator", .string, default: .string(" "), "stands between the values"),
                    Parameter("end", .string, default: .string("\n"), "stands at the end"),
                ],
                summary: "Writes values as text.",
                details: "A list of records with the same plain fields is written as a table.",
                example: "print(\"a\", 1, [2.5, nil])", seeAlso: ["str", "help"]
            ) { call in
                let values = try call.list("values").elements
                // Beside others a list of one record stays on the line.
                let text = values.map { value in
                    values.count > 1 && value.asList?.count == 1
                        ? Printer.repr(value, budget: call.interpreter.printBudget)
                        : Printer.display(value, budget: call.interpreter.printBudget)
                }
                call.interpreter.output(text.joined(separator: try call.string("separator")) + (try call.string("end")))
                return .null
            },
            NativeFunction(
                name: "show", parameters: [Parameter("value", .any, "what to show")],
                summary: "Shows a value the way the prompt does, strings in quotes.", example: "show(\"a\")",
                seeAlso: ["print"]
            ) { call in
                let value = call.value("value")
                let text = Printer.layout(value, budget: call.interpreter.printBudget)
                call.interpreter.output(text + "\n")
                return .null
            },
            NativeFunction(
                name: "help",
                parameters: [
                    Parameter("subject", .any, default: .null, "a function, a namespace or a name as a string")
                ],
                summary: "Explains a function, a namespace, a type, a word or sign of the grammar, or an error's code.",
                example: "help(\"len\")\nhelp(map)\nhelp(\"for\")", seeAlso: ["apropos"]
            ) { call in
                let help = Help(
                    registry: call.interpreter.registry, width: call.interpreter.printWidth,
                    sessionNames: call.interpreter.boundNames,
                    name: { function in
                        call.interpreter.boundNames.first { call.interpreter.value(named: $0)?.object === function }
                    })
                call.interpreter.output(help.text(for: call.value("subject")))
                return .null
            },
            NativeFunction(
                name: "apropos",
                parameters: [Parameter("text", .string, "a word, or several that must all be found")],
                summary: "Lists the functions whose names, explanations or parameters hold a word, best first.",
                example: "apropos(\"sort\")", seeAlso: ["help"]
            ) { call in
                let help = Help(registry: call.interpreter.registry, width: call.interpreter.printWidth)
                call.interpreter.output(help.search(try call.string("text")))
                return .null
            },
            NativeFunction(
                name: "type", parameters: [Parameter("value", .any, "any value")], returns: "String",
                summary: "The name of a value's type.",
                example: "assert(type(1.5) == \"Float\")"
            ) { call in .string(call.value("value").typeName) },
            NativeFunction(
                name: "error",
                parameters: [
                    Parameter("message", .any, "what went wrong, or a record that `catch` gets as it is"),
                    Parameter("code", .string, default: .null, "a name for the kind of error, of at most 60 characters"),
                ],
                returns: "never", summary: "Ends what is running with an error, which `catch` can take.",
                example: "try { error(\"no data\") } catch err { print(err.message) }", seeAlso: ["assert"]
            ) { call in
                if call.value("message").asRecord != nil { throw ThrownValue(value: call.value("message")) }
                let message = Printer.string(call.value("message"))
                let code = try call.optionalString("code") ?? "E100"
                guard code.count <= 60 else {
                    throw RuntimeError("`code` has \(code.count) characters, and may have 60", code: "E203")
                }
                throw RuntimeError(message, code: code)
            },
            NativeFunction(
                name: "assert",
                parameters: [
                    Parameter("condition", .bool, "what must hold"),
                    Parameter(
                        "message", .any, default: .string(doesNotHold), "what to say if it does not"),
                ],
                summary: "An error unless the condition holds.", example: "assert(1 + 1 == 2, \"arithmetic\")",
                seeAlso: ["error"]
            ) { call in
                if try call.bool("condition") { return .null }
                throw RuntimeError(Printer.string(call.value("message")), code: "E101")
            },
        ]
    }

    /// What `assert(left == right, message)` calls: it knows both sides.
    nonisolated(unsafe) static let assertComparison = NativeFunctionObject(
        NativeFunction(
            name: "assert",
            parameters: [
                Parameter("left", .any, "the comparison's left side"),
                Parameter("right", .any, "its right side"),
                Parameter("condition", .bool, "what must hold"),
                Parameter("message", .any, default: .string(doesNotHold), "what to say if it does not"),
            ],
            summary: "An error unless the comparison holds.", example: ""
        ) { call in
            if try call.bool("condition") { return .null }
            let (left, right) = (Printer.withType(call.value("left")), Printer.withType(call.value("right")))
            throw RuntimeError(
                Printer.string(call.value("message")), code: "E101",
                notes: ["the left side is \(left), the right side \(right)"])
        })

    private static let doesNotHold = "the assertion does not hold"
}
