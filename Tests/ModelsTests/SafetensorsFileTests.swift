import Foundation
import Models
import Randomness
import XCTest

final class SafetensorsFileTests: XCTestCase {
    private func file(_ header: String, data: [UInt8] = []) throws -> SafetensorsFile {
        let bytes = GGUFBuilder.long(header.utf8.count) + Array(header.utf8) + data
        return try SafetensorsFile(MappedFile(contents: bytes, name: "test.safetensors"))
    }

    private func writtenFile(_ values: [Float], encoding: TensorEncoding = .f32) throws -> String {
        let path = try ModelFilesFixture.temporaryFolder(self) + "/x.safetensors"
        let entries = [
            SafetensorsWriter.Entry(name: "b", shape: [values.count]) { values },
            SafetensorsWriter.Entry(name: "a", shape: [2, 3]) { [1, 2, 3, 4, 5, 6] },
            SafetensorsWriter.Entry(name: "scalar", shape: []) { [7] },
        ]
        try SafetensorsWriter.write(entries, to: path, encoding: encoding, metadata: ["made by": "a \"test\""])
        return path
    }

    private let awkward: [Float] = [
        0, -0.0, 1, -1.5, 3.14159265, 65504, 65519.9, 65520, -1e30, 6.1e-5, 5.9e-8, 2.9e-8, -3.1e-8, 1e-30, .infinity,
        -.infinity, 2049, 2051, 1.0009765, 1.00048828125,
    ]

    func testWhatIsWrittenIsReadBack() throws {
        let file = try SafetensorsFile(path: writtenFile(awkward))
        XCTAssertEqual(try file.floats("b").map(\.bitPattern), awkward.map(\.bitPattern))
        XCTAssertEqual(try file.floats("a"), [1, 2, 3, 4, 5, 6])
        XCTAssertEqual(file.tensors["a"]?.shape, [2, 3])
        XCTAssertEqual(try file.floats("scalar"), [7])
        XCTAssertEqual(file.metadata, ["made by": "a \"test\""])
    }

    func testHalfPrecisionRoundsToTheNearest() throws {
        #if arch(x86_64) || arch(arm64)
            let halves = try SafetensorsFile(path: writtenFile(awkward, encoding: .f16)).floats("b")
            XCTAssertEqual(halves, awkward.map { Float(Float16($0)) })
        #endif
        let brains = try SafetensorsFile(path: writtenFile(awkward, encoding: .bf16)).floats("b")
        for (found, wanted) in zip(brains, awkward) {
            XCTAssertEqual(found.bitPattern & 0xFFFF, 0)
            // Half a unit in the eighth binary place of the mantissa.
            if wanted.isFinite { XCTAssertLessThanOrEqual(abs(found - wanted), abs(wanted) * 0x1p-8) }
        }
    }

    func testNothingHalfWrittenIsLeftBehind() throws {
        let folder = try ModelFilesFixture.temporaryFolder(self)
        let good = SafetensorsWriter.Entry(name: "a", shape: [1]) { [1] }
        try SafetensorsWriter.write([good], to: folder + "/x.safetensors")
        let wrong = SafetensorsWriter.Entry(name: "b", shape: [2]) { [1] }
        assertModelError("\"b\" has 1 numbers") {
            try SafetensorsWriter.write([good, wrong], to: folder + "/x.safetensors")
        }
        assertModelError("two tensors are named \"a\"") {
            try SafetensorsWriter.write([good, good], to: folder + "/x.safetensors")
        }
        assertModelError("not Q4_1") {
            try SafetensorsWriter.write([good], to: folder + "/x.safetensors", encoding: .q4_1)
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["x.safetensors"])
        XCTAssertEqual(try SafetensorsFile(path: folder + "/x.safetensors").floats("a"), [1])
        assertModelError("cannot write") { try SafetensorsWriter.write([good], to: folder + "/none/x.safetensors") }
    }

    func testDamagedHeadersAreRefused() throws {
        let entry = #""dtype":"F32","shape":[2],"data_offsets""#
        let data = [UInt8](repeating: 0, count: 8)
        XCTAssertNoThrow(try file("{\"a\":{\(entry):[0,8]}}", data: data))
        assertModelError("gap or an overlap") {
            try file("{\"a\":{\(entry):[0,8]},\"b\":{\(entry):[0,8]}}", data: data)
        }
        assertModelError("gap or an overlap") { try file("{\"a\":{\(entry):[4,12]}}", data: data + data) }
        assertModelError("its tensors end") { try file("{\"a\":{\(entry):[0,8]}}", data: data + data) }
        assertModelError("does not fit") { try file("{\"a\":{\(entry):[0,4]}}", data: data) }
        assertModelError("does not fit") { try file("{\"a\":{\(entry):[8,0]}}", data: data) }
        assertModelError("does not fit") { try file("{\"a\":{\(entry):[-8,0]}}", data: data) }
        assertModelError("impossible shape") {
            try file(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, data: data)
        }
        assertModelError("I64") { try file(#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, data: data) }
        assertModelError("incomplete") { try file(#"{"a":{"dtype":"F32"}}"#) }
        assertModelError("twice") { try file(#"{"a":1,"a":2}"#) }
        assertModelError("no JSON object") { try file("[]") }
        assertModelError("nested") { try file(String(repeating: "[", count: 10_000)) }
        assertModelError("length of its header") {
            try SafetensorsFile(MappedFile(contents: GGUFBuilder.long(UInt64.max), name: "x"))
        }
    }

    func testMutationsAndTruncationsNeverCrash() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: writtenFile(awkward))))
        func load(_ bytes: [UInt8]) -> Bool {
            do {
                let file = try SafetensorsFile(MappedFile(contents: bytes, name: "hostile"))
                for name in file.tensors.keys { _ = try file.floats(name) }
                return true
            } catch {
                XCTAssertTrue(error is ModelError, "\(error)")
                return false
            }
        }
        XCTAssertTrue(load(bytes))
        for length in 0..<bytes.count { XCTAssertFalse(load(Array(bytes[..<length])), "\(length) bytes") }
        var stream = RandomStream(seed: 21, purpose: .data)
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...3, using: &stream) {
                let place = Int.random(in: 0..<mutated.count, using: &stream)
                if Bool.random(using: &stream) {
                    mutated[place] = UInt8.random(in: 0...255, using: &stream)
                } else {
                    mutated.insert(UInt8(ascii: Unicode.Scalar(UInt8.random(in: 48...57, using: &stream))), at: place)
                }
            }
            _ = load(mutated)
        }
    }
}
