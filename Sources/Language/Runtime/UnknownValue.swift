/// Stands for the value that a name will have when something has run: nothing is known of it, so a check finds nothing
/// wrong with its use.
public final class UnknownValue: NativeObject {
    public override var typeName: String { "Unknown" }
}
