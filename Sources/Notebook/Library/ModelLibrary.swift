import Language
import Models
import Tensors

/// Language models: loading, making, generating, looking inside.
enum ModelLibrary {
    static func functions(_ environment: LibraryEnvironment) -> [NativeFunction] {
        [load(), new(environment)] + GenerationLibrary.functions(environment) + [
            logits(), tokenize(), detokenize(), save(), copy(),
        ] + ModelInspection.functions()
    }

    private static func load() -> NativeFunction {
        NativeFunction(
            name: "model.load",
            parameters: [
                Parameter("where", .string, "\"tiny\", \"smollm2\", a folder, or a .gguf file")
                    .offering(["tiny", "smollm2"])
            ],
            returns: "Model",
            summary: "Loads a language model with its tokenizer.",
            details: """
                "tiny" comes with the program. "smollm2" is SmolLM2-135M-Instruct, after `scripts/fetch-model \
                smollm2`. A folder holds config.json, model.safetensors and tokenizer.json as Hugging Face's \
                libraries write them; new blocks lie beside them. Fields: `name`, `parameters`, `new_parameters`, \
                `new_fraction`, `layers`, `dim`, `vocabulary`, `context`, and `blocks` ("bridge", "pmatch" or nil).
                """,
            example: "m = model.load(\"tiny\")\nprint(m.parameters)",
            seeAlso: ["model.new", "Model.save", "bridge.attach"]
        ) { call in .object(ModelObject(try LanguageModel.load(try call.string("where")))) }
    }

    private static func new(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "model.new",
            parameters: [
                Parameter("layers", .int, default: .int(4), "transformer blocks"),
                Parameter("dim", .int, default: .int(128), "width of the hidden states"),
                Parameter("heads", .int, default: .int(4), "query heads"),
                Parameter(
                    "kv_heads", .int, default: .null, "key and value heads, a divisor of heads; as many without it"),
                Parameter("hidden", .int, default: .null, "width of the feedforward; 3 * dim without it"),
                Parameter("context", .int, default: .int(128), "the longest text in tokens"),
                Parameter(
                    "vocabulary", .string, default: .string("ascii"),
                    "\"ascii\": a token for each printable ASCII character, the newline, and the end"),
                Parameter("seed", .int, default: .null, "of the random weights; the session's without it"),
            ], returns: "Model", summary: "A transformer of the Llama family with random weights.",
            example: "m = model.new(layers: 2, dim: 32, heads: 2)\nprint(m.parameters)", seeAlso: ["sft", "model.load"]
        ) { call in
            guard try call.string("vocabulary") == "ascii" else {
                throw RuntimeError(
                    "`vocabulary` of `model.new` must be \"ascii\", not \"\(try call.string("vocabulary"))\"",
                    code: "E203")
            }
            let tokenizer = CharacterTokenizer()
            let dim = try call.int("dim")
            let configuration = TransformerConfiguration(
                vocabularySize: tokenizer.vocabularySize, layers: try call.int("layers"), dim: dim,
                heads: try call.int("heads"),
                keyValueHeads: try call.optionalInt("kv_heads"),
                hiddenDim: try call.optionalInt("hidden") ?? dim.multipliedReportingOverflow(by: 3).partialValue,
                contextLength: try call.int("context"))
            try configuration.validate()
            let seed = try environment.seed(call)
            return .object(ModelObject(try LanguageModel(random: configuration, tokenizer: tokenizer, seed: seed)))
        }
    }

    private static func receiver(_ call: NativeCall) throws -> LanguageModel {
        try call.receiver(as: ModelObject.self).model
    }

    /// The list of ids that a call gives.
    private static func ids(_ call: NativeCall) throws -> [Int32] {
        try call.value("tokens").integers("`tokens`").map { id in
            guard let token = Int32(exactly: id) else {
                let size = try receiver(call).configuration.vocabularySize
                throw RuntimeError("the token \(id) is not in the vocabulary; ids are 0 to \(size - 1)", code: "E209")
            }
            return token
        }
    }

    private static func logits() -> NativeFunction {
        NativeFunction(
            name: "Model.logits", parameters: [Parameter("tokens", .list, "ids")], returns: "Tensor",
            summary: "The scores of every next token after each token, (S, V).",
            example: "m = model.load(\"tiny\")\nprint(m.logits(m.tokenize(\"1+2=\")).shape)",
            seeAlso: ["Model.tokenize"]
        ) { call in
            let model = try receiver(call)
            let tokens = try ids(call)
            guard !tokens.isEmpty else { throw RuntimeError("`logits` needs at least one token", code: "E203") }
            // One row whose only token, never fed, is of no matter.
            let batch = try TokenBatch([(prompt: tokens, rows: [[0]])])
            let logits = try noGrad { try model.logits(model.hiddenStates(batch)) }
            return .tensor(try logits.reshape([tokens.count, model.configuration.vocabularySize]))
        }
    }

    private static func tokenize() -> NativeFunction {
        NativeFunction(
            name: "Model.tokenize", parameters: [Parameter("text", .string, "any text")], returns: "List",
            summary:
                "The ids of a text's tokens; none are added, special tokens spelled out in the text are recognised.",
            example: "print(model.load(\"tiny\").tokenize(\"1+2=\"))", seeAlso: ["Model.detokenize"]
        ) { call in .list(try receiver(call).tokenizer.encode(try call.string("text")).map { .int(Int($0)) }) }
    }

    private static func detokenize() -> NativeFunction {
        NativeFunction(
            name: "Model.detokenize", parameters: [Parameter("tokens", .list, "ids")], returns: "String",
            summary: "The text of tokens; special tokens add nothing.",
            example: "m = model.load(\"tiny\")\nprint(m.detokenize(m.tokenize(\"1+2=\")))", seeAlso: ["Model.tokenize"]
        ) { call in
            let model = try receiver(call)
            return .string(
                try model.tokenizer.decodeFromBeginning(try ids(call), modelSize: model.configuration.vocabularySize))
        }
    }

    private static func save() -> NativeFunction {
        NativeFunction(
            name: "Model.save",
            parameters: [
                Parameter("folder", .string, "made if it is not there"),
                Parameter(
                    "precision", .string, default: .null,
                    "of the base's weights: \"f32\", \"bf16\" or \"f16\"; the smallest that keeps every bit without it"
                ).offering(["f32", "bf16", "f16"]),
            ],
            returns: "String",
            summary: "Writes the model to a folder that `model.load` reads; its new blocks go to files of their own.",
            details: "`transformers` reads the folder too: the base's part of it.",
            example: "model.load(\"tiny\").save(\"copy-of-tiny\")", seeAlso: ["model.load"]
        ) { call in
            let folder = try call.string("folder")
            let precisions: [String: TensorEncoding] = ["f32": .f32, "bf16": .bf16, "f16": .f16]
            let name = call.value("precision").asString
            if let name, precisions[name] == nil {
                throw RuntimeError("`precision` is \"\(name)\", but must be \"f32\", \"bf16\" or \"f16\"", code: "E203")
            }
            try ModelFolder(path: folder).save(try receiver(call), encoding: name.flatMap { precisions[$0] })
            return .string(folder)
        }
    }

    private static func copy() -> NativeFunction {
        NativeFunction(
            name: "Model.copy", returns: "Model", summary: "A copy: training either leaves the other as it is.",
            example: "base = model.load(\"tiny\")\narm = base.copy()", seeAlso: ["bridge.attach"]
        ) { call in .object(ModelObject(try receiver(call).copy())) }
    }
}

/// A language model in a script's hands.
final class ModelObject: NativeObject {
    let model: LanguageModel

    init(_ model: LanguageModel) { self.model = model }

    override var typeName: String { "Model" }
    override class var fields: [TypeField] {
        [
            TypeField("name", "String", "what it was loaded as"),
            TypeField("parameters", "Int", "numbers in its weights"),
            TypeField("new_parameters", "Int", "those of the blocks that were attached"),
            TypeField("new_fraction", "Float", "how many they are for each of the base's (the paper: 0.028 to 0.051)"),
            TypeField("layers", "Int", "transformer blocks"),
            TypeField("dim", "Int", "width of the hidden states"),
            TypeField("vocabulary", "Int", "tokens it knows"),
            TypeField("context", "Int", "the longest text in tokens"),
            TypeField("blocks", "String or Nil", "\"bridge\", \"pmatch\" or nil"),
        ]
    }

    override var byteCount: Int { model.parameterCount() * MemoryLayout<Float>.stride }

    override func member(_ name: String) -> Value? {
        switch name {
        case "name": .string(model.name)
        case "parameters": .int(model.parameterCount())
        case "new_parameters": .int(model.parameterCount(.new))
        case "new_fraction": .float(model.newFraction)
        case "layers": .int(model.configuration.layers)
        case "dim": .int(model.configuration.dim)
        case "vocabulary": .int(model.configuration.vocabularySize)
        case "context": .int(model.contextLength)
        case "blocks": model.bridge.map { .string($0.configuration.kind.rawValue) } ?? .null
        default: nil
        }
    }

    override func describe(_ budget: inout PrintBudget) -> String {
        let blocks = model.bridge.map { bridge in
            let kind = bridge.configuration.kind == .bridge ? "Bridge" : "P-Match"
            return ", \(kind) of width \(bridge.configuration.dim) with \(model.parameterCount(.new)) new parameters"
        }
        let shape = "\(model.configuration.layers) layers, dim \(model.configuration.dim)"
        return "<Model \(model.name): \(model.parameterCount()) parameters, \(shape)\(blocks ?? "")>"
    }
}
