import Glibc
import Notebook

/// The scripts that a list of files and folders names: those of a folder are its `.bridge` files, at any depth, in the
/// order of their names; hidden folders and links to folders are left out. No file comes twice.
struct ScriptFolder {
    private(set) var files: [String] = []
    /// What is wrong with the list.
    private(set) var problems: [ScriptFile.Problem] = []
    private var seen: Set<String> = []
    private var found = 0

    init(expanding paths: [String]) {
        for path in paths {
            guard path != "-", Self.isFolder(path, followsLinks: true) else {
                add(path)
                continue
            }
            let before = (found, problems.count)
            descend(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
            if (found, problems.count) == before {
                problems.append(
                    ScriptFile.Problem(
                        message: "there is no .bridge file in the folder `\(path)`", status: Status.usage))
            }
        }
    }

    private mutating func descend(_ folder: String) {
        guard let names = Self.names(in: folder) else {
            let reason = String(cString: strerror(errno))
            problems.append(
                ScriptFile.Problem(message: "cannot read the folder `\(folder)`: \(reason)", status: Status.failed))
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder == "/" ? "/" + name : "\(folder)/\(name)"
            if Self.isFolder(path, followsLinks: false) {
                descend(path)
            } else if name.hasSuffix(".bridge"), !Self.isFolder(path, followsLinks: true) {
                add(path)
            }
        }
    }

    private mutating func add(_ path: String) {
        found += 1
        if seen.insert(ScriptFile.realPath(path) ?? path).inserted { files.append(path) }
    }

    private static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    private static func isFolder(_ path: String, followsLinks: Bool) -> Bool {
        var information = stat()
        let code = followsLinks ? stat(path, &information) : lstat(path, &information)
        return code == 0 && information.st_mode & S_IFMT == S_IFDIR
    }
}
