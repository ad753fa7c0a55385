import Models

/// Writes GGUF files for tests, sound ones and others.
struct GGUFBuilder {
    struct Tensor {
        var name: String
        /// As the file has it: columns first.
        var dimensions: [UInt64]
        var encoding: UInt32 = 0
        var data: [UInt8]
        /// Where the directory says the data are; nil for the right place.
        var offset: UInt64?
    }

    var version: UInt32 = 3
    var metadata: [(key: String, value: [UInt8])] = []
    var tensors: [Tensor] = []

    mutating func set(_ key: String, _ value: String) { metadata.append((key, Self.word(8) + Self.text(value))) }
    mutating func set(_ key: String, _ value: Int) { metadata.append((key, Self.word(4) + Self.word(UInt32(value)))) }
    mutating func set(_ key: String, _ value: Float) {
        metadata.append((key, Self.word(6) + Self.word(value.bitPattern)))
    }
    mutating func set(_ key: String, _ value: Bool) { metadata.append((key, Self.word(7) + [value ? 1 : 0])) }
    mutating func set(_ key: String, _ values: [String]) {
        metadata.append((key, Self.word(9) + Self.word(8) + Self.long(values.count) + values.flatMap(Self.text)))
    }
    mutating func set(_ key: String, _ values: [Int]) {
        let numbers = values.flatMap { Self.word(UInt32(bitPattern: Int32($0))) }
        metadata.append((key, Self.word(9) + Self.word(5) + Self.long(values.count) + numbers))
    }

    mutating func add(_ name: String, rows: Int? = nil, _ values: [Float]) {
        let dimensions = rows.map { [UInt64(values.count / $0), UInt64($0)] } ?? [UInt64(values.count)]
        tensors.append(Tensor(name: name, dimensions: dimensions, data: values.flatMap { Self.word($0.bitPattern) }))
    }

    var bytes: [UInt8] {
        var bytes = Array("GGUF".utf8) + Self.word(version) + Self.long(tensors.count) + Self.long(metadata.count)
        for (key, value) in metadata { bytes += Self.text(key) + value }
        var data: [UInt8] = []
        for tensor in tensors {
            bytes += Self.text(tensor.name) + Self.word(UInt32(tensor.dimensions.count))
            for dimension in tensor.dimensions { bytes += Self.long(dimension) }
            bytes += Self.word(tensor.encoding) + Self.long(tensor.offset ?? UInt64(data.count))
            data += tensor.data
            data += [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
        }
        bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
        return bytes + data
    }

    func file() throws -> GGUFFile { try GGUFFile(MappedFile(contents: bytes, name: "test.gguf")) }

    static func word(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
    static func long(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: UInt64(truncatingIfNeeded: value).littleEndian, Array.init)
    }
    static func text(_ value: String) -> [UInt8] { long(value.utf8.count) + Array(value.utf8) }

    // MARK: Models

    /// GPT-2's spelling of a byte, worked out from its definition.
    static func spelling(_ byte: UInt8) -> String {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        if printable.contains(Int(byte)) { return String(Unicode.Scalar(byte)) }
        let others = (0..<256).filter { !printable.contains($0) }
        return String(Unicode.Scalar(UInt32(256 + others.firstIndex(of: Int(byte))!))!)
    }

    /// A vocabulary of a special token (0), the 256 bytes (1 ... 256) and these merges, each written "left right".
    mutating func setVocabulary(merges: [String], pre: String = "gpt-2") {
        let tokens =
            ["<|end|>"] + (0..<256).map { Self.spelling(UInt8($0)) }
            + merges.map { $0.split(separator: " ").joined() }
        set("tokenizer.ggml.model", "gpt2")
        set("tokenizer.ggml.pre", pre)
        set("tokenizer.ggml.tokens", tokens)
        set("tokenizer.ggml.token_type", [3] + Array(repeating: 1, count: tokens.count - 1))
        set("tokenizer.ggml.merges", merges)
        set("tokenizer.ggml.eos_token_id", 0)
    }

    /// A whole model: one layer, width 8, two heads, one key-value head.
    static func smallModel() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("general.architecture", "llama")
        for (key, value) in [
            ("block_count", 1), ("context_length", 32), ("embedding_length", 8), ("feed_forward_length", 12),
            ("attention.head_count", 2), ("attention.head_count_kv", 1),
        ] { builder.set("llama.\(key)", value) }
        builder.set("llama.attention.layer_norm_rms_epsilon", Float(1e-5))
        builder.setVocabulary(merges: ["a b", "ab c", "Ġ a", "Ġa b"])
        var next: Float = 0
        func values(_ count: Int) -> [Float] {
            (0..<count).map { _ in
                next += 1
                return (next * 0.37).truncatingRemainder(dividingBy: 1) - 0.5
            }
        }
        builder.add("token_embd.weight", rows: 261, values(261 * 8))
        builder.add("blk.0.attn_norm.weight", values(8))
        builder.add("blk.0.ffn_norm.weight", values(8))
        builder.add("output_norm.weight", values(8))
        for (name, rows, columns) in [
            ("attn_q", 8, 8), ("attn_k", 4, 8), ("attn_v", 4, 8), ("attn_output", 8, 8), ("ffn_gate", 12, 8),
            ("ffn_up", 12, 8), ("ffn_down", 8, 12),
        ] { builder.add("blk.0.\(name).weight", rows: rows, values(rows * columns)) }
        return builder
    }
}
