import Documents
import ExactArithmetic
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    #"null"#, #"true"#, #"[]"#, #"{}"#, #"-0.5e-7"#, #"[1,[2,[3]],{"a":null}]"#, #"{"a":1,"b":[false],"é":"\"\\\\/"}"#,
    #""\u0000\b\f\n\r\t\u001f""#, #""😀é""#, #"123456789012345678901234567890"#,
  ])
  func writingUndoesParsing(_ text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(try JSONValue(parsing: JSONWriter.text(value)) == value)
    #expect(JSONWriter.text(value) == text)
  }

  @Test func namesAreSortedByTheirBytes() {
    let value: JSONValue = ["b": 1, "a": [true, nil], "B": "x", "é": 0, "aa": 2]
    #expect(JSONWriter.line(value) == "{\"B\":\"x\",\"a\":[true,null],\"aa\":2,\"b\":1,\"é\":0}\n")
    #expect("\(value)" == JSONWriter.text(value))
  }

  @Test func integersAreReadExactly() throws {
    func int(_ text: String) throws -> Int64? { try JSONValue(parsing: text).int64 }
    #expect(try int("9223372036854775807") == .max)
    #expect(try int("-9223372036854775808") == .min)
    #expect(try int("9223372036854775808") == nil)
    #expect(try int("-9223372036854775809") == nil)
    #expect(try int("9007199254740993") == 9_007_199_254_740_993)
    #expect(try int("12.0") == 12)
    #expect(try int("1.25e2") == 125)
    #expect(try int("1.25e1") == nil)
    #expect(try int("100e-2") == 1)
    #expect(try int("-0") == 0)
    #expect(try int("0e999999999") == 0)
    #expect(try int("1e999999999") == nil)
    #expect(try int("1e9999999999999999999999") == nil)
    #expect(try int("1e19") == nil)
    #expect(try int("-1e18") == -1_000_000_000_000_000_000)
    #expect(try int("\"1\"") == nil)
    #expect(try JSONValue(parsing: "18446744073709551615").integer(as: UInt64.self) == .max)
    #expect(try JSONValue(parsing: "-1").integer(as: UInt64.self) == nil)
    #expect(try JSONValue(parsing: "300").integer(as: UInt8.self) == nil)
    #expect(try JSONValue(parsing: "3e2").integer(as: UInt8.self) == nil)
  }

  @Test func exactValuesAndRealsKeepTheirMeaning() throws {
    #expect(JSONValue.exact(Rational(6, 4)) == "3/2")
    #expect(JSONValue.real(0.1).description == "0.1")
    #expect(JSONValue.real(-.infinity).description == "\"-inf\"")
    #expect(JSONValue.real(.nan).description == "\"nan\"")
    for value in [0.1, .leastNormalMagnitude / 3, 1e300, -.leastNonzeroMagnitude, 1.0 / 3, 1e16] {
      #expect(try JSONValue(parsing: JSONValue.real(value).description).double == value)
    }
    #expect(try JSONValue(parsing: "1e999").double == nil)
  }

  @Test func surrogatePairsAreOneCharacter() throws {
    #expect(try JSONValue(parsing: #""\ud83d\ude00""#) == "😀")
    #expect(try JSONValue(parsing: #""\uD7FF\uE000\uFFFF\u0041""#) == "\u{D7FF}\u{E000}\u{FFFF}A")
  }

  @Test(arguments: [
    "", " ", "[", "[1", "[1,", "[1,]", "{", "{\"a\"", "{\"a\":", "{\"a\":1,}", "{a:1}", "01", "-", "1.", ".5", "+1",
    "1e", "1e+", "0x1", "NaN", "Infinity", "nul", "True", "'a'", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"", "\"\\ud800\\u0000\"", "\"\\udc00\"", "\"a\nb\"", "\"\t\"", "1 2", "[1]]", "{\"a\":1,\"a\":2}",
    "[1 2]", "// c\n1", "\u{FEFF}1", "\u{00A0}1", "--1", "1.e1", "tru\u{0435}", "[,1]", "{\"a\" 1}", "{1:2}",
  ])
  func malformedTextIsRefused(_ text: String) {
    #expect(throws: InputError.self) { try JSONValue(parsing: text) }
  }

  @Test func nestingStopsAt64() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    _ = try JSONValue(parsing: nested(64))
    #expect(message { try JSONValue(parsing: nested(65)) }.hasPrefix("JSON:1:65: nesting deeper than 64"))
    #expect(throws: InputError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 200_000)) }
  }

  @Test func invalidUTF8IsRefused() {
    let invalid: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0xFF],
    ]
    for bytes in invalid {
      #expect(message { try JSONValue(parsing: [0x22] + bytes + [0x22], file: "f") }.contains("not UTF-8"), "\(bytes)")
    }
  }

  @Test func errorsPointAtTheirPlace() {
    let text = "{\n  \"a\": [1, 2,\n  \"é\": tru }"
    #expect(
      message { try JSONValue(parsing: text, file: "x.json") } == """
        x.json:3:6: unexpected ':' in an array; expected ',' or ']'
            "é": tru }
               ^
        """)
    #expect(
      message { try JSONValue(parsing: "{\"a\": True}", file: "x.json") } == """
        x.json:1:7: 'True' is not a JSON value
          {"a": True}
                ^^^^  did you mean 'true'?
        """)
    #expect(
      message { try JSONValue(parsing: "{\"a\": 1, \"a\": 2}", file: "x.json") } == """
        x.json:1:10: a second member named 'a'
          {"a": 1, "a": 2}
                   ^^^
        """)
  }
}

/// What an error says; empty when there is none.
private func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return ""
  } catch { return "\(error)" }
}
