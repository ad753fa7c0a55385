/// The functions that need nothing but the language's own values.
public enum CoreLibrary {
    static func register(in registry: Registry) {}
}
