import OrderedCollections

/// Named fields in the order they were added; changed in place and shared by all who hold it.
public final class RecordObject: Object {
    package var fields: OrderedDictionary<String, Value>

    public init() {
        fields = [:]
        super.init(kind: .record)
    }

    /// Where a name comes twice the last value stays.
    public init(_ pairs: [(String, Value)]) {
        fields = OrderedDictionary(pairs, uniquingKeysWith: { _, last in last })
        super.init(kind: .record)
    }

    /// A record with the names of another and values of its own, as the rows of a table are.
    /// - Parameter values: as many as the other has fields.
    public init(namesOf other: RecordObject, _ values: [Value]) {
        fields = other.fields
        for (place, value) in values.enumerated() where place < fields.count { fields.values[place] = value }
        super.init(kind: .record)
    }

    deinit {
        var values = Array(fields.values)
        fields = [:]
        Reaper.dispose(&values)
    }

    public override var typeName: String { "Record" }
    public var count: Int { fields.count }
    public var keys: [String] { Array(fields.keys) }
    public var values: [Value] { Array(fields.values) }
    public var pairs: [(String, Value)] { fields.map { ($0.key, $0.value) } }

    public subscript(name: String) -> Value? {
        get { fields[name] }
        set { fields[name] = newValue }
    }
}
