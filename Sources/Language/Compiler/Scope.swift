/// The names of one function, or of a file's statements outside functions.
final class Scope {
    /// An outer function's variable that this function reads.
    struct Capture {
        var name: String
        /// Whether it is the enclosing function's own variable; else that function captures it too.
        var isLocalOfParent: Bool
        /// The slot, or the position among the parent's captures.
        var index: Int
    }

    let isFile: Bool
    private(set) var locals: [String] = []
    private var slots: [String: Int] = [:]
    /// Own variables that inner functions read: they live in cells.
    var captured: Set<String> = []
    private(set) var captures: [Capture] = []

    init(isFile: Bool) { self.isFile = isFile }

    func slot(of name: String) -> Int? { slots[name] }

    @discardableResult
    func declare(_ name: String) -> Int {
        if let slot = slots[name] { return slot }
        slots[name] = locals.count
        locals.append(name)
        return locals.count - 1
    }

    func capture(named name: String) -> Int? { captures.firstIndex { $0.name == name } }

    func add(_ capture: Capture) -> Int {
        captures.append(capture)
        return captures.count - 1
    }
}

/// What a name means at a place.
enum Resolution {
    case local(slot: Int, name: String)
    case captured(index: Int)
    /// A name of the file.
    case global
    case unknown
}

/// The functions around a place, outermost first; used by the checker and, the same way, by the compiler.
struct ScopeStack {
    private struct Level {
        var scope: Scope
        /// Names of the comprehensions around the place, and what the function calls them.
        var hidden: [[String: String]] = []
    }

    private var levels: [Level]
    /// The names a file binds.
    let fileNames: Set<String>

    init(file: Scope, names: Set<String>) {
        levels = [Level(scope: file)]
        fileNames = names
    }

    var current: Scope { levels[levels.count - 1].scope }
    var isInFunction: Bool { levels.count > 1 }

    mutating func enter(_ scope: Scope) { levels.append(Level(scope: scope)) }
    mutating func leave() { levels.removeLast() }
    mutating func enter(comprehension names: [String: String]) { levels[levels.count - 1].hidden.append(names) }
    mutating func leaveComprehension() { levels[levels.count - 1].hidden.removeLast() }

    /// Notes on the way which variables inner functions capture.
    func resolve(_ name: String) -> Resolution {
        for index in levels.indices.reversed() {
            let own = hiddenName(name, at: index) ?? name
            guard let slot = levels[index].scope.slot(of: own) else { continue }
            if index == levels.count - 1 { return .local(slot: slot, name: own) }
            levels[index].scope.captured.insert(own)
            return .captured(index: capture(own, slot: slot, from: index))
        }
        return fileNames.contains(name) ? .global : .unknown
    }

    /// What the innermost function calls a name; another one only for a comprehension's.
    func ownName(_ name: String) -> String? { ownName(name, at: levels.count - 1) }

    private func ownName(_ name: String, at index: Int) -> String? {
        hiddenName(name, at: index) ?? (levels[index].scope.slot(of: name) == nil ? nil : name)
    }

    private func hiddenName(_ name: String, at index: Int) -> String? {
        guard !levels[index].hidden.isEmpty else { return nil }
        for names in levels[index].hidden.reversed() {
            if let hidden = names[name] { return hidden }
        }
        return nil
    }

    /// Passes a variable of the function at `owner` down to the innermost function.
    private func capture(_ name: String, slot: Int, from owner: Int) -> Int {
        var index = slot
        for level in (owner + 1)..<levels.count {
            let scope = levels[level].scope
            index = scope.capture(named: name)
                ?? scope.add(Scope.Capture(name: name, isLocalOfParent: level == owner + 1, index: index))
        }
        return index
    }

    /// Every name that could be meant here, for suggestions.
    var visibleNames: [String] {
        levels.flatMap { level in level.hidden.flatMap(\.keys) + level.scope.locals.filter { !$0.contains("#") } }
            + fileNames
    }
}
