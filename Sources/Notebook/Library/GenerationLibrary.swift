import Language
import Models

/// Text from a model: free continuation and conversation, one row or a group of rows.
enum GenerationLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [generate(environment), chat(environment)]
    }

    /// What all sampling takes. The defaults are those of the library's contract: temperature 1, nothing cut off.
    static func sampling(maxTokens: Int) -> [Parameter] {
        [
            Parameter("max_tokens", .int, default: .int(maxTokens), "the most tokens of a row"),
            Parameter(
                "temperature", .number, default: .float(1),
                "logits are divided by it; 0 takes the most probable token"),
            Parameter(
                "top_p", .number, default: .null, "only the most probable tokens with this share of the probability"),
            Parameter("top_k", .int, default: .null, "only this many of the most probable tokens"),
            Parameter(
                "min_p", .number, default: .null, "only tokens at least this times as probable as the most probable"),
            Parameter("seed", .int, default: .null, "the session's without it"),
            Parameter(
                "repetition_penalty", .number, default: .float(1),
                "what the scores of tokens already in the text are divided by (if negative, multiplied); 1 for none"),
            Parameter("stop", .string | .list, default: .null, "a text, or several, that end a row where it says them"),
            Parameter(
                "precision", .string, default: .string("f32"),
                "bits of the weights: \"f32\" as they are, \"bf16\" or \"q8\" rounded, read faster"
            ).offering(WeightPrecision.self),
        ]
    }

    static func options(_ call: NativeCall, _ environment: LibraryEnvironment) throws -> SamplingOptions {
        SamplingOptions(
            maxTokens: try call.int("max_tokens"), temperature: try call.float("temperature"),
            topK: try call.optionalInt("top_k"),
            topP: try call.optionalFloat("top_p"), minP: try call.optionalFloat("min_p"),
            repetitionPenalty: try call.float("repetition_penalty"), seed: try environment.seed(call),
            stopStrings: try stops(call), precision: try precision(call))
    }

    private static func stops(_ call: NativeCall) throws -> [String] {
        let value = try call.value("stop")
        if let text = value.asString { return [text] }
        return try (value.asList?.elements ?? []).map { element in
            guard let text = element.asString else {
                throw RuntimeError("`stop` must be a string or a list of strings", code: "E203")
            }
            return text
        }
    }

    static func precision(_ call: NativeCall) throws -> WeightPrecision {
        let name = try call.string("precision")
        guard let precision = WeightPrecision(rawValue: name) else {
            throw RuntimeError("`precision` is \"\(name)\", but must be \"f32\", \"bf16\" or \"q8\"", code: "E203")
        }
        return precision
    }

    private static var shared: [Parameter] {
        [
            Parameter(
                "width", .int, default: .null,
                "rows that are written side by side, and see each other where the model has a Bridge"),
            Parameter("stream", .bool, default: .bool(false), "show the text while it comes"),
        ] + sampling(maxTokens: 128)
    }

    private static func generate(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "Model.generate", parameters: [Parameter("prompt", .string, "the text to go on from")] + shared,
            returns: "String or List",
            summary: "Continues a text. With `width` a list of that many continuations.",
            example: """
                m = model.load("tiny")
                print(m.generate("47+85+13=", temperature: 0))
                print(m.generate("47+85+13=", width: 4))
                """,
            seeAlso: ["Model.chat", "sample"]
        ) { call in
            let model = try call.receiver(as: ModelObject.self).model
            let prompt = try model.tokenizer.encodeFromBeginning(try call.string("prompt"))
            return try run(call, model, prompt: prompt, environment)
        }
    }

    private static func chat(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "Model.chat",
            parameters: [
                Parameter(
                    "messages", .string | .list,
                    "the user's message, or records with `role` (\"system\", \"user\", \"assistant\") and `content`")
            ] + shared,
            returns: "String or List", summary: "The assistant's next message. With `width` a list of that many.",
            details: "For models whose files hold a chat template of a known kind, such as \"smollm2\".",
            example:
                "# m = model.load(\"smollm2\")\n# print(m.chat(\"What is the capital of France?\", temperature: 0))",
            seeAlso: ["Model.generate"]
        ) { call in
            let model = try call.receiver(as: ModelObject.self).model
            guard let template = model.chat else {
                throw RuntimeError(
                    "the model \"\(model.name)\" has no chat template; use generate(prompt)", code: "E205")
            }
            let text = try template.render(try messages(call.value("messages")))
            return try run(call, model, prompt: try model.tokenizer.encodeFromBeginning(text), environment)
        }
    }

    private static func messages(_ value: Value) throws -> [ChatMessage] {
        if let text = value.asString { return [ChatMessage(role: "user", content: text)] }
        return try (value.asList?.elements ?? []).enumerated().map { index, message in
            guard let record = message.asRecord, let role = record["role"]?.asString,
                let content = record["content"]?.asString
            else {
                throw RuntimeError(
                    "message \(index) must be a record with the strings `role` and `content`", code: "E203")
            }
            return ChatMessage(role: role, content: content)
        }
    }

    private static func run(
        _ call: NativeCall, _ model: LanguageModel, prompt: [Int32], _ environment: LibraryEnvironment
    ) throws -> Value {
        let width = try call.optionalInt("width")
        let request = GroupRequest(prompt: prompt, width: width ?? 1)
        let stream =
            try call.bool("stream")
            ? RowStream(console: environment.console, tokenizer: model.tokenizer, width: width ?? 1) : nil
        defer { stream?.end() }
        let options = try options(call, environment)
        let group = try model.generate([request], options: options) { event in
            stream?.show(event)
        }[0]
        let stops = Set(model.tokenizer.stopTokens)
        let texts = group.rows.map { row in
            Value.string(options.cut(model.tokenizer.decode(row.tokens.prefix { !stops.contains($0) })))
        }
        return width == nil ? texts[0] : .list(texts)
    }
}
