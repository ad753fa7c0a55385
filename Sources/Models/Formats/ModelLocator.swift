import Glibc
import Spelling

/// Where a model's files are.
public enum ModelLocation: Equatable, Sendable {
    /// A folder in the layout of `ModelFolder`.
    case folder(String)
    /// A GGUF file.
    case gguf(String)

    /// The path, wherever the program goes on from.
    var absolutePath: String {
        let path = switch self { case .folder(let path), .gguf(let path): path }
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}

/// Finds models by name or path.
public struct ModelLocator: Sendable {
    /// The names that need no path.
    public static let knownNames = ["smollm2", "tiny"]
    static let smollm2FileName = "SmolLM2-135M-Instruct.Q4_1.gguf"

    /// Folders that may hold the models that come with the program, in the order in which they are searched.
    public let shippedFolders: [String]
    /// Where `scripts/fetch-model` puts what it fetches.
    public let cacheFolder: String

    public init(shippedFolders: [String], cacheFolder: String) {
        self.shippedFolders = shippedFolders
        self.cacheFolder = cacheFolder
    }

    /// As the environment says: `BRIDGE_MODELS` and the folders above the program for what comes with it,
    /// `XDG_CACHE_HOME` for what was fetched.
    public static var standard: ModelLocator {
        ModelLocator(
            shippedFolders: [environment("BRIDGE_MODELS")].compactMap(\.self) + foldersAboveProgram(),
            cacheFolder: (environment("XDG_CACHE_HOME") ?? (environment("HOME") ?? "") + "/.cache") + "/bridge/models")
    }

    /// - Parameter place: a known name, a folder, or a `.gguf` file.
    /// - Throws: `ModelError` when there is nothing there; for an unknown name it names the known ones and the nearest.
    public func locate(_ place: String) throws -> ModelLocation {
        switch place {
        case "tiny": return try locateShipped(place)
        case "smollm2": return try locateFetched(place, fileName: ModelLocator.smollm2FileName)
        default: return try locatePath(place)
        }
    }

    private func locateShipped(_ name: String) throws -> ModelLocation {
        let candidates = shippedFolders.map { $0 + "/" + name }
        guard let folder = candidates.first(where: { ModelFolder(path: $0).hasModel }) else {
            throw ModelError(
                "the model \"\(name)\" should have come with the program, but is in none of: "
                    + candidates.joined(separator: ", ") + "; BRIDGE_MODELS may name the folder that holds it")
        }
        return .folder(folder)
    }

    private func locateFetched(_ name: String, fileName: String) throws -> ModelLocation {
        let path = cacheFolder + "/" + fileName
        guard access(path, F_OK) == 0 else {
            throw ModelError("the model \"\(name)\" is not at \(path); run: scripts/fetch-model \(name)")
        }
        return .gguf(path)
    }

    private func locatePath(_ place: String) throws -> ModelLocation {
        var path = place
        if path.hasPrefix("~/"), let home = ModelLocator.environment("HOME") { path = home + path.dropFirst() }
        var status = stat()
        if !path.isEmpty, stat(path, &status) == 0 {
            return status.st_mode & S_IFMT == S_IFDIR ? .folder(path) : .gguf(path)
        }
        if path.contains("/") || path.hasSuffix(".gguf") {
            throw ModelError.unreadable(path, reason: lastSystemError())
        }
        let known = ModelLocator.knownNames.map { "\"\($0)\"" }.joined(separator: " and ")
        let nearest = EditDistance.nearest(to: place, in: ModelLocator.knownNames, limit: 1).first
        let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        throw ModelError(
            "there is no model or folder \(quoted(place)); known names are \(known), anything else is a path\(hint)")
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// Where models may be, seen from each folder above the program: in a checkout, and where it is installed.
    private static func foldersAboveProgram() -> [String] {
        guard let resolved = realpath("/proc/self/exe", nil) else { return [] }
        defer { free(resolved) }
        var parts = String(cString: resolved).split(separator: "/").dropLast()
        var folders: [String] = []
        while !parts.isEmpty {
            let above = "/" + parts.joined(separator: "/")
            folders += ["/models", "/share/bridge/models"].map { above + $0 }
            parts = parts.dropLast()
        }
        return folders
    }
}
