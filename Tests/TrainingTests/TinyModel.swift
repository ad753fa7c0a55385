import Models
import Randomness
import Tasks
import Tensors
import Training

/// A model of two layers with random weights, and what tests do with it.
enum TinyModel {
    static func base(seed: UInt64 = 1) throws -> LanguageModel {
        try LanguageModel(
            random: TransformerConfiguration(
                vocabularySize: 97, layers: 2, dim: 32, heads: 2, hiddenDim: 64, contextLength: 64),
            tokenizer: CharacterTokenizer(), name: "tiny", seed: seed)
    }

    /// With a Bridge whose output projections are not zero, so that rows do influence each other.
    static func bridged(seed: UInt64 = 1) throws -> LanguageModel {
        let model = try base(seed: seed).attaching(BridgeConfiguration(heads: 2, dim: 16), seed: seed)
        for (index, parameter) in try model.namedParameters(.new).enumerated()
        where parameter.name.hasSuffix("o_proj.weight") {
            try fill(parameter.tensor, scale: 0.2, seed: seed + UInt64(index))
        }
        model.weightsDidChange()
        return model
    }

    private static func fill(_ tensor: Tensor, scale: Float, seed: UInt64) throws {
        var stream = RandomStream(seed: seed, purpose: .user)
        try tensor.withMutableFloats { values in
            for i in values.indices { values[i] = scale * (stream.uniform() - 0.5) }
        }
    }

    static func weights(_ model: LanguageModel, _ set: LanguageModel.ParameterSet = .all) throws -> [[Float]] {
        try model.parameters(set).map { try $0.floats() }
    }
}

/// Right is a completion whose first character lies in the upper half of the alphabet: every second guess.
struct UpperHalfTask: ReasoningTask {
    var name: String { "upper-half" }
    var parameters: [(name: String, value: String)] { [] }
    /// Whether every answer is right, so that there is nothing to learn.
    var acceptsAll = false

    func problem(_ index: Int, split: ProblemSplit) throws -> Problem {
        Problem(
            index: index, split: split, prompt: "\(index % 10)=", question: "Which half is \(index % 10) in?",
            answer: "yes", solution: "z")
    }

    func answer(in text: String, for problem: Problem) -> String? {
        acceptsAll ? "yes" : text.unicodeScalars.first.map { $0.value >= 79 ? "yes" : "no" }
    }
}
