/// How a tensor's numbers are stored in a file: plain floats, or blocks of quantised numbers with shared scales. The
/// numbers of the cases and the sizes of the blocks are those of `ggml.h` (`enum ggml_type`).
public enum TensorEncoding: UInt32, CaseIterable, Sendable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case bf16 = 30

    /// The name that model files carry in their own names, such as "Q4_1".
    public var name: String { "\(self)".uppercased() }

    /// How many numbers share a block.
    public var blockLength: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0: 32
        case .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// How many bytes a block takes.
    public var blockByteCount: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q4_0: 2 + 16
        case .q4_1: 4 + 16
        case .q5_0: 2 + 4 + 16
        case .q5_1: 4 + 4 + 16
        case .q8_0: 2 + 32
        case .q4_K: 4 + 12 + 128
        case .q5_K: 4 + 12 + 32 + 128
        case .q6_K: 128 + 64 + 16 + 2
        }
    }

    /// Names of the other encodings of ggml, so that a message can say what a file holds.
    static func describe(_ number: UInt32) -> String {
        let others: [UInt32: String] = [
            9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
            20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64",
            29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
        ]
        return others[number] ?? TensorEncoding(rawValue: number)?.name ?? "number \(number)"
    }

    static var supportedNames: String { allCases.map(\.name).joined(separator: ", ") }
}
