/// The `bridge` program that was built together with the tests, and what a run of it gave.
import Foundation

public enum BuiltCommand {
    public struct Outcome {
        public let status: Int
        public let output: String
        public let error: String
    }

    public static var path: String { get throws { try path(of: "bridge") } }

    /// The programs lie beside the test bundle.
    public static func path(of program: String) throws -> String {
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent(program).path
        let candidates = [beside, Bundle.main.bundleURL.appendingPathComponent(program).path]
        for candidate in candidates where FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: beside])
    }

    /// An environment with a home of its own, so that no test touches the user's history.
    public static func environment(home: String) -> [String: String] {
        var variables = [
            "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        ]
        variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        return variables
    }

    /// Runs the program with `arguments` and `input` piped in, to its end.
    public static func run(
        _ arguments: [String], input: String? = nil, environment: [String: String]? = nil, folder: String? = nil
    ) throws -> Outcome {
        try run(program: path, arguments, input: input, environment: environment, folder: folder)
    }

    /// Runs any program in the same way.
    public static func run(
        program: String, _ arguments: [String] = [], input: String? = nil, environment: [String: String]? = nil,
        folder: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment ?? Self.environment(home: NSTemporaryDirectory())
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let output = Pipe(), error = Pipe(), keyboard = Pipe()
        process.standardOutput = output
        process.standardError = error
        process.standardInput = input == nil ? FileHandle.nullDevice : keyboard
        try process.run()
        if let input {
            try keyboard.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try keyboard.fileHandleForWriting.close()
        }
        // Standard error is read by another thread, so that neither pipe can fill up and stop the program.
        let collector = Collector(error.fileHandleForReading)
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: Int(process.terminationStatus), output: String(decoding: text, as: UTF8.self),
            error: String(decoding: collector.wait(), as: UTF8.self))
    }

    private final class Collector: @unchecked Sendable {
        private var data = Data()
        private let finished = DispatchSemaphore(value: 0)

        init(_ handle: FileHandle) {
            Thread.detachNewThread {
                self.data = (try? handle.readToEnd()) ?? Data()
                self.finished.signal()
            }
        }

        func wait() -> Data {
            finished.wait()
            return data
        }
    }
}
