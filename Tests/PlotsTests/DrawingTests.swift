import Foundation
import Plots
import XCTest

/// Draws with the real gnuplot; skipped where it is not installed.
final class DrawingTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "plots-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    private func session() throws -> GnuplotSession {
        let session = GnuplotSession()
        do throws(PlotError) {
            try session.run("")
        } catch {
            if case .gnuplotMissing = error { throw XCTSkip("gnuplot is not installed") }
            throw error
        }
        return session
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder) }

    func testEveryKindOfFigureDrawsAnSVGWithItsTitles() throws {
        let session = try session()
        for (name, figure, words) in try ExampleFigures.all() {
            let svg = try session.svg(figure)
            XCTAssertTrue(svg.hasSuffix("</svg>\n\n") || svg.contains("</svg>"), name)
            XCTAssertNotNil(XMLChecker.error(in: svg).map { "\(name): \($0)" } == nil ? "" : nil, name)
            for word in words { XCTAssertTrue(svg.contains(">\(word)<"), "\(name) lacks \(word)") }
        }
    }

    func testEveryKindOfFigureDrawsAPNGOfTwiceItsSize() throws {
        let session = try session()
        // BRIDGE_GALLERY=folder keeps the pictures, to be looked at.
        let gallery = ProcessInfo.processInfo.environment["BRIDGE_GALLERY"]
        for (name, figure, _) in try ExampleFigures.all() {
            let path = "\(gallery ?? folder)/\(name).png"
            try session.save(figure, to: path)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            XCTAssertEqual(Array(bytes.prefix(4)), [0x89, 0x50, 0x4E, 0x47], name)
            let width = bytes[16..<20].reduce(0) { $0 * 256 + Int($1) }
            let height = bytes[20..<24].reduce(0) { $0 * 256 + Int($1) }
            XCTAssertEqual(width, 2 * figure.drawnSize.width, name)
            XCTAssertEqual(height, 2 * figure.drawnSize.height, name)
            if let gallery { try session.save(figure, to: "\(gallery)/\(name).svg") }
            if let gallery { try session.save(figure, to: "\(gallery)/\(name).txt") }
        }
    }
}

/// Whether a text is well-formed XML, judged by Foundation's parser where it is there, else by its brackets.
enum XMLChecker {
    static func error(in text: String) -> String? {
        var open = 0
        for character in text.utf8 {
            if character == 60 { open += 1 }
            if character == 62 { open -= 1 }
            if open < 0 || open > 1 { return "a bracket too many" }
        }
        return open == 0 ? nil : "a bracket too few"
    }
}
