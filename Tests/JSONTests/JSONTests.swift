import Foundation
import JSON
import XCTest

final class JSONTests: XCTestCase {
    private func assertError(
        _ text: String, line: Int = 1, column: Int, _ reason: String, file: StaticString = #filePath, at: UInt = #line
    ) {
        XCTAssertThrowsError(try JSONValue(parsing: text), file: file, line: at) {
            XCTAssertEqual(
                $0 as? JSONError, JSONError(line: line, column: column, reason: reason), file: file, line: at)
        }
    }

    func testAllKindsOfValuesAreRead() throws {
        let text = #" {"n": null, "b": [true, false],\#t"i": -12, "d": 0.5e+1, "s": "x", "e": {}, "l": [ ]} "# + "\n"
        let expected: JSONValue = [
            "n": nil, "b": [true, false], "i": -12, "d": 5.0, "s": "x", "e": [:], "l": [],
        ]
        XCTAssertEqual(try JSONValue(parsing: text), expected)
    }

    func testMembersKeepTheirOrder() throws {
        let text = #"{"z":1,"a":2,"m":3}"#
        let json = try JSONValue(parsing: text)
        XCTAssertEqual(json.object.map { Array($0.keys) }, ["z", "a", "m"])
        XCTAssertEqual(json.text(), text)
    }

    func testEscapesGiveTheirCharacters() throws {
        let read = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00|\ud83d|\ud83dx""#).string
        XCTAssertEqual(read, "\"\\/\u{8}\u{c}\n\r\té😀|\u{FFFD}|\u{FFFD}x")
    }

    func testWhatIsWrittenIsReadBackByFoundationToo() throws {
        let text = "a\"b\\c\nd\te\u{1}é😀\u{7f}"
        let json: JSONValue = ["text": .string(text), "list": [1, 2.5, ["deep": [nil]]], "none": [], "flag": true]
        for indented in [false, true] {
            let written = json.text(indented: indented)
            XCTAssertEqual(try JSONValue(parsing: written), json)
            let object = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: Any]
            XCTAssertEqual(object?["text"] as? String, text)
            XCTAssertEqual((object?["list"] as? [Any])?[1] as? Double, 2.5)
        }
    }

    func testIndentedTextHasOneMemberALine() {
        let json: JSONValue = ["a": [1, 2], "b": [:], "c": [["d": nil]]]
        XCTAssertEqual(
            json.text(indented: true),
            """
            {
              "a": [
                1,
                2
              ],
              "b": {},
              "c": [
                {
                  "d": null
                }
              ]
            }
            """)
    }

    func testNumbersKeepTheirBits() throws {
        for number: Double in [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5e-7, 123_456_789.123] {
            XCTAssertEqual(try JSONValue(parsing: JSONValue.double(number).text()).double, number)
        }
        XCTAssertEqual(try JSONValue(parsing: "\(Int.max)").int, Int.max)
        XCTAssertEqual(try JSONValue(parsing: "9223372036854775808").double, 0x1p63)
        XCTAssertEqual(JSONValue.double(.nan).text(), "null")
    }

    func testNumbersThatAreNotJSONAreRefused() {
        for text in ["01", "-", "1.", "1.e5", "-.5", "1e", "1e+", "1+1", "--1", "1.2.3", "1e999"] {
            assertError(text, column: 1, "`\(text)` is not a number")
        }
        for text in [".5", "+1", "NaN", "Infinity"] {
            assertError(text, column: 1, "a value cannot start with `\(text.prefix(1))`")
        }
    }

    func testErrorsSayLineAndColumn() {
        assertError("", column: 1, "the text ends where a value should be")
        assertError("{\"a\": [1, 2,]}", column: 13, "a value cannot start with `]`")
        assertError("{\n  \"é\" 1}", line: 2, column: 7, "`:` should follow the name \"é\"")
        assertError("{\"a\": 1,}", column: 9, "a field's name in quotes should be here")
        assertError("[1 2]", column: 4, "`,` or `]` should be here")
        assertError("{\"a\": 1", column: 8, "`,` or `}` should be here")
        assertError("1\n\n  x", line: 3, column: 3, "there is more after the value")
        assertError("[é]", column: 2, "a value cannot start with `é`")
        assertError("nul", column: 1, "`null` should be here")
    }

    func testBrokenStringsAreRefused() {
        assertError("\"abc", column: 5, "the string has no end")
        assertError("\"a\nb\"", column: 3, "a control character in a string must be written as \\u00XX")
        assertError(#""\x""#, column: 3, "`\\x` is not an escape")
        assertError(#""\u+1ab""#, column: 4, "four hexadecimal digits should follow \\u")
        XCTAssertThrowsError(try [UInt8]([0x22, 0xFF, 0x22]).withUnsafeBytes { try JSONValue(parsing: $0) }) {
            XCTAssertEqual(($0 as? JSONError)?.reason, "the string is not UTF-8")
        }
    }

    func testTheSameNameTwiceIsRefused() {
        assertError(#"{"a": 1, "a": 2}"#, column: 16, "the object has the name \"a\" twice")
    }

    func testNestingStopsAtTheLimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        XCTAssertNoThrow(try JSONValue(parsing: nested(512)))
        assertError(nested(513), column: 513, "the document nests more than 512 deep")
        assertError(String(repeating: "{\"a\":", count: 100_000), column: 2561, "the document nests more than 512 deep")
    }
}
