import Documents
import Grammars
import Tasks
import Testing

@Suite struct TaskFileTests {
  private func csv(_ text: String) throws -> TaskData { try CSVReader.read(Array(text.utf8), file: "data/t.csv") }
  private func lines(_ text: String) throws -> TaskData {
    try JSONLinesReader.read(Array(text.utf8), file: "t.jsonl")
  }

  private func mixedTask() throws -> TaskData {
    let sorts: [Sort] = [.int, .bool, .bitVector(width: 8), .bitVector(width: 5), .permutation(degree: 3)]
    let parameters = sorts.enumerated().map { Grammar.Parameter(name: "x\($0)", sort: $1) }
    let permutation = try #require(Value.permutation([2, 0, 1]))
    let examples = (0..<50).map { (row: Int64) in
      Example(
        inputs: [
          .int(row % 2 == 0 ? Int64.max - row : row - Int64.max), .bool(row % 3 == 0),
          .bitVector(UInt64(row), width: 8),
          .bitVector(UInt64(row), width: 5), permutation,
        ], output: .bitVector(.max - UInt64(row), width: 64))
    }
    return try TaskData(
      name: "mixed \"é\"", parameters: parameters, outputSort: .bitVector(width: 64), examples: examples, modulus: 7)
  }

  @Test func writtenTasksReadBackEqual() throws {
    var tasks = [try mixedTask()]
    for name in ["mod-div", "bool-mux-2", "bv-average-floor"] {
      let family = try TaskFamily.named(name)
      tasks.append(
        try name == "mod-div" ? family.table(modulus: 13) : family.table(width: name == "bool-mux-2" ? nil : 3))
    }
    for task in tasks {
      #expect(try JSONLinesReader.read(task.jsonLines(), file: "x") == task)
      #expect(try CSVReader.read(task.csv(), file: "x", name: task.name, modulus: task.modulus) == task)
    }
  }

  /// What the readers would refuse is not written.
  @Test func namesThatDoNotReadBackAreNotWritten() throws {
    func task(_ names: [String]) throws -> TaskData {
      try TaskData(
        name: "t", parameters: names.map { Grammar.Parameter(name: $0, sort: .int) }, outputSort: .int,
        examples: [Example(inputs: names.map { _ in Value.int(1) }, output: .int(2))])
    }
    for (names, reason) in [
      (["x", "a,b"], "'a,b' is not a name for a parameter; expected letters"),
      (["and"], "'and' is not a name for a parameter: it has a meaning in programs"), ([], "it has no inputs"),
    ] as [([String], String)] {
      let expected = "task 't' cannot be written as a task file: \(reason)"
      #expect(message { try task(names).csv() }.hasPrefix(expected))
      #expect(message { try task(names).jsonLines() }.hasPrefix(expected))
      #expect(try task(names).digest().count == 64)
    }
    #expect(try task(["length", "even"]).csv().starts(with: Array("length:Int,even:Int,=:Int".utf8)))
  }

  @Test func wordsOfProgramsAreNoParameters() {
    #expect(
      message { try csv("true:Bool,and:Bool,b:Bool,=:Bool\n1") } == """
        data/t.csv:1:1: 'true' is not a name for a parameter: it has a meaning in programs
          true:Bool,and:Bool,b:Bool,=:Bool
          ^^^^^^^^^
        data/t.csv:1:11: 'and' is not a name for a parameter: it has a meaning in programs
          true:Bool,and:Bool,b:Bool,=:Bool
                    ^^^^^^^^
        """)
    #expect(
      message { try lines(#"{"parameters":[{"name":"let","sort":"Int"}],"output":"Int"}"#) }.contains(
        "t.jsonl:1:24: 'let' is not a name for a parameter"))
  }

  /// One list of words for task files and grammars: what a file names, the grammar written from it can name.
  @Test(arguments: ["list", "perm", "forall", "par", "as", "NUMERAL", "nil", "ite", "bvadd", "n", "length", "ff.add"])
  func namesOfTaskFilesAreThoseOfGrammars(_ name: String) {
    let file = (try? csv("\(name):Int,=:Int\n1,2\n")) != nil
    let header = #"{"parameters":[{"name":"\#(name)","sort":"Int"}],"output":"Int"}"#
    let lines = (try? lines(header + "\n" + #"{"inputs":[1],"output":2}"#)) != nil
    let problem = "(synth-fun f ((\(name) Int)) Int ((S Int (1 (Variable Int)))))"
    let grammar = (try? SyGuSReader.problem(Array(problem.utf8), file: "f.sl")) != nil
    #expect(file == grammar && lines == grammar)
    #expect(grammar == ["n", "length", "ff.add"].contains(name))
  }

  @Test func csvAcceptsTheWrittenVariants() throws {
    let plain = try csv("a:Int,b:BitVec8,p:Perm3,=:Bool\n-1,#x0f,1 0 2,true\n2,7,0 1 2,false\n")
    let other = try csv(
      "\u{FEFF}a:Int , \"b:(_ BitVec 8)\",p:(_ Permutation 3), out : Bool\r\n\r\n \"-1\" ,#b00001111, 1 0 2,true\r\n2,#x07,0 1 2,false"
    )
    #expect(plain == other)
    #expect(plain.name == "t")
    #expect(plain.modulus == nil)
    #expect(plain.examples[0].inputs == [.int(-1), .bitVector(15, width: 8), try #require(.permutation([1, 0, 2]))])
  }

  @Test func jsonLinesAcceptTheWrittenVariants() throws {
    let task = try lines(
      """
      {"parameters":[{"name":"b","sort":"(_ BitVec 8)"},{"name":"p","sort":"Perm3"}],"output":"Int","modulus":113,"name":"n"}

      {"output": 3, "inputs": [15, [1,0,2]]}
      {"inputs":["#x10",[0,1,2]],"output":1.0e1}
      """)
    #expect(task.name == "n")
    #expect(task.modulus == 113)
    #expect(task.examples.map { $0.inputs[0].word } == [15, 16])
    #expect(task.examples.map { $0.output.word } == [3, 10])
  }

  /// Digits alone: no sign among them.
  @Test(arguments: [
    "#x0+f", "#x0-0", "#x+0f", "#x-0f", "#x00+", "#b000000+1", "#b000000-0", "#b00000002", "#x0g0", "#x", "#b", "#",
  ])
  func bitVectorsHaveNoSigns(_ text: String) {
    for width in [8, 12] {
      let reason = "'\(text)' is not a BitVec\(width); expected #x..., #b... or a decimal number"
      #expect(message { try csv("x:BitVec\(width),=:Int\n\(text),1\n") }.hasPrefix("data/t.csv:2:1: \(reason)"))
      let header = #"{"parameters":[{"name":"x","sort":"BitVec\#(width)"}],"output":"Int"}"#
      let row = #"{"inputs":["\#(text)"],"output":1}"#
      #expect(message { try lines(header + "\n" + row) }.hasPrefix("t.jsonl:2:12: \(reason)"))
    }
  }

  @Test func bitVectorsHaveTheBitsOfTheirDigits() throws {
    let task = try csv("x:BitVec64,=:Int\n#xFFFFffffFFFFffff,1\n#x000000000000000a,2\n")
    #expect(task.examples.map { $0.inputs[0] } == [.bitVector(.max, width: 64), .bitVector(10, width: 64)])
    let long = "#x" + String(repeating: "f", count: 17)
    #expect(message { try csv("x:BitVec64,=:Int\n\(long),1\n") }.contains("'\(long)' has 68 bits; expected 64"))
  }

  @Test func csvFaultsAreAllReported() {
    let text = """
      a:Int,b:Bool,p:Perm3,v:BitVec8,=:Int
      1,true,0 1 2,#x00,1
      x,True,0 0 2,#x0,9223372036854775808
      1,true,0 1 2
      1,true,0 1 2,256,"2
      1,true,0 1 2,#x00,2
      -9223372036854775808,1,0 1 3,-1,1.5
      """
    #expect(
      message { try csv(text) } == """
        data/t.csv:3:1: 'x' is not an Int; expected digits, with '-' in front of a negative number
          x,True,0 0 2,#x0,9223372036854775808
          ^
        data/t.csv:3:3: 'True' is not a Bool; expected true or false
          x,True,0 0 2,#x0,9223372036854775808
            ^^^^  did you mean 'true'?
        data/t.csv:3:8: '0 0 2' is not a Perm3; expected the images of 0 … 2, each once, separated by spaces
          x,True,0 0 2,#x0,9223372036854775808
                 ^^^^^
        data/t.csv:3:14: '#x0' has 4 bits; expected 8
          x,True,0 0 2,#x0,9223372036854775808
                       ^^^
        data/t.csv:3:18: '9223372036854775808' is outside the range of Int, -9223372036854775807 … 9223372036854775807
          x,True,0 0 2,#x0,9223372036854775808
                           ^^^^^^^^^^^^^^^^^^^
        data/t.csv:4:1: 3 columns; the header has 5
          1,true,0 1 2
          ^^^^^^^^^^^^
        data/t.csv:5:18: a quoted field that does not end on its line
          1,true,0 1 2,256,"2
                           ^^
        data/t.csv:6:1: contradicts line 2: the same inputs with output '1' there and '2' here
          1,true,0 1 2,#x00,2
          ^^^^^^^^^^^^^^^^^^^
        data/t.csv:7:1: '-9223372036854775808' is outside the range of Int, -9223372036854775807 … 9223372036854775807
          -9223372036854775808,1,0 1 3,-1,1.5
          ^^^^^^^^^^^^^^^^^^^^
        data/t.csv:7:22: '1' is not a Bool; expected true or false
          -9223372036854775808,1,0 1 3,-1,1.5
                               ^  did you mean 'true'?
        data/t.csv:7:24: '0 1 3' is not a Perm3; expected the images of 0 … 2, each once, separated by spaces
          -9223372036854775808,1,0 1 3,-1,1.5
                                 ^^^^^
        data/t.csv:7:30: '-1' is not a BitVec8; expected #x..., #b... or a decimal number
          -9223372036854775808,1,0 1 3,-1,1.5
                                       ^^
        data/t.csv:7:33: '1.5' is not an Int; expected digits, with '-' in front of a negative number
          -9223372036854775808,1,0 1 3,-1,1.5
                                          ^^^
        """)
  }

  @Test func headerFaultsAreAllReported() {
    #expect(
      message { try csv("a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool\n1") } == """
        data/t.csv:1:1: unknown sort 'Imt'; expected Int, Bool, List, BitVec<width> or Perm<degree>
          a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool
          ^^^^^  did you mean 'Int'?
        data/t.csv:1:7: column 'b' has no sort; expected 'name:sort', such as 'a:Int'
          a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool
                ^
        data/t.csv:1:9: '1c' is not a name for a parameter; expected letters, digits and ~!@$%^&*_-+=<>.?/, no digit first
          a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool
                  ^^^^^^
        data/t.csv:1:16: 'Perm16' is outside Perm1 … Perm15
          a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool
                         ^^^^^^^^
        data/t.csv:1:31: a second column named 'd'
          a:Imt,b,1c:Int,d:Perm16,d:Int,d:Int,=:Bool
                                        ^^^^^
        """)
    #expect(message { try csv("a:Int\n1") }.hasPrefix("data/t.csv:1:1: a header of 1 column"))
  }

  @Test func jsonLinesFaultsAreAllReported() {
    let header = #"{"parameters":[{"name":"a","sort":"Int"},{"name":"p","sort":"Perm3"}],"output":"Bool"}"#
    let text =
      header + "\n" + #"{"inputs":[1.5,[0,1]],"output":1}"# + "\n" + #"{"input":[1,[0,1,2]],"output":true}"# + "\n"
      + #"{"inputs":[1],"output":true}"# + "\n" + #"{"inputs":[1,[0,1,2]]}"# + "\n" + #"[1]"# + "\n" + #"{"inputs":[1,"#
    #expect(
      message { try lines(text) } == """
        t.jsonl:2:12: '1.5' is not an integer in the range of Int
          {"inputs":[1.5,[0,1]],"output":1}
                     ^^^
        t.jsonl:2:16: '[0,1]' is not a Perm3; expected the images of 0 … 2, each once, in an array
          {"inputs":[1.5,[0,1]],"output":1}
                         ^^^^^
        t.jsonl:2:32: '1' is not a value of Bool; expected true or false
          {"inputs":[1.5,[0,1]],"output":1}
                                         ^
        t.jsonl:3:2: unknown member 'input'; expected an example such as {"inputs":[1,2],"output":3}
          {"input":[1,[0,1,2]],"output":true}
           ^^^^^^^  did you mean 'inputs'?
        t.jsonl:4:11: 1 input; the header has 2
          {"inputs":[1],"output":true}
                    ^^^
        t.jsonl:5:1: no member 'output'; expected an example such as {"inputs":[1,2],"output":3}
          {"inputs":[1,[0,1,2]]}
          ^^^^^^^^^^^^^^^^^^^^^^
        t.jsonl:6:1: not an object; expected an example such as {"inputs":[1,2],"output":3}
          [1]
          ^^^
        t.jsonl:7:14: unexpected end where a JSON value has to stand
          {"inputs":[1,
                       ^
        """)
  }

  @Test func superfluousColumnsAreUnderlined() {
    #expect(
      message { try csv("a:Int,=:Int\n1,2,3,4\n1,2,") } == """
        data/t.csv:2:5: more columns than the 2 of the header
          1,2,3,4
              ^^^
        data/t.csv:3:5: more columns than the 2 of the header
          1,2,
              ^
        """)
  }

  @Test func filesWithoutExamplesAreRefused() {
    #expect(message { try csv("a:Int,=:Int\n\n") } == "data/t.csv: no examples after the header")
    #expect(
      message { try csv("") } == "data/t.csv: an empty file; expected a header such as 'a:Int,b:Int,=:Int'")
    #expect(message { try lines("\n \n") }.hasPrefix("t.jsonl: an empty file; expected a header such as {"))
  }

  @Test func theHundredAndFirstFaultIsCounted() {
    let error = #expect(throws: InputError.self) {
      try csv("a:Int,=:Int\n" + String(repeating: "x,1\n", count: 250))
    }
    #expect(error?.faults.count == 101)
    #expect(error?.faults.last?.message == "and 150 more")
  }

  @Test func bytesThatAreNotUTF8AreNamed() {
    let bytes = Array("a:Int,=:Int\n1,1\n2,".utf8) + [0xFF, 0x0A, 0x31, 0x2C, 0x31, 0x0A]
    #expect(
      message { try CSVReader.read(bytes, file: "f.csv") } == """
        f.csv:3:3: byte 0xff is not UTF-8
          2,\u{FFFD}
            ^  save the file as UTF-8
        """)
    let wide: [UInt8] = [0xFF, 0xFE] + "a:Int".utf8.flatMap { [$0, 0] as [UInt8] }
    #expect(message { try CSVReader.read(wide, file: "f.csv") }.contains("the file looks like UTF-16"))
  }

  /// The row behind it is no header, and says nothing about the rows that follow.
  @Test func aHeaderThatIsNotUTF8IsTheOnlyFault() {
    let csv = Array("caf".utf8) + [0xE9] + Array(":Int,=:Int\n1,2\n3,4\n".utf8)
    #expect(
      message { try CSVReader.read(csv, file: "f.csv") } == """
        f.csv:1:4: byte 0xe9 is not UTF-8
          caf\u{FFFD}:Int,=:Int
             ^  save the file as UTF-8
        """)
    let lines =
      Array(#"{"parameters":[{"name":"a","sort":"Int"}],"output":"Int","name":""#.utf8) + [0xE9]
      + Array("\"}\n{\"inputs\":[1],\"output\":2}\n".utf8)
    let error = #expect(throws: InputError.self) { try JSONLinesReader.read(lines, file: "f.jsonl") }
    #expect(error?.faults.map(\.message) == ["byte 0xe9 is not UTF-8"])
    let long = Array(String(repeating: "a", count: TaskFileLimits.lineBytes + 1).utf8) + Array("\n1,2\n".utf8)
    let refused = #expect(throws: InputError.self) { try CSVReader.read(long, file: "f.csv") }
    #expect(refused?.faults.count == 1 && refused?.faults[0].message.hasPrefix("a line of 1048577 bytes") == true)
  }

  @Test func longLinesAreRefusedAndExcerptsStayShort() {
    let long = "a:Int,=:Int\n" + String(repeating: "1", count: 1 << 20) + ",1\n"
    #expect(message { try csv(long) }.contains("a line of 1048578 bytes; at most 1048576 are read"))
    let error = #expect(throws: InputError.self) {
      try csv(
        "a:Int,=:Int\n" + String(repeating: "1", count: 500) + "," + String(repeating: "é", count: 500) + "\u{1B}[31m\n"
      )
    }
    for fault in error?.faults ?? [] {
      let excerpt = fault.excerpt ?? ""
      #expect(excerpt.count <= 160)
      #expect(fault.excerptColumn + fault.length - 1 <= excerpt.count)
      #expect(!fault.message.contains("\u{1B}") && !excerpt.contains("\u{1B}"))
    }
    #expect(error?.faults.map(\.column) == [1, 502])
  }
}
