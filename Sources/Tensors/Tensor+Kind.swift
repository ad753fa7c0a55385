import CKernels

extension Tensor {
    /// What the elements are. All are stored as 32-bit floats; the kind decides how they come out (`true`, `3`, `3.0`)
    /// and whether, as an index, the tensor selects.
    public enum Kind: Int, Comparable, Sendable {
        /// Answers: 1 for yes, 0 for no. What comparisons give.
        case boolean
        /// Whole numbers of at most `largestInteger`, all of which a float holds exactly.
        case integer
        case real

        public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    /// Up to this magnitude a 32-bit float holds every whole number.
    public static let largestInteger = 1 << 24

    /// Whether the elements are answers.
    public var isBoolean: Bool { kind == .boolean }

    /// The tensor itself, noted to hold elements of a kind.
    func marked(_ kind: Kind) -> Tensor {
        self.kind = kind
        return self
    }

    /// The tensor itself, noted to hold whole numbers; but if one is beyond `largestInteger`, where floats are no
    /// longer exact, they are real numbers.
    @discardableResult
    public func asIntegers() throws -> Tensor {
        let source = try plain()
        return marked(kernel_all_within(source.pointer, Float(Tensor.largestInteger), count) != 0 ? .integer : .real)
    }

    /// The same values as answers: yes for all that are not 0.
    public func asAnswers() throws -> Tensor { isBoolean ? self : try notEqual(Tensor.scalar(0)) }

    /// The tensor itself, but with whole numbers noted to be real; answers stay.
    public func asNumbers() -> Tensor { isBoolean ? self : marked(.real) }

    // MARK: - Answers

    public func logicalNot() throws -> Tensor { try equal(Tensor.scalar(0)) }
    public func logicalAnd(_ other: Tensor) throws -> Tensor { try asAnswers() * other.asAnswers() }
    public func logicalOr(_ other: Tensor) throws -> Tensor { try asAnswers() + other.asAnswers() }

    /// Whether any element is not 0, over the given dimensions (all if nil); no for none.
    public func any(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try detached().asAnswers().sum(dimensions, keepDimensions: keepDimensions).greater(Tensor.scalar(0))
    }

    /// Whether all elements are not 0, over the given dimensions (all if nil); yes for none.
    public func all(_ dimensions: [Int]? = nil, keepDimensions: Bool = false) throws -> Tensor {
        try detached().logicalNot().sum(dimensions, keepDimensions: keepDimensions).equal(Tensor.scalar(0))
    }
}
