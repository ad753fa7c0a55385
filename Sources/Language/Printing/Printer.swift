/// Values as text.
public enum Printer {
    /// What `print` writes: a string as it is, everything else as `repr`.
    public static func display(_ value: Value, budget: PrintBudget = PrintBudget()) -> String { "" }

    /// What a prompt shows: strings in quotes.
    public static func repr(_ value: Value, budget: PrintBudget = PrintBudget()) -> String { "" }

    /// For messages: one short line.
    static func short(_ value: Value) -> String { "" }

    /// For messages: `Int 3`, `String "a"`, `nil`.
    static func withType(_ value: Value) -> String { "" }
}
