import Foundation
import Plots
import XCTest

/// Where a figure is written. The script format needs no gnuplot, and shares all of the rest.
final class SavingTests: XCTestCase {
    private var folder = ""
    private let session = GnuplotSession(executable: "/nowhere/gnuplot")

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "plots-saving-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() { try? FileManager.default.removeItem(atPath: folder) }

    private func message(savingTo path: String) -> String {
        do throws(PlotError) {
            try session.save(ExampleFigures.line(), to: path)
        } catch {
            guard case .output(let text) = error else { return "another kind: \(error)" }
            return text
        }
        return "saved"
    }

    func testUnknownExtensionsNameTheKnownOnes() {
        for name in ["figure.jpg", "figure", "svg", "a.b/figure", ""] {
            XCTAssertTrue(message(savingTo: "\(folder)/\(name)").contains(".svg .png .pdf .txt .gp"), name)
        }
    }

    func testAMissingFolderIsSaidBeforeDrawing() {
        // gnuplot is missing too: the folder comes first.
        XCTAssertTrue(message(savingTo: folder + "/none/a.svg").contains("there is no folder \(folder)/none"))
        _ = FileManager.default.createFile(atPath: folder + "/file", contents: nil)
        let text = message(savingTo: folder + "/file/a.svg")
        XCTAssertTrue(text.contains("is a file, not a folder") || text.contains("no folder"), text)
    }

    func testAFolderWithoutPermissionIsSaidBeforeDrawing() throws {
        if geteuid() == 0 { throw XCTSkip("root may write anywhere") }
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        XCTAssertTrue(message(savingTo: folder + "/a.svg").contains("you may not write"))
    }

    func testAFolderIsNotReplacedByAFigure() throws {
        try FileManager.default.createDirectory(atPath: folder + "/a.svg", withIntermediateDirectories: false)
        XCTAssertTrue(message(savingTo: folder + "/a.svg").contains("it is a folder"))
    }

    func testAFileAppearsWholeAndAlone() throws {
        for name in ["a.gp", "it's a \"plot\"\n`x`.gp", "ä.gp"] {
            try session.save(ExampleFigures.line(), to: "\(folder)/\(name)")
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            XCTAssertTrue(text.hasSuffix("unset output\n"), name)
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder).count, 3)
    }

    func testAFailureLeavesWhatWasThere() throws {
        try "before".write(toFile: folder + "/a.gp", atomically: true, encoding: .utf8)
        XCTAssertThrowsError(try session.save(.line([("a", nil, [.nan])]), to: folder + "/a.gp"))
        XCTAssertThrowsError(try session.save(ExampleFigures.line(), to: folder + "/b.svg"))
        XCTAssertEqual(try String(contentsOfFile: folder + "/a.gp", encoding: .utf8), "before")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder), ["a.gp"])
    }
}
