/// The functions that need nothing but the language's own values.
public enum CoreLibrary {
    static func register(in registry: Registry) {
        registry.add(output + sequences + folds + numbers + collections + strings + session)
        registry.define(constant: "pi", .float(.pi))
        registry.define(constant: "inf", .float(.infinity))
        registry.define(constant: "nan", .float(.nan))
    }
}
