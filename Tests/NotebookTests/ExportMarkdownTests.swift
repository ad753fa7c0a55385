import Foundation
import Notebook
import TestSupport
import XCTest

final class ExportMarkdownTests: XCTestCase {
    func testCodeOutputsTablesAndTextStandInTheirOrder() throws {
        let source = """
            # %% [markdown]
            # # Study
            # text
            # %% One
            print("a")
            2
            # %%
            [{n: "x|y", v: 1.5}, {n: "*z*", v: 2.5}]
            """
        let text = try RanNotebook(source, folder: try TemporaryFolder()).written("study.md")
        let expected = """
            # Study
            text

            ## One

            ```bridge
            print("a")
            2
            ```

            ```text
            a
            ```

            ```text
            2
            ```

            *TIME*

            ```bridge
            [{n: "x|y", v: 1.5}, {n: "*z*", v: 2.5}]
            ```

            | n | v |
            |---|---:|
            | x\\|y | 1.5 |
            | \\*z\\* | 2.5 |

            *TIME*

            """
        XCTAssertEqual(text.replacing(/\*[0-9.]+ ?[mµn]?s\*/, with: "*TIME*"), expected)
    }

    func testPicturesStandInAFolderBesideThePage() throws {
        let folder = try TemporaryFolder()
        let text = try RanNotebook("print(plot.line([1, 2]))\n", folder: folder).written("my study.md")
        XCTAssertTrue(text.contains("![Figure: 1 series](<my study_files/cell-1-1.svg>)"), text)
        let svg = try String(contentsOfFile: folder.file("my study_files/cell-1-1.svg"), encoding: .utf8)
        XCTAssertTrue(svg.contains("<svg"))
    }

    func testOutputCannotEndItsBlock() throws {
        let text = try RanNotebook("print(\"a\\n```\\n````\\nb\")", folder: try TemporaryFolder()).written("study.md")
        XCTAssertTrue(text.contains("`````text\na\n```\n````\nb\n`````"), text)
    }

    func testAFailedCellShowsItsErrorAndTheNextHasNotRun() throws {
        let ran = try RanNotebook("# %%\n[1][3]\n# %%\n2", folder: try TemporaryFolder(), expecting: .failed)
        let text = try ran.written("study.md")
        XCTAssertTrue(text.contains("```text\nerror["), text)
        XCTAssertTrue(text.contains("--> study.bridge:2:"), text)
        XCTAssertTrue(text.hasSuffix("```bridge\n2\n```\n\n*not run*\n"), text)
        XCTAssertTrue(text.hasPrefix("# study\n"), text)
    }
}
