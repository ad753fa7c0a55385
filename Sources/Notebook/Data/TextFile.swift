import FoundationEssentials
import Language
import Training

/// Whole text files: read with a clear reason where that fails, written to a temporary name and renamed.
enum TextFile {
    /// - Throws: `RuntimeError` naming the path and the reason.
    static func read(_ path: String) throws -> String {
        let data: Data
        do {
            var isFolder: Bool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
                throw RuntimeError("\(path) is a folder, not a file", code: "E300")
            }
            data = try Data(contentsOf: URL(filePath: path))
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw RuntimeError("cannot read \(path): \(FileFailure.reason(error))", code: "E300")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw RuntimeError("\(path) is not UTF-8 text", code: "E300")
        }
        return text
    }

    /// - Throws: `RuntimeError` naming the path and the reason; then the file is as it was.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw RuntimeError("cannot write \(path): \(FileFailure.reason(error))", code: "E300")
        }
    }
}
