/// Elements that are made one at a time and never held together, such as the records of a file. They can be gone
/// through as often as one likes; each pass begins anew.
public final class RowsObject: NativeObject {
    private let name: String
    private let advice: String
    private let begin: () throws -> () throws -> Value?

    /// - Parameters:
    ///   - name: what they are, for printing.
    ///   - advice: how to get a list of them.
    ///   - begin: starts a pass; gives what gives the next element.
    public init(_ name: String, advice: String, begin: @escaping () throws -> () throws -> Value?) {
        self.name = name
        self.advice = advice
        self.begin = begin
    }

    public override var typeName: String { "Rows" }
    public override func stream() throws -> (() throws -> Value?)? { try begin() }
    public override func describe(_ budget: inout PrintBudget) -> String { "<Rows of \(name)>" }

    public override func index(_ items: [IndexItem]) throws -> Value {
        throw RuntimeError("Rows are gone through in order and cannot be indexed", code: "E206", suggestion: advice)
    }

    public override func setIndex(_ items: [IndexItem], _ value: Value) throws {
        throw RuntimeError("Rows cannot be changed", code: "E206", suggestion: advice)
    }

    public override func contains(_ value: Value) throws -> Bool? {
        let next = try begin()
        while let element = try next() {
            if try Equality.areEqual(element, value) { return true }
        }
        return false
    }

    /// The same elements, each as a pair with its number.
    func enumerated(from start: Int) -> RowsObject {
        RowsObject(name, advice: advice) { [begin] in
            let next = try begin()
            var number = start
            return {
                guard let element = try next() else { return nil }
                number &+= 1
                return .list([.int(number &- 1), element])
            }
        }
    }

    /// `len` of what has none without going through it.
    var lengthError: RuntimeError {
        RuntimeError("the length of Rows is not known before they are gone through", code: "E203", suggestion: advice)
    }
}
