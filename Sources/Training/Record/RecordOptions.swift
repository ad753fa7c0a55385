/// Where a run's record is kept, and whether it can be gone on with.
public struct RecordOptions: Equatable, Sendable {
    /// Gets `config.json`, `history.jsonl` and `checkpoint.safetensors`; nil keeps nothing.
    public var folder: String?
    /// Steps between checkpoints; 0 for none. One more is written at the end, and where the run is interrupted.
    public var checkpointEvery: Int
    /// Whether to go on from the folder's checkpoint if there is one. The run must be started as it was the first time,
    /// from the same model and with the same options; only the number of steps may differ, unless the learning rate's
    /// schedule depends on it. It then gives the same bytes as a run that was never stopped.
    public var resumes: Bool

    public init(folder: String? = nil, checkpointEvery: Int = 0, resumes: Bool = false) {
        self.folder = folder
        self.checkpointEvery = checkpointEvery
        self.resumes = resumes
    }

    func validate() throws {
        try TrainingError.require(
            checkpointEvery >= 0, "checkpoint_every is \(checkpointEvery), but must be 0 or more")
        try TrainingError.require(
            folder != nil || (checkpointEvery == 0 && !resumes), "checkpoints need a folder to be kept in")
    }
}
