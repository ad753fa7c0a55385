extension ModelError {
    /// A file that cannot be opened.
    static func unreadable(_ path: String, reason: String) -> ModelError {
        ModelError("cannot read \(path): \(reason)")
    }

    /// A file that cannot be written.
    static func unwritable(_ path: String, reason: String) -> ModelError {
        ModelError("cannot write \(path): \(reason)")
    }

    /// A file whose content is not what it should be.
    static func damaged(_ path: String, _ what: String) -> ModelError {
        ModelError("cannot read \(path): \(what)")
    }

    /// A sound file of a model that this program cannot run.
    static func unsupported(_ path: String, _ what: String) -> ModelError {
        ModelError("cannot run the model in \(path): \(what)")
    }
}
