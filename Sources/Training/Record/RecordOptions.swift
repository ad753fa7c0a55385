/// Where a run's record is kept, and whether it can be gone on with.
public struct RecordOptions: Equatable, Sendable {
    /// Gets `config.json` and `history.jsonl`, and with checkpoints `checkpoint.safetensors` and the starting model in
    /// `model`; nil keeps nothing.
    public var folder: String?
    /// Steps between checkpoints; 0 for none. One more is written at the end, and where the run is interrupted.
    public var checkpointEvery: Int
    /// Whether to go on from the folder's checkpoint if there is one. The run must be started as it was the first time,
    /// from the same model and with the same options; only the number of steps may differ, unless the learning rate's
    /// schedule depends on it. It then gives the same bytes as a run that was never stopped.
    public var resumes: Bool
    /// Texts that are kept beside the configuration, by the names of their files: what whoever started the run needs to
    /// start it again.
    public var attachments: [String: String]

    /// Whether everything is kept that another process needs to go on.
    public var keepsCheckpoints: Bool { folder != nil && checkpointEvery > 0 }

    public init(
        folder: String? = nil, checkpointEvery: Int = 0, resumes: Bool = false, attachments: [String: String] = [:]
    ) {
        self.folder = folder
        self.checkpointEvery = checkpointEvery
        self.resumes = resumes
        self.attachments = attachments
    }

    func validate() throws {
        try TrainingError.require(
            checkpointEvery >= 0, "checkpoint_every is \(checkpointEvery), but must be 0 or more")
        try TrainingError.require(
            folder != nil || (checkpointEvery == 0 && !resumes), "checkpoints need a folder to be kept in")
    }
}
