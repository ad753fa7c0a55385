/// One token a character: 0 is the end of the text, 1 the line feed, 2 ... 96 the printable ASCII characters in order
/// from the space to the tilde. For small models that are trained from nothing.
public struct CharacterTokenizer: Tokenizer {
    public static let endOfText: Int32 = 0

    public init() {}

    public var vocabularySize: Int { 97 }
    public var stopTokens: [Int32] { [Self.endOfText] }

    public func encode(_ text: String, parsingSpecialTokens: Bool) throws -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 10: tokens.append(1)
            case 32...126: tokens.append(Int32(scalar.value) - 30)
            default:
                let code = String(scalar.value, radix: 16, uppercase: true)
                throw ModelError(
                    "the character \"\(scalar)\" (U+\(code)) is not in the model's vocabulary: this model reads "
                        + "printable ASCII characters and line feeds only")
            }
        }
        return tokens
    }

    public func bytes(of token: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        append(bytesOf: token, to: &bytes)
        return bytes
    }

    public func append(bytesOf token: Int32, to bytes: inout [UInt8]) {
        switch token {
        case 1: bytes.append(10)
        case 2...96: bytes.append(UInt8(token + 30))
        default: break
        }
    }

    public func spelling(of token: Int32) -> String { token == Self.endOfText ? "<end>" : decode([token]) }
}
