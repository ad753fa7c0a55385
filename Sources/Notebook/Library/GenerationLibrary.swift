import Interruption
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
                "bits of the weights: \"f32\" as they are; rounded and read faster \"bf16\", \"f16\", \"q8\" or \"q4\""
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
        let value = call.value("stop")
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
            let known = WeightPrecision.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw RuntimeError("`precision` is \"\(name)\", but must be one of \(known)", code: "E203")
        }
        return precision
    }

    private static var shared: [Parameter] {
        [
            Parameter(
                "width", .int, default: .null,
                "rows that are written side by side, and see each other where the model has a Bridge"),
            Parameter("stream", .bool, default: .bool(false), "show the text while it comes"),
            Parameter(
                "details", .bool, default: .bool(false),
                "records with `text`, `tokens`, `pieces`, `logprobs`, `finished` and `prompt_tokens`"),
        ] + sampling(maxTokens: 128)
    }

    private static func generate(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "Model.generate", parameters: [Parameter("prompt", .string, "the text to go on from")] + shared,
            returns: "String, Record or List",
            summary: "Continues a text. With `width` a list of that many continuations.",
            details: """
                `details: true` tells of every token: its id, how it is spelled, and its log-probability under the \
                distribution that it was drawn from; `bridge.watch` takes such records too. After Ctrl-C `ans` holds \
                what was written until then.
                """,
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
            returns: "String, Record or List",
            summary: "The assistant's next message. With `width` a list of that many.",
            details: "For models whose files hold a chat template, such as \"smollm2\"; it is rendered as it stands.",
            example:
                "# m = model.load(\"smollm2\")\n# print(m.chat(\"What is the capital of France?\", temperature: 0))",
            seeAlso: ["Model.generate"]
        ) { call in
            let model = try call.receiver(as: ModelObject.self).model
            guard let prompt = try model.chatTokens(try messages(call.value("messages"))) else {
                throw RuntimeError(
                    "the model \"\(model.name)\" has no chat template; use generate(prompt)", code: "E205")
            }
            return try run(call, model, prompt: prompt, environment)
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
        let width = try call.optionalInt("width"), isDetailed = try call.bool("details")
        // Looked at before rows are made room for on the screen.
        if let width, !(1...4096).contains(width) {
            throw RuntimeError("width is \(width), but must be 1 to 4096", code: "E203")
        }
        let request = GroupRequest(prompt: prompt, width: width ?? 1)
        let stream =
            try call.bool("stream")
            ? RowStream(console: environment.console, tokenizer: model.tokenizer, width: width ?? 1) : nil
        defer { stream?.end() }
        let options = try options(call, environment)
        let sampler = try Sampler(model, options: options)
        func value(_ groups: [SampledGroup]) -> Value {
            let rows = groups.flatMap(\.rows).map { row in
                let text = Value.string(row.text(model.tokenizer, options))
                return isDetailed ? details(of: row, text, prompt, model.tokenizer) : text
            }
            return width == nil ? rows.first ?? .null : .list(rows)
        }
        do {
            return value(try sampler.run([request]) { event in stream?.show(event) })
        } catch let interruption as Interrupted {
            let count = sampler.groups.reduce(0) { $0 + $1.tokenCount }
            guard count > 0 else { throw interruption }
            throw Interrupted(
                leaving: PartialResult(
                    value(sampler.groups), progress: "after \(count) token\(count == 1 ? "" : "s")",
                    name: width == nil ? "the text so far" : "the texts so far"))
        }
    }

    private static func details(
        of row: SampledRow, _ text: Value, _ prompt: [Int32], _ tokenizer: any Tokenizer
    ) -> Value {
        .record([
            "text": text, "tokens": .list(row.tokens.map { .int(Int($0)) }),
            "pieces": .list(row.tokens.map { .string(tokenizer.spelling(of: $0)) }),
            "logprobs": .list(row.logProbabilities.map { .float(Double($0)) }), "finished": .bool(row.finished),
            "prompt_tokens": .list(prompt.map { .int(Int($0)) }),
        ])
    }
}
