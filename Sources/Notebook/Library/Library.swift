import Language

/// Binds the primitives to the names that scripts use.
public enum Library {
    /// The whole library.
    /// - Parameter console: where functions show progress and figures.
    public static func registry(console: Console) -> Registry { Registry() }
}
