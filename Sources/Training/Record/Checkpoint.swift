import Foundation
import Models

/// What a run needs to go on: the weights that learn, the optimiser's moments, and how far it had come. All else is
/// named by indices (random streams, batches) or by the options.
struct Checkpoint {
    /// Steps done.
    var step: Int
    /// The index of the next problem to sample; of no meaning for supervised runs.
    var nextProblem: Int

    static let name = "checkpoint.safetensors"

    static func path(_ folder: String) -> String {
        URL(fileURLWithPath: folder).appendingPathComponent(name).path
    }

    func write(_ learner: Learner, to folder: String) throws {
        var entries: [SafetensorsWriter.Entry] = []
        let states = learner.optimiserState()
        for (i, state) in states.enumerated() {
            let parameter = learner.parameters[i]
            entries.append(.init(name: "weight.\(i)", shape: parameter.shape) { try parameter.floats() })
            guard let state else { continue }
            entries.append(.init(name: "first.\(i)", shape: parameter.shape) { try state.first.floats() })
            entries.append(.init(name: "second.\(i)", shape: parameter.shape) { try state.second.floats() })
        }
        try SafetensorsWriter.write(
            entries, to: Checkpoint.path(folder),
            metadata: [
                "step": "\(step)", "next_problem": "\(nextProblem)", "optimiser_steps": "\(learner.optimiser.steps)",
                "parameter_steps": states.map { "\($0?.steps ?? 0)" }.joined(separator: " "),
            ])
    }

    /// Brings the learner to where it was.
    /// - Returns: nil if the folder has no checkpoint.
    /// - Throws: `TrainingError` where the checkpoint is of other parameters, `ModelError` where it is damaged.
    static func restore(_ learner: Learner, from folder: String) throws -> Checkpoint? {
        let path = path(folder)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try SafetensorsFile(path: path)
        func number(_ name: String) throws -> Int {
            guard let value = file.metadata[name].flatMap({ Int($0) }), value >= 0 else {
                throw TrainingError("\(path): it has no number named `\(name)`, so it is no checkpoint of a run")
            }
            return value
        }
        let checkpoint = Checkpoint(step: try number("step"), nextProblem: try number("next_problem"))
        let weights = learner.parameters.indices.map { file.tensors["weight.\($0)"]?.shape }
        try TrainingError.require(
            weights == learner.parameters.map(\.shape) && file.tensors["weight.\(weights.count)"] == nil,
            "\(path): its weights are not those of this model; start from the model that the run started from")
        let steps = try number("optimiser_steps")
        // Older checkpoints are of runs in which every parameter had a gradient at every step.
        let own = file.metadata["parameter_steps"]?.split(separator: " ").map { Int($0) ?? steps } ?? []
        try learner.restoreOptimiser(steps: steps) { i in
            guard file.tensors["first.\(i)"] != nil else { return nil }
            return (try file.floats("first.\(i)"), try file.floats("second.\(i)"), i < own.count ? own[i] : steps)
        }
        try learner.restore(weights.indices.map { try file.floats("weight.\($0)") })
        return checkpoint
    }
}
