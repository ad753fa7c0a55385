/// A script under Tests/Scripts that holds what it should do: `# expect: text` a line of output, `# error: text` a
/// diagnostic of the check on this line, `# runtime error: text` one of the run.
import Foundation

public struct GoldenScript {
    public let name: String
    public let path: String
    public let text: String

    /// Where the scripts are.
    public static var folder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
            "Scripts")
    }

    /// The scripts in some of the folders, in the order of their names.
    public static func all(where isWanted: (_ folder: String) -> Bool) throws -> [GoldenScript] {
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter {
            $0.pathExtension == "bridge" && isWanted($0.deletingLastPathComponent().lastPathComponent)
        }
        .sorted { $0.path < $1.path }
        .map { file in
            GoldenScript(
                name: file.path.replacingOccurrences(of: folder.path + "/", with: ""), path: file.path,
                text: try String(contentsOf: file, encoding: .utf8))
        }
    }

    /// The lines of output.
    public var expectedOutput: String { expectations("# expect: ").map { $0.text + "\n" }.joined() }

    /// `3: error: E012 ...`, beginnings of what should be found.
    public var expectedErrors: [String] {
        expectations("# error: ").map { "\($0.line): error: \($0.text)" }
            + expectations("# runtime error: ").map { "\($0.line): runtime error: \($0.text)" }
    }

    /// What differs between the expectations and what happened, or nil.
    public func difference(output: String, errors: [String]) -> String? {
        if output != expectedOutput {
            return "\(name) printed\n\(output)instead of\n\(expectedOutput)and gave \(errors)"
        }
        let agree = errors.count == expectedErrors.count && zip(errors, expectedErrors).allSatisfy { $0.hasPrefix($1) }
        return agree ? nil : "\(name) gave the errors \(errors) instead of \(expectedErrors)"
    }

    private func expectations(_ mark: String) -> [(line: Int, text: String)] {
        text.components(separatedBy: "\n").enumerated().compactMap { index, line in
            guard let range = line.range(of: mark) else { return nil }
            return (index + 1, String(line[range.upperBound...]))
        }
    }
}
