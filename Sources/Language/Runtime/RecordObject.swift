/// Named fields in the order they were added; changed in place and shared by all who hold it.
public final class RecordObject: Object {
    private(set) var layout: RecordLayout
    /// `layout.id`, where instructions look first.
    private(set) var layoutID: UInt32
    /// The fields' values in the layout's order; nil in its gaps.
    var slots: [Value]
    /// How many fields were taken out and have left a gap. Whoever goes through the fields has them closed first.
    private var gaps = 0

    public init() {
        layout = RecordLayout()
        layoutID = RecordLayout.own
        slots = []
        super.init(kind: .record)
    }

    /// - Parameter slots: one value for each name of the layout.
    init(_ layout: RecordLayout, slots: [Value]) {
        self.layout = layout
        layoutID = layout.id
        self.slots = slots
        super.init(kind: .record)
    }

    /// Where a name comes twice the last value stays.
    public convenience init(_ pairs: [(String, Value)]) {
        self.init()
        for (name, value) in pairs { self[name] = value }
    }

    /// A record with the names of another and values of its own, as the rows of a table are.
    /// - Parameter values: as many as the other has fields.
    public convenience init(namesOf other: RecordObject, _ values: [Value]) {
        if !other.layout.isShared {
            let keys = other.keys
            other.layout = RecordLayout(shared: keys)
            other.layoutID = other.layout.id
        }
        self.init(other.layout, slots: values)
    }

    deinit {
        if isSuspect { CycleCollector.forget(self) }
        Reaper.dispose(&slots)
    }

    public override var typeName: String { "Record" }
    public var count: Int { slots.count - gaps }
    public var keys: [String] { names.map(\.text) }
    public var pairs: [(String, Value)] { zip(names, values).map { ($0.text, $1) } }

    public var values: [Value] {
        closeGaps()
        return slots
    }

    var names: [StringObject] {
        closeGaps()
        return layout.names
    }

    /// - Parameter position: in 0..<count.
    func field(at position: Int) -> (key: String, value: Value) {
        closeGaps()
        return (layout.names[position].text, slots[position])
    }

    public subscript(name: String) -> Value? {
        get { self[StringObject(name)] }
        set { self[StringObject(name)] = newValue }
    }

    subscript(name: StringObject) -> Value? {
        get { layout.slot(of: name).map { slots[$0] } }
        set {
            guard let newValue else { return remove(name) }
            if let slot = layout.slot(of: name) {
                slots[slot] = newValue
            } else {
                if layout.isShared { own(layout.names) }
                layout.append(name)
                slots.append(newValue)
            }
            noteHolding(newValue)
        }
    }

    /// Copies the field that an instruction remembers (a layout, a position) to a place that has no value; false where
    /// this record's layout is another.
    @inline(__always)
    func copy(_ memory: UnsafeMutablePointer<UInt32>, to place: UnsafeMutablePointer<Value>) -> Bool {
        guard layoutID == memory[0] else { return false }
        slots.withUnsafeBufferPointer { Quick.copy(UnsafeMutablePointer(mutating: $0.baseAddress! + Int(memory[1])), to: place) }
        return true
    }

    /// Moves a value to the field that an instruction remembers; false where the layout is another, and the value stays.
    @inline(__always)
    func take(_ place: UnsafeMutablePointer<Value>, at memory: UnsafeMutablePointer<UInt32>) -> Bool {
        guard layoutID == memory[0] else { return false }
        take(place, Int(memory[1]))
        return true
    }

    @inline(__always)
    private func take(_ place: UnsafeMutablePointer<Value>, _ slot: Int) {
        let mayCloseCycle = !isSuspect && place.holdsObject
        slots.withUnsafeMutableBufferPointer { slots in
            let old = slots.baseAddress! + slot
            if old.holdsObject { old.pointee = place.move() } else { old.moveInitialize(from: place, count: 1) }
        }
        if mayCloseCycle { noteHolding(slots[slot]) }
    }

    /// Copies the field of a name to a place that has no value; false where there is none.
    @inline(never)
    func copy(_ name: StringObject, to place: UnsafeMutablePointer<Value>) -> Bool {
        guard let slot = layout.slot(of: name) else { return false }
        slots.withUnsafeBufferPointer { Quick.copy(UnsafeMutablePointer(mutating: $0.baseAddress! + slot), to: place) }
        return true
    }

    /// Moves a value to the field of a name; false where there is none, and then the value stays.
    @inline(never)
    func take(_ place: UnsafeMutablePointer<Value>, at name: StringObject) -> Bool {
        guard let slot = layout.slot(of: name) else { return false }
        take(place, slot)
        return true
    }

    @inline(never)
    func has(_ name: StringObject) -> Bool { layout.slot(of: name) != nil }

    private func remove(_ name: StringObject) {
        guard let slot = layout.slot(of: name) else { return }
        if layout.isShared { own(layout.names) }
        if layout.remove(at: slot) {
            slots[slot] = .null
            gaps += 1
            // Half of the places at most are gaps, so that moving the others costs little for each field taken out.
            if 2 * gaps > slots.count { closeGaps() }
        } else {
            slots.remove(at: slot)
        }
    }

    private func closeGaps() {
        guard gaps > 0 else { return }
        let filled = slots.indices.filter { !layout.isGap($0) }
        own(filled.map { layout.names[$0] })
        slots = filled.map { slots[$0] }
        gaps = 0
    }

    private func own(_ names: [StringObject]) {
        layout = RecordLayout(names)
        layoutID = RecordLayout.own
    }
}
