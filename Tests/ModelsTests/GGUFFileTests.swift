import Foundation
import Models
import XCTest

final class GGUFFileTests: XCTestCase {
    /// Random blocks of every encoding, against what the `gguf` package of ggml decodes them to.
    func testEveryEncodingDecodesAsInTheReferenceImplementation() throws {
        let gguf = try GGUFFile(path: ModelFilesFixture.path("quantised.gguf"))
        let expected = try SafetensorsFile(path: ModelFilesFixture.path("quantised.safetensors"))
        XCTAssertEqual(Set(gguf.tensors.keys), Set(expected.tensors.keys))
        XCTAssertEqual(gguf.tensors.count, TensorEncoding.allCases.count - 1, "all but F32, which needs no decoding")
        for name in gguf.tensors.keys.sorted() {
            XCTAssertEqual(gguf.tensors[name]?.shape, expected.tensors[name]?.shape, name)
            for (found, wanted) in zip(try gguf.floats(name), try expected.floats(name)) {
                XCTAssertEqual(found, wanted, accuracy: 1e-6 * max(1, abs(wanted)), name)
            }
        }
    }

    func testMetadataOfEveryKindIsRead() throws {
        var builder = GGUFBuilder()
        builder.set("text", "héllo")
        builder.set("whole", 7)
        builder.set("broken", Float(0.5))
        builder.set("yes", true)
        builder.set("words", ["a", "", "c"])
        builder.set("numbers", [1, -2, 3])
        builder.metadata.append(("eight", GGUFBuilder.word(11) + GGUFBuilder.long(-5)))
        let metadata = try builder.file().metadata
        XCTAssertEqual(metadata["text"]?.string, "héllo")
        XCTAssertEqual(metadata["whole"]?.int, 7)
        XCTAssertEqual(metadata["broken"]?.double, 0.5)
        XCTAssertEqual(metadata["yes"]?.bool, true)
        XCTAssertEqual(try metadata["words"]?.array?.strings(), ["a", "", "c"])
        XCTAssertEqual(try metadata["numbers"]?.array?.ints(), [1, -2, 3])
        XCTAssertEqual(metadata["eight"]?.int, -5)
    }

    func testShapesComeRowsFirst() throws {
        var builder = GGUFBuilder()
        builder.add("x", rows: 2, [1, 2, 3, 4, 5, 6])
        let file = try builder.file()
        XCTAssertEqual(file.tensors["x"]?.shape, [2, 3])
        XCTAssertEqual(try file.floats("x"), [1, 2, 3, 4, 5, 6])
    }

    func testVersionTwoIsReadAndOthersAreNamed() throws {
        var builder = GGUFBuilder.smallModel()
        builder.version = 2
        XCTAssertEqual(try builder.file().version, 2)
        builder.version = 1
        assertModelError("GGUF version 1") { try builder.file() }
        builder.version = UInt32(3).byteSwapped
        assertModelError("big-endian") { try builder.file() }
        assertModelError("no GGUF file") { try GGUFFile(MappedFile(contents: Array("PK34 zip".utf8), name: "x")) }
    }

    func testAnUnreadableEncodingIsNamed() throws {
        var builder = GGUFBuilder()
        builder.tensors = [.init(name: "w", dimensions: [32], encoding: 20, data: Array(repeating: 0, count: 64))]
        assertModelError("IQ4_NL") { try builder.file() }
        builder.tensors[0].encoding = 999
        assertModelError("number 999") { try builder.file() }
    }

    func testOffsetsAndShapesThatOverflowAreRefused() throws {
        let data = [UInt8](repeating: 0, count: 64)
        func message(_ dimensions: [UInt64], offset: UInt64? = nil, encoding: UInt32 = 0) -> String {
            var builder = GGUFBuilder()
            builder.tensors = [.init(name: "w", dimensions: dimensions, encoding: encoding, data: data, offset: offset)]
            return modelErrorMessage { try builder.file() }
        }
        for offset in [UInt64.max, UInt64.max - 31, 1 << 63, UInt64(Int.max) - 31, UInt64(Int.max) - 63, 64, 33] {
            XCTAssertTrue(message([16], offset: offset).contains("outside the file"), "\(offset)")
        }
        for dimensions: [UInt64] in [[1 << 32, 1 << 32], [.max, 2], [1 << 62, 4], [0], [1 << 63]] {
            XCTAssertTrue(message(dimensions).contains("impossible shape"), "\(dimensions)")
        }
        XCTAssertTrue(message([1 << 61]).contains("outside the file"))
        XCTAssertTrue(message([16, 2]).contains("outside the file"))
        XCTAssertTrue(message([1, 1, 1, 1, 1]).contains("5 dimensions"))
        XCTAssertTrue(message([16], encoding: 3).contains("no whole number of Q4_1 blocks"))
    }

    func testCountsBeyondTheFileAreRefusedBeforeAnythingIsAllocated() throws {
        let head = Array("GGUF".utf8) + GGUFBuilder.word(3)
        func message(_ bytes: [UInt8]) -> String {
            modelErrorMessage { try GGUFFile(MappedFile(contents: bytes, name: "x")) }
        }
        XCTAssertTrue(message(head + GGUFBuilder.long(UInt64.max) + GGUFBuilder.long(0)).contains("number of tensors"))
        XCTAssertTrue(message(head + GGUFBuilder.long(0) + GGUFBuilder.long(1 << 40)).contains("metadata entries"))
        let entry = head + GGUFBuilder.long(0) + GGUFBuilder.long(1) + GGUFBuilder.text("k")
        let array = entry + GGUFBuilder.word(9)
        XCTAssertTrue(message(array + GGUFBuilder.word(8) + GGUFBuilder.long(1 << 40)).contains("length of a list"))
        XCTAssertTrue(message(entry + GGUFBuilder.word(8) + GGUFBuilder.long(1 << 60)).contains("more than"))
        let nested = (0..<100).flatMap { _ in GGUFBuilder.word(9) + GGUFBuilder.long(1) }
        XCTAssertTrue(message(array + nested).contains("nests"))
        XCTAssertTrue(message(entry + GGUFBuilder.word(77) + GGUFBuilder.long(0)).contains("77"))
    }

    func testDuplicateNamesAreRefused() throws {
        var builder = GGUFBuilder()
        builder.set("k", 1)
        builder.set("k", 2)
        assertModelError("\"k\" twice") { try builder.file() }
        builder = GGUFBuilder()
        builder.add("w", [1])
        builder.add("w", [2])
        assertModelError("two tensors named \"w\"") { try builder.file() }
    }

    func testAnUnusableAlignmentIsRefused() throws {
        for alignment in [0, 3, 1 << 30] {
            var builder = GGUFBuilder()
            builder.set("general.alignment", alignment)
            assertModelError("general.alignment") { try builder.file() }
        }
    }

    func testMissingFilesAndFoldersAreNamed() throws {
        assertModelError("No such file") { try GGUFFile(path: "/nonexistent/x.gguf") }
        assertModelError("not a file") { try GGUFFile(path: "/tmp") }
        let empty = try ModelFilesFixture.temporaryFolder(self) + "/empty"
        XCTAssertTrue(FileManager.default.createFile(atPath: empty, contents: nil))
        assertModelError("no GGUF file") { try GGUFFile(path: empty) }
    }
}
