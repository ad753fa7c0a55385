import Foundation
import JSON
import Models
import Randomness
import XCTest

/// Ten thousand damaged files: each gives an error or something sound, none a crash, and none takes more memory than a
/// file of its size can need.
final class HostileFileTests: XCTestCase {
    private static let extremes = [
        "-1", "0", "1", "2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "1e308", "-1e-308",
        "null", "[]", "{}", "true", "\"\"", "\"\\u0000\"", "[[[[[[[[[[]]]]]]]]]]",
    ]

    /// A file with one to four random faults.
    private func damaged(_ bytes: [UInt8], isText: Bool, _ stream: inout RandomStream) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &stream) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &stream)
            switch Int.random(in: 0..<8, using: &stream) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &stream)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &stream)
            case 2: for i in place..<min(place + 8, bytes.count) { bytes[i] = 0xFF }
            case 3: bytes.removeSubrange(place..<min(place + Int.random(in: 1...9, using: &stream), bytes.count))
            case 4: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
            case 5 where !isText: bytes.removeSubrange(place...)
            default: if isText { replaceNumber(in: &bytes, near: place, &stream) }
            }
        }
        return bytes
    }

    /// Puts something extreme in the place of the next number.
    private func replaceNumber(in bytes: inout [UInt8], near place: Int, _ stream: inout RandomStream) {
        let isDigit = { (byte: UInt8) in 0x30...0x39 ~= byte }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.endIndex
        let extreme = Self.extremes[Int.random(in: 0..<Self.extremes.count, using: &stream)]
        bytes.replaceSubrange(start..<end, with: Array(extreme.utf8))
    }

    /// Reads many damaged forms of a file.
    /// - Returns: how many were refused.
    private func attack(
        _ bytes: [UInt8], isText: Bool, times: Int, seed: UInt64, _ read: ([UInt8]) throws -> Void
    ) throws -> Int {
        var stream = RandomStream(seed: seed, purpose: .data)
        try read(bytes)
        try resetPeakMemory()
        let before = try memory("VmHWM")
        var refused = 0
        for _ in 0..<times {
            do {
                try read(damaged(bytes, isText: isText, &stream))
            } catch {
                XCTAssertTrue(error is ModelError, "\(error)")
                refused += 1
            }
        }
        // Nothing that a file claims may be believed: 64 MiB is what the allocator and the tables for gaps in a
        // vocabulary may take, and a believed size would be gigabytes.
        XCTAssertLessThan(try memory("VmHWM") - before, 64 << 10, "KiB more at the peak")
        return refused
    }

    private func resetPeakMemory() throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    /// In KiB.
    private func memory(_ key: String) throws -> Int {
        let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        let line = try XCTUnwrap(lines.first { $0.hasPrefix(key + ":") })
        return try XCTUnwrap(Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]))
    }

    private func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: ModelFilesFixture.path("families/\(name)"))))
    }

    func testThreeThousandDamagedSafetensorsFiles() throws {
        let bytes = try fixture("qwen3/model.safetensors")
        let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
        let refused = try attack(bytes, isText: false, times: 1_000, seed: 1) { bytes in
            let file = try SafetensorsFile(MappedFile(contents: bytes, name: "hostile.safetensors"))
            for name in file.tensors.keys { _ = try file.floats(name) }
        }
        XCTAssertGreaterThan(refused, 300)
        // Where the header is the target.
        let sure = try attack(Array(bytes[8..<header]), isText: true, times: 2_000, seed: 2) { text in
            let length = withUnsafeBytes(of: UInt64(text.count).littleEndian, Array.init)
            let whole = length + text + bytes[header...]
            let file = try SafetensorsFile(MappedFile(contents: whole, name: "hostile.safetensors"))
            for name in file.tensors.keys { _ = try file.floats(name) }
        }
        XCTAssertGreaterThan(sure, 1_500)
    }

    func testThreeThousandDamagedTokenizers() throws {
        for (index, name) in ["llama3", "qwen2", "llama2-prepend", "llama2-first"].enumerated() {
            let refused = try attack(
                fixture("\(name)-tokenizer.json"), isText: true, times: 750, seed: UInt64(3 + index)
            ) { bytes in
                let tokenizer = try bytes.withUnsafeBytes {
                    try TokenizerDocument(parsing: $0, source: "tokenizer.json").tokenizer()
                }
                let tokens = try tokenizer.encode("abc  ab <|eot_id|> ü 日本\n 12345")
                XCTAssertTrue(tokens.allSatisfy { 0..<Int32(tokenizer.vocabularySize) ~= $0 })
                _ = tokenizer.decode(tokens + [-1, .max])
            }
            XCTAssertGreaterThan(refused, 150, name)
        }
    }

    func testTwoThousandDamagedConfigurations() throws {
        for (index, name) in ["llama3", "qwen3"].enumerated() {
            let refused = try attack(
                fixture("\(name)/config.json"), isText: true, times: 1_000, seed: UInt64(10 + index)
            ) { bytes in
                let json = try bytes.withUnsafeBytes { try JSONValue(parsing: $0, source: "config.json") }
                try TransformerConfiguration(json, path: "config.json").validate()
            }
            XCTAssertGreaterThan(refused, 300, name)
        }
    }

    /// A configuration that is sound by itself but not that of the weights is refused before anything is made for it.
    func testThreeHundredConfigurationsThatDoNotFitTheWeights() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        try ModelFolder(path: folder).save(LanguageModel.load(from: .folder(ModelFilesFixture.path("families/qwen3"))))
        let config = URL(fileURLWithPath: folder + "/config.json")
        let refused = try attack(Array(try Data(contentsOf: config)), isText: true, times: 300, seed: 12) { bytes in
            try Data(bytes).write(to: config)
            _ = try LanguageModel.load(folder)
        }
        XCTAssertGreaterThan(refused, 100)
    }

    func testTwoThousandDamagedGGUFFiles() throws {
        let whole = try fixture("sentencepiece.gguf")
        let refused = try attack(whole, isText: false, times: 2_000, seed: 13) { bytes in
            let tokenizer = try GGUFFile(MappedFile(contents: bytes, name: "hostile.gguf")).tokenizer()
            let tokens = try tokenizer.encode("abc  ab <|eot_id|> ü 日本\n 12345")
            XCTAssertTrue(tokens.allSatisfy { 0..<Int32(tokenizer.vocabularySize) ~= $0 })
        }
        XCTAssertGreaterThan(refused, 500)
    }

    // MARK: What does not fit together

    func testATokenizerThatDoesNotFitTheWeightsIsNamed() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let model = try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/qwen2")))
        try ModelFolder(path: folder).save(model)
        let config = folder + "/config.json"
        var members = try XCTUnwrap(JSONValue(path: config).object)
        members["tokenizer_class"] = nil
        try JSONValue.object(members).text().write(toFile: config, atomically: true, encoding: .utf8)
        let tokenizer = try String(
            contentsOfFile: ModelFilesFixture.path("families/qwen2-tokenizer.json"), encoding: .utf8)
        try tokenizer.write(toFile: folder + "/tokenizer.json", atomically: true, encoding: .utf8)
        assertModelError("the tokenizer has") { try LanguageModel.load(folder) }
    }

    func testPromptsThatCannotBeContinuedAreNamed() throws {
        let model = try LanguageModel.load(from: .folder(ModelFilesFixture.path("families/qwen2")))
        let options = SamplingOptions(maxTokens: 4)
        assertModelError("the prompt is empty") {
            try model.generate([GroupRequest(prompt: [], width: 1)], options: options)
        }
        assertModelError("the model's context holds 128") {
            try model.generate(
                [GroupRequest(prompt: Array(repeating: 1, count: 128), width: 1)], options: options)
        }
        assertModelError("the token 97") {
            try model.generate([GroupRequest(prompt: [97], width: 1)], options: options)
        }
    }

    /// Merges that name missing tokens are refused; none can be cyclic, as what two tokens make is longer than either.
    func testMergesOfNothingOrOfMissingTokensAreRefused() throws {
        func tokenizer(_ merges: JSONValue, decoder: JSONValue) throws -> any Tokenizer {
            let json: JSONValue = [
                "model": ["type": "BPE", "vocab": ["a": 0, "b": 1, "ab": 2, "": 3], "merges": merges],
                "normalizer": decoder["type"]?.string == "ByteLevel"
                    ? nil : ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
                "pre_tokenizer": decoder["type"]?.string == "ByteLevel" ? decoder : nil, "decoder": decoder,
            ]
            return try TokenizerDocument(json, source: "t.json").tokenizer()
        }
        for decoder: JSONValue in [["type": "ByteLevel"], ["type": "Fuse"]] {
            XCTAssertEqual(try tokenizer([["a", "b"]], decoder: decoder).encode("ab"), [2])
            for merges: JSONValue in [[["a", ""]], [["", ""]], [["b", "a"]], [["ab", "ab"]], ["a"], [["a"]], [7]] {
                assertModelError("merge") { try tokenizer(merges, decoder: decoder) }
            }
        }
    }
}
