import Foundation
import Language

/// The real programs that are mutated: the golden scripts, the scripts that come with the project, the blocks of the
/// documentation, and the examples of the library.
public struct Corpus: Sendable {
    public let scripts: [[UInt8]]

    public init(scripts: [[UInt8]]) { self.scripts = scripts }

    /// - Parameter root: the checkout.
    public init(root: URL, registry: Registry) throws {
        var texts = registry.functions.map(\.example)
        for folder in ["Tests/Scripts", "scripts"] {
            texts += try Self.files(root.appendingPathComponent(folder), "bridge")
        }
        for text in try Self.files(root.appendingPathComponent("docs"), "md") + Self.files(root, "md", isDeep: false) {
            texts += text.matches(of: /(?s)```bridge\n(.*?)```/).map { String($0.1) }
        }
        // Twice what the check accepts here: the others use the rest of the library, and their mutants end early.
        let interpreter = Interpreter(registry: registry)
        let accepted = texts.filter { interpreter.check(source: Source(name: "script", text: $0)).isEmpty }
        let long = accepted.filter { $0.utf8.count > 200 }
        scripts = (texts + accepted + long + long + long).filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    private static func files(_ folder: URL, _ ending: String, isDeep: Bool = true) throws -> [String] {
        let options: FileManager.DirectoryEnumerationOptions = isDeep ? [] : [.skipsSubdirectoryDescendants]
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil, options: options)
        return try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == ending }
            .sorted { $0.path < $1.path }.map { try String(contentsOf: $0, encoding: .utf8) }
    }
}
