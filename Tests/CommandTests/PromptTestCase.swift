import TestSupport
import XCTest

/// A test at the real program's prompt, behind a pseudo-terminal: keys in, screen out.
class PromptTestCase: XCTestCase {
    private(set) var home: TemporaryFolder!

    override func setUpWithError() throws { home = try TemporaryFolder() }
    override func tearDown() { home = nil }

    /// Starts the program and waits for its prompt.
    func open(_ variables: [String: String] = [:], columns: Int = 80, rows: Int = 24) throws -> PseudoTerminal {
        let environment = BuiltCommand.environment(home: home.path).merging(variables) { $1 }
        let terminal = try PseudoTerminal(
            try BuiltCommand.path, environment: environment, columns: columns, rows: rows)
        try terminal.expect("bridge>")
        return terminal
    }
}

extension PseudoTerminal {
    /// Enters a line at the prompt and waits until the screen ends with it, with what it gives, and with the next prompt.
    func enter(_ line: String, gives result: String) throws {
        send(line + "\r")
        try expectScreen("bridge> \(line)\n\(result)\nbridge>")
    }
}
