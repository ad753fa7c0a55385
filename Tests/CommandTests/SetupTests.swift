import Foundation
import TestSupport
import XCTest

/// scripts/setup on machines that lack something. Programs that it asks are played by scripts; it sees no others but the
/// basic tools, so that nothing is installed and the machine at hand does not matter.
final class SetupTests: XCTestCase {
    private var folder: TemporaryFolder!

    override func setUpWithError() throws {
        folder = try TemporaryFolder()
        for tool in ["bash", "sed", "mktemp", "rm", "tail"] {
            let path = try XCTUnwrap(["/bin/", "/usr/bin/"].map { $0 + tool }.first(where: FileManager.default.isExecutableFile))
            try FileManager.default.createSymbolicLink(atPath: folder.file(tool), withDestinationPath: path)
        }
    }

    override func tearDown() { folder = nil }

    /// Puts a shell script in place of a program.
    private func play(_ program: String, _ text: String) throws {
        let path = try folder.write("#!/bin/sh\n\(text)\n", to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private func playSwift(_ version: String) throws { try play("swift", "echo 'Swift version \(version) (swift-\(version)-RELEASE)'") }

    private func setUpMachine() throws -> BuiltCommand.Outcome {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../scripts/setup")
        return try BuiltCommand.run(program: script.standardizedFileURL.path, environment: ["PATH": folder.path])
    }

    private let line = "apt-get update && apt-get install -y --no-install-recommends"

    func testAMachineThatHasEverythingIsLeftAlone() throws {
        try playSwift("6.2")
        try play("dpkg-query", "echo 'install ok installed'")
        let outcome = try setUpMachine()
        XCTAssertEqual([outcome.output, outcome.error], ["", ""])
        XCTAssertEqual(outcome.status, 0)
    }

    func testNoToolchain() throws {
        let outcome = try setUpMachine()
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.hasPrefix("bridge: no Swift toolchain: install Swift 6.2 or later"), outcome.error)
        XCTAssertEqual(outcome.error.split(separator: "\n").count, 1)
    }

    func testAToolchainThatIsTooOldOrBroken() throws {
        let cases = [("echo 'Swift version 5.10.1'", "Swift 5.10 is too old"), ("echo 'Swift version 6.1'", "Swift 6.1 is too old"),
            ("exit 127", "does not run"), ("echo hello", "does not say its version")]
        for (text, says) in cases {
            try play("swift", text)
            let outcome = try setUpMachine()
            XCTAssertEqual(outcome.status, 1, text)
            XCTAssertTrue(outcome.error.contains(says), outcome.error)
            XCTAssertEqual(outcome.error.split(separator: "\n").count, 1)
        }
    }

    func testWithoutRightsTheCommandIsNamedAndNothingIsInstalled() throws {
        try playSwift("6.3")
        try play("dpkg-query", "case $4 in gnuplot-nox|libedit-dev) exit 1;; *) echo 'install ok installed';; esac")
        try play("apt-get", "touch '\(folder.file("called"))'")
        try play("id", "echo 1000")
        for sudo in [nil, "exit 1"] {
            if let sudo { try play("sudo", sudo) }
            let outcome = try setUpMachine()
            XCTAssertEqual(outcome.status, 1)
            XCTAssertTrue(outcome.error.hasSuffix("    \(line) libedit-dev gnuplot-nox\n"), outcome.error)
            XCTAssertFalse(FileManager.default.fileExists(atPath: folder.file("called")))
        }
    }

    func testARootUserOrSudoInstallsWhatIsMissing() throws {
        try playSwift("6.3")
        try play("dpkg-query", "test $4 = gnuplot-nox && echo 'deinstall ok config-files' || echo 'install ok installed'")
        try play("apt-get", "echo \"$@\" >> '\(folder.file("called"))'")
        for (id, sudo) in [("echo 0", "exit 1"), ("echo 1000", "test $1 = -n || exec \"$@\"")] {
            try play("id", id)
            try play("sudo", sudo)
            let outcome = try setUpMachine()
            XCTAssertEqual(outcome.status, 0, outcome.error)
            XCTAssertEqual(outcome.error, "bridge: installing gnuplot-nox\n")
            XCTAssertEqual(
                try String(contentsOfFile: folder.file("called"), encoding: .utf8),
                "update\ninstall -y --no-install-recommends gnuplot-nox\n")
            try FileManager.default.removeItem(atPath: folder.file("called"))
        }
    }

    func testAnInstallationThatFailsShowsWhyAndTheCommand() throws {
        try playSwift("6.3")
        try play("dpkg-query", "exit 1")
        try play("id", "echo 0")
        try play("apt-get", "echo 'E: no network'; exit 100")
        let outcome = try setUpMachine()
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("E: no network\n"), outcome.error)
        XCTAssertTrue(outcome.error.contains("could not install the packages; the command was: \(line) libedit-dev"), outcome.error)
    }

    func testAMachineWithoutDebiansTools() throws {
        try playSwift("6.3")
        let outcome = try setUpMachine()
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.error.contains("there is no apt-get here"), outcome.error)
    }
}
