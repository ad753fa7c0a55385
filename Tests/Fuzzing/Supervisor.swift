import Foundation

/// Runs workers as processes of their own, so that a crash is a result: it is reported with the seed, the number and the
/// text of the program, cut down to the lines that matter.
public struct Supervisor {
    public struct Outcome {
        public var status: Int32
        public var output: String
    }

    let program: String
    let folder: URL

    public init(program: String) throws {
        self.program = program
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bridge-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    public func removeFolder() { try? FileManager.default.removeItem(at: folder) }

    /// Runs the workers side by side to their ends.
    public func run(_ workers: [[String]]) throws -> [Outcome] {
        let running = try workers.enumerated().map { index, arguments in
            try start(arguments + ["--journal", journalPath(index)])
        }
        return running.map(finish)
    }

    public func journalPath(_ worker: Int) -> String { folder.appendingPathComponent("journal\(worker)").path }

    /// The program a worker was at when it ended.
    public func program(of worker: Int) -> (index: Int, text: String)? { Journal(path: journalPath(worker))?.entry }

    /// The fewest lines that still fail in the same way.
    public func minimised(_ text: String, like status: Int32) -> String {
        var lines = text.components(separatedBy: "\n")
        var size = lines.count / 2
        let end = Date().addingTimeInterval(60)
        while size >= 1 {
            var start = 0
            while start < lines.count, Date() < end {
                let rest = Array(lines[..<start] + lines[min(start + size, lines.count)...])
                if !rest.isEmpty, status == self.status(of: rest.joined(separator: "\n")) { lines = rest } else { start += size }
            }
            size /= 2
        }
        return lines.joined(separator: "\n")
    }

    private func status(of text: String) -> Int32? {
        let file = folder.appendingPathComponent("candidate.bridge")
        guard (try? text.write(to: file, atomically: false, encoding: .utf8)) != nil,
            let process = try? start(["examine", file.path])
        else { return nil }
        return finish(process).status
    }

    // MARK: - Processes

    private struct Running {
        var process: Process
        var output: Pipe
    }

    private func start(_ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        // Freed blocks that the allocator keeps for a thread would count as memory in use.
        environment["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0"
        environment["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return Running(process: process, output: output)
    }

    private func finish(_ running: Running) -> Outcome {
        let data = (try? running.output.fileHandleForReading.readToEnd()) ?? Data()
        running.process.waitUntilExit()
        let signal = running.process.terminationReason == .uncaughtSignal ? 128 : 0
        return Outcome(
            status: running.process.terminationStatus + Int32(signal),
            output: String(decoding: data, as: UTF8.self))
    }
}
