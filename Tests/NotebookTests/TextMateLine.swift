import Foundation

/// Cuts one line by a TextMate grammar, as far as our grammar needs it: `match`, `begin` and `end`, captures, includes.
struct TextMateLine {
    typealias Rule = [String: Any]
    struct Piece {
        var text: String
        var scope: String
    }

    let grammar: Rule

    func pieces(of line: String) throws -> [Piece] {
        let text = line as NSString
        // A scope for each character; pieces are runs of one scope.
        var scopes = Array(repeating: "source", count: text.length)
        var stack: [Rule] = [grammar]
        var position = 0
        while position < text.length {
            let top = stack[stack.count - 1]
            var best: (match: NSTextCheckingResult, rule: Rule, isEnd: Bool)?
            var candidates = try flat(top["patterns"], []).map { (rule: $0, isEnd: false) }
            if top["end"] != nil { candidates.insert((top, true), at: 0) }
            for (rule, isEnd) in candidates {
                let pattern = (isEnd ? rule["end"] : rule["match"] ?? rule["begin"]) as? String ?? "$^"
                let range = NSRange(location: position, length: text.length - position)
                let expression = try NSRegularExpression(pattern: pattern)
                let options: NSRegularExpression.MatchingOptions = [.withTransparentBounds, .withoutAnchoringBounds]
                guard let match = expression.firstMatch(in: line, options: options, range: range) else { continue }
                if best == nil || match.range.location < best!.match.range.location { best = (match, rule, isEnd) }
            }
            let outer = stack.last { $0["name"] != nil }?["name"] as? String ?? "source"
            let end = best?.match.range.location ?? text.length
            for index in position..<end { scopes[index] = outer }
            guard let (match, rule, isEnd) = best else { break }
            let isBlock = rule["match"] == nil
            let name = rule["name"] as? String ?? outer
            for index in NSRange(location: match.range.location, length: match.range.length).lowerBound..<match.range.upperBound {
                scopes[index] = name
            }
            let captures = (isBlock ? isEnd ? rule["endCaptures"] : rule["beginCaptures"] : rule["captures"]) as? Rule ?? [:]
            for (key, value) in captures.sorted(by: { $0.key < $1.key }) {
                let range = match.range(at: Int(key) ?? 0)
                guard range.location != NSNotFound else { continue }
                for index in range.lowerBound..<range.upperBound { scopes[index] = (value as? Rule)?["name"] as? String ?? name }
            }
            if isBlock { if isEnd { stack.removeLast() } else { stack.append(rule) } }
            position = max(match.range.upperBound, position + (isBlock ? 0 : 1))
        }
        return runs(text, scopes)
    }

    /// The rules of a list, with those that it includes.
    private func flat(_ patterns: Any?, _ seen: Set<String>) throws -> [Rule] {
        try (patterns as? [Rule] ?? []).flatMap { rule -> [Rule] in
            guard let include = rule["include"] as? String else {
                return rule["match"] == nil && rule["begin"] == nil ? try flat(rule["patterns"], seen) : [rule]
            }
            let key = String(include.dropFirst())
            guard !seen.contains(key), let target = (grammar["repository"] as? Rule)?[key] as? Rule else { return [] }
            return try flat([target], seen.union([key]))
        }
    }

    private func runs(_ text: NSString, _ scopes: [String]) -> [Piece] {
        var pieces: [Piece] = []
        for (index, scope) in scopes.enumerated() {
            let name = scope.replacingOccurrences(of: ".bridge", with: "")
            let character = text.substring(with: NSRange(location: index, length: 1))
            if pieces.last?.scope == name { pieces[pieces.count - 1].text += character } else {
                pieces.append(Piece(text: character, scope: name))
            }
        }
        return pieces
    }
}
