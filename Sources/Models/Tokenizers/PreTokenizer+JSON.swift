import JSON

extension PreTokenizer {
    static let llama3Expression = expression(digits: #"\p{N}{1,3}"#)
    static let qwen2Expression = expression(digits: #"\p{N}"#)

    /// The two differ in how many digits make a piece.
    private static func expression(digits: String) -> String {
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
            + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    /// Recognises the pre-tokeniser of a `tokenizer.json`.
    /// - Throws: `ModelError` when it is none of those that are written out here.
    init(_ json: JSONValue, source: String) throws {
        let steps = json["type"]?.string == "Sequence" ? json["pretokenizers"]?.array ?? [] : [json]
        let types = steps.map { $0["type"]?.string ?? "?" }
        let addsSpace = steps.contains { $0["add_prefix_space"]?.bool == true }
        switch types {
        case ["ByteLevel"] where !addsSpace && steps[0]["use_regex"]?.bool != false: self = .gpt2
        case ["Digits", "ByteLevel"]
        where !addsSpace && steps[0]["individual_digits"]?.bool == true && steps[1]["use_regex"]?.bool != false:
            self = .smolLM2
        case ["Split", "ByteLevel"] where !addsSpace && steps[1]["use_regex"]?.bool == false:
            switch steps[0]["pattern"]?["Regex"]?.string {
            case PreTokenizer.llama3Expression: self = .llama3
            case PreTokenizer.qwen2Expression: self = .qwen2
            default: throw PreTokenizer.unknown("an unknown regular expression", source)
            }
            let behavior = steps[0]["behavior"]?.string ?? "?"
            guard behavior == "Isolated", steps[0]["invert"]?.bool != true else {
                throw PreTokenizer.unknown(
                    "a Split of behavior \(quoted(behavior))" + (behavior == "Isolated" ? ", inverted" : ""), source)
            }
        default: throw PreTokenizer.unknown(types.joined(separator: ", "), source)
        }
    }

    /// The pre-tokeniser as Hugging Face `tokenizers` describes it.
    var json: JSONValue {
        switch self {
        case .gpt2: PreTokenizer.byteLevel(usesExpression: true)
        case .smolLM2:
            PreTokenizer.sequence(
                ["type": "Digits", "individual_digits": true], PreTokenizer.byteLevel(usesExpression: true))
        case .llama3: PreTokenizer.split(PreTokenizer.llama3Expression)
        case .qwen2: PreTokenizer.split(PreTokenizer.qwen2Expression)
        }
    }

    static func byteLevel(usesExpression: Bool) -> JSONValue {
        ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": .bool(usesExpression)]
    }

    private static func split(_ expression: String) -> JSONValue {
        sequence(
            ["type": "Split", "pattern": ["Regex": .string(expression)], "behavior": "Isolated", "invert": false],
            byteLevel(usesExpression: false))
    }

    private static func sequence(_ steps: JSONValue...) -> JSONValue {
        ["type": "Sequence", "pretokenizers": .array(steps)]
    }

    private static func unknown(_ what: String, _ source: String) -> ModelError {
        .unsupported(source, "its tokeniser cuts text by \(what); known are those of GPT-2, SmolLM2, Llama 3 and Qwen2")
    }
}
