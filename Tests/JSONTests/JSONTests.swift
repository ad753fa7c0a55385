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
        let read = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00|\u0000""#).string
        XCTAssertEqual(read, "\"\\/\u{8}\u{c}\n\r\té😀|\0")
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

    /// The shortcut for short decimals gives the same bits as the standard library.
    func testDecimalsAreRoundedAsTheStandardLibraryRoundsThem() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let digits = Int.random(in: 0...19, using: &generator), places = Int.random(in: 1...20, using: &generator)
            let whole = (0..<max(digits, 1)).map { _ in Int.random(in: 0...9, using: &generator) }
            let text = "\(Int.random(in: 1...9, using: &generator))\(whole.map(String.init).joined())."
                + "\((0..<places).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined())"
                + (Bool.random(using: &generator) ? "e\(Int.random(in: -330...280, using: &generator))" : "")
            XCTAssertEqual(try JSONValue(parsing: text).double?.bitPattern, Double(text)?.bitPattern, text)
        }
    }

    func testNumbersThatAreNotJSONAreRefused() {
        for text in ["01", "-", "1.", "1.e5", "-.5", "1e", "1e+", "1+1", "--1", "1.2.3"] {
            assertError(text, column: 1, "`\(text)` is not a number")
        }
        for (text, found) in [(".5", "."), ("+1", "+"), ("NaN", "NaN"), ("Infinity", "Infinity"), ("True", "True")] {
            assertError(text, column: 1, "expected a value, found `\(found)`")
        }
        assertError("[1e999]", column: 2, "`1e999` is beyond the range of a number")
    }

    func testErrorsSayLineAndColumn() {
        assertError("", column: 1, "expected a value, found the end of the text")
        assertError("{\"a\": [1, 2,]}", column: 13, "expected a value, found `]`")
        assertError("{\n  \"é\" 1}", line: 2, column: 7, "expected `:` after the name \"é\", found `1`")
        assertError("{\"a\": 1,}", column: 9, "expected a field's name in quotes, found `}`")
        assertError("{a: 1}", column: 2, "expected a field's name in quotes, found `a`")
        assertError("[1 2]", column: 4, "expected `,` or `]`, found `2`")
        assertError("[1\n2]", line: 2, column: 1, "expected `,` or `]`, found `2`")
        assertError("{\"a\": 1", column: 8, "expected `,` or `}`, found the end of the text")
        assertError("1\n\n  x", line: 3, column: 3, "expected the end of the text, found `x`")
        assertError("[é]", column: 2, "expected a value, found `é`")
        assertError("[1, \u{1}]", column: 5, "expected a value, found the byte 0x01")
        assertError("[1]\0", column: 4, "expected the end of the text, found the byte 0x00")
        assertError("nul", column: 1, "expected `null`, found `nul`")
    }

    func testBrokenStringsAreRefused() {
        assertError("[\"abc", column: 2, "the string has no end")
        assertError("\"a\nb\"", column: 1, "the string has no end")
        assertError("\"a\tb\"", column: 3, "the byte 0x09 in a string: control characters are written as \\u00XX")
        assertError(
            #""\x""#, column: 3, #"expected an escape such as \n, \" or \u0041 after the backslash, found `x`"#)
        assertError(#""\u+1ab""#, column: 4, "expected four hexadecimal digits after \\u, found `+`")
        for text in [#""é\ud83d""#, #""é\ud83dx""#, #""é\ud83d\u0041""#] {
            assertError(text, column: 3, "`\\ud83d` is half of a character: its other half must follow")
        }
        assertError(#""\ude00""#, column: 2, "`\\ude00` is half of a character: its other half must follow")
    }

    func testBytesThatAreNotUTF8AreNamedWithTheirPlace() {
        let cases: [(bytes: [UInt8], column: Int, byte: String)] = [
            ([0xFF], 2, "FF"), ([0x61, 0xC3, 0xA9, 0xC3], 4, "C3"), ([0xC0, 0x80], 2, "C0"),
            ([0xED, 0xA0, 0x80], 2, "ED"), ([0xF4, 0x90, 0x80, 0x80], 2, "F4"),
            (Array("0123456789abcdef".utf8) + [0x80], 18, "80"),
        ]
        for (bytes, column, byte) in cases {
            XCTAssertThrowsError(try ([0x22] + bytes + [0x22]).withUnsafeBytes { try JSONValue(parsing: $0) }) {
                XCTAssertEqual(
                    $0 as? JSONError,
                    JSONError(line: 1, column: column, reason: "the byte 0x\(byte) in a string is not UTF-8"))
            }
        }
    }

    /// Eight bytes are looked at together: every special byte is found at every place.
    func testStringsOfEveryLengthKeepEveryCharacter() throws {
        for length in 0..<40 {
            for special in ["", "\\n", "\\\"", "é", "😀", "\u{7f}"] {
                for place in 0...length {
                    let plain = String(repeating: "x", count: place)
                    let rest = String(repeating: "y", count: length - place)
                    let read = try JSONValue(parsing: "\"\(plain)\(special)\(rest)\"").string
                    let meant = special == "\\n" ? "\n" : special == "\\\"" ? "\"" : special
                    XCTAssertEqual(read, plain + meant + rest)
                }
            }
        }
    }

    func testTheSameNameTwiceIsRefused() {
        assertError(#"{"a": 1, "a": 2}"#, column: 10, "the object has the name \"a\" twice")
    }

    func testNestingStopsAtTheLimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        XCTAssertNoThrow(try JSONValue(parsing: nested(512)))
        assertError(nested(513), column: 513, "nested more than 512 deep")
        assertError(String(repeating: "{\"a\":", count: 100_000), column: 2561, "nested more than 512 deep")
    }
}
