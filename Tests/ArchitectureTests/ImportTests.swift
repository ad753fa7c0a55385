import Foundation
import XCTest

/// Data flows one way: these are the only modules of this package that each target may import.
private let allowed: [String: Set<String>] = [
    "Randomness": [], "Interruption": [], "JSON": [], "Spelling": [],
    "Language": ["Interruption", "Spelling"],
    "Metrics": ["Randomness"],
    "Tasks": ["JSON", "Randomness"],
    "Tensors": ["CKernels", "COpenBLAS", "Randomness", "Interruption"],
    "Models": ["CKernels", "Tensors", "JSON", "Randomness", "Interruption", "Spelling"],
    "Training": ["Models", "Tensors", "Tasks", "Metrics", "JSON", "Randomness", "Interruption"],
    "Plots": ["CGnuplot", "Interruption"],
    "Notebook": [
        "Language", "Tensors", "Models", "Tasks", "Training", "Metrics", "Plots", "JSON", "Randomness", "Interruption",
        "Spelling", "CMarkdown",
    ],
    "bridge": ["Notebook", "CEdit", "Interruption"],
]

/// What comes with the toolchain and the libraries that the package depends on.
private let outside: [String: Set<String>] = [
    "Language": ["OrderedCollections", "Glibc", "FoundationEssentials"],
    // The standard library by name, for its composition of characters.
    "Models": ["Swift"],
    "bridge": ["ArgumentParser", "Glibc", "Foundation", "FoundationEssentials"],
]
private let toolchain: Set<String> = ["Glibc", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch"]

final class ImportTests: XCTestCase {
    private let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    func testEveryTargetImportsOnlyWhatTheArchitectureAllows() throws {
        let ours = Set(allowed.keys).union(["CKernels", "COpenBLAS", "CEdit", "CGnuplot", "CMarkdown"])
        for (target, modules) in allowed {
            for (file, imports) in try importsByFile(of: target) {
                for name in imports {
                    if ours.contains(name) {
                        XCTAssertTrue(modules.contains(name), "\(file): \(target) must not import \(name)")
                    } else {
                        let known = outside[target, default: []].union(toolchain).union(["OrderedCollections"])
                        XCTAssertTrue(
                            known.contains(name), "\(file): \(target) imports \(name), which is not on the list")
                    }
                }
            }
        }
    }

    func testEveryFolderOfSourcesIsATargetOnTheList() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path)
        let swiftFolders = folders.filter { !$0.hasPrefix("C") && !$0.hasPrefix(".") }
        XCTAssertEqual(Set(swiftFolders), Set(allowed.keys))
    }

    func testThePackageDeclaresNoOtherDependencies() throws {
        let manifest = try String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)
        // Every ".target(name: X, dependencies: [...]" up to its closing bracket; products name their package apart.
        let pattern = #"(?:executableTarget|\.target)\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]"#
        let expression = try NSRegularExpression(pattern: pattern)
        var seen = 0
        for match in expression.matches(in: manifest, range: NSRange(manifest.startIndex..., in: manifest)) {
            let name = String(manifest[Range(match.range(at: 1), in: manifest)!])
            let list = String(manifest[Range(match.range(at: 2), in: manifest)!])
            let names = list.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"(\w+)"/).map { String($0.1) }
            guard let modules = allowed[name] else { continue }
            seen += 1
            XCTAssertTrue(
                Set(names).isSubset(of: modules), "\(name) declares \(Set(names).subtracting(modules).sorted())")
        }
        XCTAssertGreaterThanOrEqual(seen, 7)
    }

    private func importsByFile(of target: String) throws -> [(String, [String])] {
        let folder = root.appendingPathComponent("Sources/\(target)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
        XCTAssertFalse(files.isEmpty, "Sources/\(target) holds no Swift file")
        return try files.map { file in
            let text = try String(contentsOf: file, encoding: .utf8)
            let pattern = /^(?:@\w+(?:\(\w+\))? +)?(?:(?:public|package|internal|private) +)?import +(?:\w+ +)?(\w+)/
                .anchorsMatchLineEndings()
            return (file.lastPathComponent, text.matches(of: pattern).map { String($0.1) })
        }
    }
}
