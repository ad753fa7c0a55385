import Language
import Models
import Training

// Arguments that several ways of training take, and what they say.
extension TrainingLibrary {
    static func rate(_ value: Double) -> Parameter {
        Parameter("lr", .number, default: .float(value), "the learning rate")
    }

    static var record: [Parameter] {
        [
            Parameter(
                "folder", .string, default: .null,
                "where the run writes config.json, history.jsonl and its checkpoint"),
            Parameter(
                "checkpoint_every", .int, default: .int(0),
                "steps between checkpoints in the folder, for `resume`; 0 keeps none"),
            Parameter(
                "resume", .bool, default: .bool(false),
                "go on from the folder's checkpoint, if there is one; the result is the same, byte for byte"),
        ]
    }

    static func record(_ call: NativeCall, _ environment: LibraryEnvironment) throws -> RecordOptions {
        var options = RecordOptions(
            folder: try call.optionalString("folder"), checkpointEvery: try call.int("checkpoint_every"),
            resumes: try call.bool("resume"))
        if options.keepsCheckpoints { options.attachments = try RecordedCall.attachments(call, seed: environment.seed) }
        return options
    }

    static var seed: Parameter { Parameter("seed", .int, default: .null, "the session's without it") }

    static func which(_ value: String) -> Parameter {
        Parameter("parameters", .string, default: .string(value), "which ones learn: \"all\", \"new\" or \"old\"")
            .offering(LanguageModel.ParameterSet.self)
    }

    static func schedule(_ value: String) -> Parameter {
        Parameter(
            "schedule", .string, default: .string(value),
            "of the learning rate: \"constant\", \"linear\", \"cosine\" or \"wsd\" (constant, then a line over the last "
                + "fifth); all but the first go down to a tenth"
        ).offering(LearningRateSchedule.Kind.self)
    }

    static var optimiser: [Parameter] {
        [
            Parameter("beta2", .number, default: .float(0.99), "decay of AdamW's second moment"),
            Parameter("weight_decay", .number, default: .float(0), "AdamW's, decoupled from the gradients"),
            Parameter("grad_clip", .number, default: .float(1), "longer gradients are shortened to this; 0 for never"),
            Parameter("warmup_steps", .int, default: .int(0), "the first steps, over which the learning rate rises"),
            Parameter("microbatch", .int, default: .null, "whole groups in memory at once; as many as fit without it"),
        ]
    }

    static func optimiser(_ call: NativeCall, newRate: Double? = nil) throws -> OptimiserOptions {
        OptimiserOptions(
            learningRate: try call.float("lr"), newLearningRate: newRate, beta2: try call.float("beta2"),
            weightDecay: try call.float("weight_decay"), gradientClip: try call.float("grad_clip"))
    }

    static func schedule(_ call: NativeCall) throws -> LearningRateSchedule {
        let warmUpSteps = try call.int("warmup_steps")
        guard warmUpSteps >= 0 else {
            throw RuntimeError("warmup_steps is \(warmUpSteps), but must be 0 or more", code: "E203")
        }
        return LearningRateSchedule(try choice(call, "schedule"), warmUpSteps: warmUpSteps)
    }

    /// A string that must be one of an enumeration's, as `offering` offers them.
    static func choice<T: RawRepresentable & CaseIterable>(_ call: NativeCall, _ name: String) throws -> T
    where T.RawValue == String {
        let text = try call.string(name)
        guard let value = T(rawValue: text) else {
            let known = T.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw RuntimeError(
                "`\(name)` of `\(call.function.name)` must be one of \(known), not \"\(text)\"", code: "E203")
        }
        return value
    }
}

extension Parameter {
    /// The same with the texts of an enumeration, which completion offers.
    func offering<T: RawRepresentable & CaseIterable>(_ choices: T.Type) -> Parameter where T.RawValue == String {
        offering(choices.allCases.map(\.rawValue), only: true)
    }
}
