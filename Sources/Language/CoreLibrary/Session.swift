import Glibc

extension CoreLibrary {
    static var session: [NativeFunction] {
        [
            NativeFunction(
                name: "clock", returns: "Float", summary: "Seconds on a clock that only goes forward: for measuring.",
                example: "start = clock()\nassert(clock() >= start)", seeAlso: ["time"]
            ) { _ in .float(Maths.secondsSinceStart()) },
            NativeFunction(
                name: "time", returns: "Float", summary: "Seconds since the first of January 1970, UTC.",
                example: "assert(time() > 0)", seeAlso: ["clock"]
            ) { _ in .float(Maths.secondsSinceEpoch()) },
            NativeFunction(
                name: "args", returns: "List", summary: "What stands behind the script's name on the command line.",
                example: "for a in args() { print(a) }", seeAlso: ["env"]
            ) { call in .list(call.interpreter.arguments.map { .string($0) }) },
            NativeFunction(
                name: "env",
                parameters: [
                    Parameter("name", .string, "the variable of the environment"),
                    Parameter("default", .any, default: .null, "the result where it is not set"),
                ],
                returns: "String", summary: "The value of an environment variable.",
                example: "assert(env(\"BRIDGE_SURELY_NOT_SET\", \"x\") == \"x\")", seeAlso: ["args"]
            ) { call in
                guard let value = getenv(try call.string("name")) else { return call.value("default") }
                return .string(String(cString: value))
            },
        ]
    }
}
