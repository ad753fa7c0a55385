/// What the codes of diagnostics mean, for `help("E203")`. E0 and some of E2 are found before a script runs, E1 is
/// raised by the script itself, E2 while it runs, E3 with files. Tests hold the table against the codes in the sources,
/// and run the examples.
package enum ErrorCodes {
    package struct Entry {
        package var text: String
        /// A script that gives this error, and one that does not.
        package var wrong: String?
        package var right: String?
        /// What the wrong one needs to run.
        package var needs: Needs

        /// The language alone; the library, and a folder to write to; nothing makes it run, for it only hints at a
        /// script too long to be shown, or that does not end.
        package enum Needs { case core, library, nothing }

        init(_ text: String, wrong: String? = nil, right: String? = nil, needs: Needs = .core) {
            self.text = text
            self.wrong = wrong
            self.right = right
            self.needs = needs
        }
    }

    package static func entry(_ code: String) -> Entry? { entries[code] }

    package static var all: [String] { entries.keys.sorted() }

    /// What help says of a code: what it means, a script that gives it and one that does not.
    package static func explanation(of code: String) -> String? {
        guard let entry = entries[code] else { return nil }
        var lines = ["\(code): \(entry.text)"]
        for (title, script) in [("Wrong", entry.wrong), ("Right", entry.right)] {
            guard let script else { continue }
            lines += ["", "  \(title):"] + script.split(separator: "\n").map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let entries: [String: Entry] = reading
        .merging(naming) { first, _ in first }
        .merging(values) { first, _ in first }
        .merging(limits) { first, _ in first }
        .merging(files) { first, _ in first }
}
