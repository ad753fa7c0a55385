extension LanguageModel {
    /// Loads a model by name ("tiny", "smollm2"), from a folder or from a `.gguf` file.
    /// - Throws: `ModelError` when there is nothing there, a file is damaged, or the model cannot be run.
    public static func load(_ place: String, locator: ModelLocator = .standard) throws -> LanguageModel {
        let location = try locator.locate(place)
        let model = try load(from: location)
        if ModelLocator.knownNames.contains(place) {
            model.name = place
            model.origin = place
        } else {
            model.origin = location.absolutePath
        }
        return model
    }

    /// - Throws: `ModelError` as above.
    public static func load(from location: ModelLocation) throws -> LanguageModel {
        switch location {
        case .folder(let path): return try ModelFolder(path: path).loadModel()
        case .gguf(let path): return try load(GGUFFile(path: path))
        }
    }

    /// A model of a GGUF file: its weights stay in the file until they are asked for.
    /// - Throws: `ModelError` for an architecture, a tokeniser or a weight that is not known or not sound.
    package static func load(_ gguf: GGUFFile) throws -> LanguageModel {
        let transformer = try GGUFTransformer(gguf)
        let tokenizer = try gguf.tokenizer()
        return try LanguageModel(
            store: transformer.weights(), tokenizer: tokenizer,
            name: gguf.metadata["general.name"]?.string ?? gguf.file.path,
            chatTemplate: gguf.metadata["tokenizer.chat_template"]?.string,
            specialTokens: GGUFVocabulary(gguf).specialTokens())
    }
}
