/// The functions that need nothing but the language's own values.
public enum CoreLibrary {
    static func register(in registry: Registry) {
        registry.add(output, topic: "Printing, help")
        registry.add(sequences + folds, topic: "Lists, records")
        registry.add(numbers, topic: "Numbers")
        registry.add(collections, topic: "Lists, records")
        registry.add(strings, topic: "Texts")
        registry.add(session, topic: "Scripts")
        registry.define(constant: "pi", .float(.pi))
        registry.define(constant: "inf", .float(.infinity))
        registry.define(constant: "nan", .float(.nan))
    }
}
