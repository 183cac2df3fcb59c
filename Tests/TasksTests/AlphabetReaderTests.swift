import Documents
import Tasks
import Testing

@Suite struct AlphabetReaderTests {
  private static func read(_ text: String, _ alphabet: Alphabet = .binary) throws -> [Int] {
    try AlphabetReader.read(Array(text.utf8), file: "s.txt", alphabet: alphabet)
  }

  private static func faults(_ text: String, _ alphabet: Alphabet = .binary) -> String {
    do { return "\(try read(text, alphabet))" } catch { return "\(error)" }
  }

  @Test func separatorsAreBlanksLineEndsAndSingleCommas() throws {
    for text in ["0 1 1 0", "0,1,1,0", "0\n1\n1\n0\n", " 0,\t1 ,1\r\n\r\n0", "0,1,\n1,0,\n", "\u{FEFF}0 1 1 0"] {
      #expect(try Self.read(text) == [0, 1, 1, 0], "\(text.debugDescription)")
    }
    for text in ["", "\n\n", "  \t"] { #expect(try Self.read(text) == []) }
  }

  @Test func namesOfAnyLengthAreSymbols() throws {
    let alphabet = try Alphabet(parsing: "A,CG,é")
    #expect(try Self.read("CG,é A", alphabet) == [1, 2, 0])
    #expect("\(alphabet)" == "A CG é")
    #expect(alphabet.number(of: "T") == nil)
  }

  @Test func rangesAreAlphabetsOfIntegers() throws {
    #expect(try Alphabet(parsing: "0..1") == .binary)
    #expect(try Alphabet(parsing: "-1..2").names == ["-1", "0", "1", "2"])
    #expect(try Alphabet(parsing: "0..255").count == 256)
    #expect("\(try Alphabet(parsing: "0..19"))" == "0 1 2 … 19 (20 symbols)")
  }

  @Test func everyFaultOfAFileIsReportedWithItsPlace() {
    #expect(
      Self.faults("0 1 2\n1,,0\nx") == """
        s.txt:1:5: symbol '2' is not in the alphabet
          0 1 2
              ^  expected one of 0 1
        s.txt:2:3: no symbol before this comma
          1,,0
            ^
        s.txt:3:1: symbol 'x' is not in the alphabet
          x
          ^  expected one of 0 1
        """)
    #expect(Self.faults(",0").hasPrefix("s.txt:1:1: no symbol before this comma"))
    #expect(Self.faults("0 011").hasPrefix("s.txt:1:3: symbol '011' is not in the alphabet"))
    let invalid = #expect(throws: InputError.self) {
      try AlphabetReader.read([0x30, 0x20, 0xFF], file: "s.txt", alphabet: .binary)
    }
    #expect("\(invalid!)".hasPrefix("s.txt:1:3: byte 0xff is not UTF-8"))
  }

  @Test func manyFaultsAreCounted() {
    let text = Self.faults(String(repeating: "2 ", count: 150))
    #expect(text.hasSuffix("s.txt: and 50 more"))
  }

  @Test(arguments: [
    ("0", "has one symbol"), ("a", "has one symbol"), ("", "has an empty symbol"), ("0,,1", "has an empty symbol"),
    ("0,1,0", "has '0' twice"), ("a b,c", "has a blank"), ("5..5", "has one symbol"), ("3..0", "runs backwards"),
    ("0..256", "more than 256"), ("-9223372036854775808..9223372036854775807", "more than 256"),
  ])
  func alphabetsThatAreNoneSayWhy(_ text: String, _ reason: String) {
    let complaint = #expect(throws: Complaint.self) { try Alphabet(parsing: text) }
    #expect(complaint!.message.contains(reason), "\(complaint!.message)")
  }
}
