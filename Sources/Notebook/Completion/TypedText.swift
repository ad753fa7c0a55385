/// What stands before the cursor, as far as completion must know: whether it is code at all, the word that is being
/// typed, the subject before a dot, and the call whose arguments are being written. Read from the text alone.
package struct TypedText {
    /// The letters of the name right before the cursor.
    package private(set) var word = ""
    /// Whether a value is right before the cursor that ends with a quote or a bracket: no name can follow it.
    package private(set) var followsValue = false
    /// What stands before the dot in `subject.word`.
    package private(set) var subject: Subject?
    /// The innermost call that is open at the cursor.
    package private(set) var call: OpenCall?
    /// Whether the cursor is where code is written: not in a comment, nor in the text of a string.
    package private(set) var isCode = true
    /// What stands before the bracket in `subject["text`.
    package private(set) var indexed: Subject?
    /// The text of the string around the cursor, up to it, and the quote that ends it.
    package private(set) var string: (text: String, quote: Character)?

    package enum Subject: Equatable {
        /// `a.b.c`
        case path([String])
        /// The result of calling `a.b`.
        case result([String])
        /// `subject[index]`, the index as it is written.
        indirect case element(Subject, index: String)
        /// `subject.name` where the subject is no path.
        indirect case member(Subject, String)
        /// Anything else.
        case other
    }

    package struct OpenCall: Equatable {
        package var path: [String]
        /// Names written as `name:` in it.
        package var named: [String]
        /// Arguments before the cursor's that have no name.
        package var positional: Int
        /// Whether the cursor's own argument has got its name already.
        package var isValue: Bool

        /// The parameter that the cursor's own argument is for.
        func parameter<P>(among parameters: [P], name: (P) -> String) -> P? {
            if isValue { return parameters.first { name($0) == named.last } }
            return parameters.indices.contains(positional) ? parameters[positional] : nil
        }
    }

    private var characters: [Character]

    /// - Parameter prefix: the text up to the cursor.
    package init(_ prefix: String) {
        characters = Array(prefix)
        switch scan() {
        case .code: readCode()
        case .comment: isCode = false
        case .string(let open):
            if let start = interpolationStart(in: open) {
                self = TypedText(String(characters[start...]))
            } else {
                isCode = false
                string = (String(characters[open.start...]), open.quote)
                let start = open.start - open.length
                call = openCall(before: start)
                if start > 0, characters[start - 1] == "[" { indexed = readSubject(endingAt: start - 1) }
            }
        }
    }

    private mutating func readCode() {
        let start = wordStart(before: characters.count)
        word = String(characters[start...])
        let before = skipSpaces(before: start)
        if before > 0, characters[before - 1] == ".", before < 2 || characters[before - 2] != "." {
            subject = readSubject(endingAt: before - 1)
        }
        followsValue = word.isEmpty && before > 0 && "\"')]}".contains(characters[before - 1])
        call = openCall(before: start)
    }

    private enum Ending {
        case code, comment, string(OpenString)
    }

    /// A string that is not closed: where its text starts, and how.
    private struct OpenString {
        var start: Int
        var quote: Character
        /// Of the quotation mark, 1 or 3.
        var length: Int
        var isRaw: Bool
    }

    /// Offsets of brackets and commas that are code, with what they are.
    private var marks: [(offset: Int, character: Character)] = []

    /// Walks over the text and says what it ends in.
    private mutating func scan() -> Ending {
        var index = 0
        while index < characters.count {
            let character = characters[index]
            if character == "#" {
                guard let end = characters[index...].firstIndex(where: \.isNewline) else { return .comment }
                index = end
            } else if character == "\"" || character == "'" {
                let open = openString(at: index)
                guard let end = end(of: open) else { return .string(open) }
                index = end
                continue
            } else if "()[]{},:\n;".contains(character) {
                marks.append((index, character))
            }
            index += 1
        }
        return .code
    }

    private func openString(at start: Int) -> OpenString {
        let quote = characters[start]
        let isTriple = start + 2 < characters.count && characters[start + 1] == quote && characters[start + 2] == quote
        let isRaw = start > 0 && characters[start - 1] == "r" && (start < 2 || !isWordCharacter(characters[start - 2]))
        let length = isTriple ? 3 : 1
        return OpenString(start: start + length, quote: quote, length: length, isRaw: isRaw)
    }

    /// The offset behind a string; nil when it is not closed.
    private func end(of string: OpenString) -> Int? {
        var index = string.start
        while index < characters.count {
            if characters[index] == "\\" && !string.isRaw {
                index += 2
            } else if characters[index] != string.quote {
                index += 1
            } else if string.length == 1 {
                return index + 1
            } else if index + 2 < characters.count, characters[index + 1] == string.quote,
                characters[index + 2] == string.quote
            {
                return index + 3
            } else {
                index += 1
            }
        }
        return nil
    }

    /// Where the code of `"... {code` starts, if the string ends in it.
    private func interpolationStart(in string: OpenString) -> Int? {
        guard !string.isRaw else { return nil }
        var start: Int?
        var index = string.start
        while index < characters.count {
            switch characters[index] {
            case "\\": index += 1
            case "{": start = index + 1
            case "}": start = nil
            default: break
            }
            index += 1
        }
        return start
    }

    private func isWordCharacter(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    private func wordStart(before end: Int) -> Int {
        var start = end
        while start > 0, isWordCharacter(characters[start - 1]) { start -= 1 }
        return start
    }

    private func skipSpaces(before end: Int) -> Int {
        var end = end
        while end > 0, characters[end - 1] == " " { end -= 1 }
        return end
    }

    /// The names of `a.b.c` that end at `end`; empty where there are none.
    private func path(endingAt end: Int) -> [String] {
        var names: [String] = []
        var end = end
        while true {
            let start = wordStart(before: end)
            guard start < end, !characters[start].isNumber else { return [] }
            names.insert(String(characters[start..<end]), at: 0)
            guard start > 0, characters[start - 1] == "." else { return names }
            end = start - 1
        }
    }

    private func readSubject(endingAt end: Int) -> Subject {
        if end > 0, ")]".contains(characters[end - 1]), let open = opening(of: end - 1) {
            if characters[open] == "[" {
                let base = readSubject(endingAt: open)
                return base == .other ? .other : .element(base, index: String(characters[open + 1..<end - 1]))
            }
            let callee = path(endingAt: open)
            return callee.isEmpty ? .other : .result(callee)
        }
        let names = path(endingAt: end)
        if !names.isEmpty { return .path(names) }
        let start = wordStart(before: end)
        guard start < end, start > 0, characters[start - 1] == "." else { return .other }
        let base = readSubject(endingAt: start - 1)
        return base == .other ? .other : .member(base, String(characters[start..<end]))
    }

    private func opening(of close: Int) -> Int? {
        var depth = 0
        for mark in marks.reversed() where mark.offset <= close {
            if ")]}".contains(mark.character) { depth += 1 }
            if "([{".contains(mark.character) {
                depth -= 1
                if depth == 0 { return mark.offset }
            }
        }
        return nil
    }

    /// The call around `offset`: its name, and which arguments it has so far.
    private func openCall(before offset: Int) -> OpenCall? {
        var depth = 0
        var inside: [(offset: Int, character: Character)] = []
        for mark in marks.reversed() where mark.offset < offset {
            if ")]}".contains(mark.character) { depth += 1 }
            if depth == 0 && ",:".contains(mark.character) { inside.insert(mark, at: 0) }
            guard "([{".contains(mark.character) else { continue }
            depth -= 1
            guard depth < 0 else { continue }
            let callee = mark.character == "(" ? path(endingAt: mark.offset) : []
            return callee.isEmpty ? nil : describe(callee, inside)
        }
        return nil
    }

    private func describe(_ callee: [String], _ inside: [(offset: Int, character: Character)]) -> OpenCall {
        var call = OpenCall(path: callee, named: [], positional: 0, isValue: false)
        for mark in inside {
            if mark.character == ":" {
                let end = skipSpaces(before: mark.offset)
                call.named.append(String(characters[wordStart(before: end)..<end]))
                call.isValue = true
            } else {
                if !call.isValue { call.positional += 1 }
                call.isValue = false
            }
        }
        return call
    }
}
