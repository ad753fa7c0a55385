import FoundationEssentials
import Language
import Models
import Training

/// Going on with a run whose process has ended.
enum ResumeLibrary {
    static func resume(_ environment: LibraryEnvironment) -> NativeFunction {
        NativeFunction(
            name: "resume", parameters: [Parameter("folder", .string, "of a run that was given `checkpoint_every`")],
            returns: "Run", summary: "Goes on with a training run from what its folder holds.",
            details: """
                The folder keeps the call, the model that the run started from, its examples or traces, and the last \
                checkpoint; the result is the same, byte for byte, as that of a run that was never stopped. The \
                trained model is the run's `model`. A task made with `task.new` holds functions, which no file keeps: \
                then repeat the call with the same `folder` and `resume: true`. A run that is done gives its record.
                """,
            example: """
                m = model.new(layers: 1, dim: 32, heads: 2, context: 32)
                examples = task.sums(terms: 2, digits: 1).examples(64)
                sft(m, examples, batch: 16, folder: "run", checkpoint_every: 1)
                run = resume("run")
                print(len(run.history), run.model.name)
                """, seeAlso: ["rlvr", "warmup", "sft"]
        ) { call in
            let folder = URL(filePath: try call.string("folder"))
            let path = folder.appending(path: RecordedCall.file).path
            guard FileManager.default.fileExists(atPath: path) else {
                throw RuntimeError(
                    "\(folder.path) has no \(RecordedCall.file); only a run with `folder` and `checkpoint_every` can "
                        + "be resumed", code: "E300")
            }
            let record = try JSONFile.lines(path)()
            guard let recorded = RecordedCall(record),
                ["sft", "warmup", "rlvr"].contains(recorded.function),
                let function = call.interpreter.registry.function(named: recorded.function)
            else { throw RuntimeError("\(path) is not what a run has written", code: "E300") }
            let arguments = try function.parameters.map { parameter in
                try argument(parameter, of: recorded, record?.asRecord, folder, call, environment)
            }
            return try environment.withSeed(recorded.seed) {
                try call.call(.object(NativeFunctionObject(function)), arguments)
            }
        }
    }

    private static func argument(
        _ parameter: Parameter, of recorded: RecordedCall, _ record: RecordObject?, _ folder: URL, _ call: NativeCall,
        _ environment: LibraryEnvironment
    ) throws -> Value {
        switch parameter.name {
        case "folder": return call.value("folder")
        case "resume": return .bool(true)
        case SamplingLibrary.model.name:
            let model = try LanguageModel.load(from: .folder(folder.appending(path: "model").path))
            if let name = record?["model"]?.asString { model.name = name }
            return .object(ModelObject(model))
        case SamplingLibrary.task.name:
            guard let origin = RecordedCall(record?["task"]), origin.function.hasPrefix("task."),
                let function = call.interpreter.registry.function(named: origin.function)
            else {
                throw RuntimeError(
                    "the run's task holds functions of a script, which its folder cannot keep", code: "E200",
                    suggestion: "repeat the call of `\(recorded.function)` with the same `folder` and `resume: true`")
            }
            let arguments = function.parameters.map { origin.arguments[$0.name] ?? $0.defaultValue ?? .null }
            return try environment.withSeed(origin.seed) {
                try call.call(.object(NativeFunctionObject(function)), arguments)
            }
        case "examples":
            var examples: [Value] = []
            let next = try JSONFile.lines(folder.appending(path: RecordedCall.examples).path)
            while let example = try next() { examples.append(example) }
            return .list(examples)
        case "traces":
            return .object(TracesObject(try RecordedCall.traces(in: folder.appending(path: RecordedCall.traces).path)))
        default: return recorded.arguments[parameter.name] ?? parameter.defaultValue ?? .null
        }
    }
}
