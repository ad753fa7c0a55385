import Glibc

/// The names in folders, for completion inside strings.
enum FileNames {
    /// A folder may hold millions of names; no more than this many are looked at.
    private static let limit = 5000

    /// Paths that begin with `text`, folders with a slash at their end. Hidden names only where a dot asks for them.
    static func beginning(with text: String) -> [Candidate] {
        let slash = text.lastIndex(of: "/").map(text.index(after:)) ?? text.startIndex
        let folder = String(text[..<slash])
        let start = text[slash...]
        guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(stream) }
        var found: [Candidate] = []
        var count = 0
        while count < limit, let entry = readdir(stream) {
            count += 1
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix(start), !name.hasPrefix(".") || start.hasPrefix("."), isPlain(name) else { continue }
            let isFolder = isFolder(folder + name, type: entry.pointee.d_type)
            found.append(Candidate(name: folder + name + (isFolder ? "/" : ""), summary: isFolder ? "folder" : "file"))
        }
        return found.filter { $0.name != folder + "./" && $0.name != folder + "../" }.sorted { $0.name < $1.name }
    }

    private static func isFolder(_ path: String, type: UInt8) -> Bool {
        if type == UInt8(DT_DIR) { return true }
        guard type == UInt8(DT_LNK) || type == UInt8(DT_UNKNOWN) else { return false }
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a name means itself inside quotes.
    private static func isPlain(_ name: String) -> Bool {
        !name.contains { "\"'\\{}".contains($0) || $0.isNewline }
    }
}
