import Language
import Notebook
import XCTest

final class ReferenceTests: XCTestCase {
    func testEveryPartOfARecordIsOnThePage() {
        let registry = Registry(withCore: false)
        registry.add(
            NativeFunction(
                name: "model.load", parameters: [Parameter("where", .string, "a folder | a file")], returns: "Model",
                summary: "Loads a model.", details: "Folders hold safetensors.", example: "m = model.load(\"tiny\")",
                seeAlso: ["len", "model.save"]
            ) { _ in .null })
        registry.add(
            NativeFunction(name: "len", returns: "Int", summary: "Counts.", example: "len([])") { _ in .int(0) })
        registry.add(NativeFunction(name: "Model.save", summary: "Saves.", example: "") { _ in .null })
        let page = Reference(registry: registry).markdown
        for part in [
            "## Functions", "## model", "## Methods of Model", "### model.load", "model.load(where) -> Model",
            "Loads a model.", "| `where` | String | required | a folder \\| a file |", "Folders hold safetensors.",
            "m = model.load(\"tiny\")", "[`len`](#len)", "`model.save`",
        ] { XCTAssertTrue(page.contains(part), "missing: \(part)\n\(page)") }
    }

    func testEveryFunctionOfTheLibraryIsOnThePageOnce() {
        let recorded = RecordedConsole()
        let registry = Library.registry(console: recorded.console)
        let headings = Reference(registry: registry).markdown.split(separator: "\n").filter { $0.hasPrefix("### ") }
        XCTAssertEqual(headings.map { String($0.dropFirst(4)) }.sorted(), registry.functions.map(\.name).sorted())
    }
}
