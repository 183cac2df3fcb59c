import Documents
import ExactArithmetic
import Grammars
import TestSupport
import Testing

/// Whole error messages. `Faults/NAME.sl` is a file with faults, `Faults/NAME.txt` everything that is said about it.
@Suite struct SyGuSFaultTests {
  @Test(arguments: [
    "many-faults", "places", "contradictions", "empty-grammar", "never-ends", "probabilities", "composite-modulus",
    "sorts", "unclosed", "unopened", "truncated", "not-utf8", "long-integers", "annotations", "not-examples", "inputs",
    "declarations", "names", "no-synthesis", "definitions", "definition-sorts", "refused-modulus", "default-grammar",
    "bad-synthesis",
    "least-size",
  ])
  func messageIsTheRecordedOne(_ name: String) {
    let path = "Tests/GrammarsTests/Faults/\(name)"
    let error = #expect(throws: InputError.self) {
      try SyGuSReader.problem(Repository.bytes(Repository.root + "/\(path).sl"), file: "\(name).sl")
    }
    guard let error else { return }
    #expect(Golden.difference("\(error)\n", "\(path).txt") == nil)
    let places = error.faults.map { ($0.line, $0.column) }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }, "in order of place")
  }

  /// Columns count characters, whatever their bytes; carets stand below the text.
  @Test func columnsCountCharacters() throws {
    let text = "(synth-fun f ((|é∀👩‍👩‍👧| Int)) Int ((S Int (|é∀👩‍👩‍👧|\t(+ S Tt)))))"
    let error = try #require(throws: InputError.self) { try problem(text) }
    #expect(error.faults.count == 1)
    let fault = error.faults[0]
    let column = text[..<text.firstRange(of: "Tt")!.lowerBound].count + 1
    #expect((fault.line, fault.column, fault.excerptColumn, fault.length) == (1, column, column, 2))
    #expect(fault.excerpt == text.replacing("\t", with: " "))
  }

  /// What would turn or colour the line that shows a fault.
  @Test func excerptsAreSafeToPrint() throws {
    let error = try #require(throws: InputError.self) {
      try problem("(synth-fun f ((|a\u{202E}\u{9B}31m| Int)) Int ((S Int (Tt))))")
    }
    #expect(error.faults.count == 1 && error.faults[0].excerpt?.contains("|a\u{FFFD} 31m|") == true, "\(error)")
  }

  /// Chains need a modulus as pairs do; a grammar counts what is inside and outside of lambdas.
  @Test func chainsNeedAModulus() throws {
    for term in ["(ff.add S S)", "(ff.add S S S)", "(ff.mul a S S S)"] {
      let error = try #require(throws: InputError.self) {
        try problem("(synth-fun f ((a Int)) Int ((S Int (a \(term)))))")
      }
      #expect(error.faults.map(\.message) == ["'\(term.dropFirst().prefix(6))' needs a modulus"])
    }
    let constants = (0..<35_000).map(String.init).joined(separator: " ")
    let error = try #require(throws: InputError.self) {
      try problem("(synth-fun f ((n Int)) Int ((S Int (n (loop (lambda ((x Int) (y Int)) S) S S) \(constants)))))")
    }
    #expect(
      error.faults.map(\.message).first?.contains("counted apart inside and outside of lambdas") == true, "\(error)")
  }

  /// A byte order mark is no column.
  @Test func byteOrderMarkIsNoCharacter() throws {
    for text in ["(foo)", ")", "(synth-fun f () Int ((S Int (b))))"] {
      let plain = try #require(throws: InputError.self) { try problem(text) }
      let marked = try #require(throws: InputError.self) { try problem("\u{FEFF}" + text) }
      #expect("\(plain)" == "\(marked)")
    }
  }

  /// Quoted names may hold line ends; messages and hints are one line all the same.
  @Test func messagesAreOneLine() throws {
    let error = try #require(throws: InputError.self) {
      try problem("(synth-fun f () Int ((|two\nwords| Int (#x0 |two\nword|))))")
    }
    #expect(error.faults.count == 2)
    #expect(error.faults.allSatisfy { !$0.message.contains("\n") && $0.hint?.contains("\n") != true })
    #expect(error.faults[0].message.contains("two\u{FFFD}words"))
  }

  @Test func linesMayEndInCarriageReturns() throws {
    let error = try #require(throws: InputError.self) {
      try problem("; one\r\n(synth-fun f () Int ((S Int (1\r\n  Q))))\r\n")
    }
    #expect(error.faults.map { [$0.line, $0.column] } == [[3, 3]])
    #expect(error.faults[0].excerpt?.hasPrefix("  Q))))") == true)
  }

  /// A carriage return alone ends a line, a pair of both ends one, and LF CR two.
  @Test func loneCarriageReturnsEndLines() throws {
    for (ends, line) in [(("\r", "\r"), 3), (("\r", "\r\n"), 3), (("\n\r", "\n"), 4), (("\r\r\n", "\r\n"), 4)] {
      let text = "; one\(ends.0)(synth-fun f () Int ((S Int (1\(ends.1)  Q))))\r; two"
      let error = try #require(throws: InputError.self) { try problem(text) }
      #expect(error.faults.map { [$0.line, $0.column] } == [[line, 3]], "\(ends)")
      #expect(error.faults[0].excerpt == "  Q))))", "\(ends)")
    }
  }

  @Test func weightsAreIntegersAlone() throws {
    for weight in ["(- 3 garbage)", "(- 3 1)", "(-)", "(- x)", "(- (- 3))", "(- 65537)", "(- 9223372036854775808)"] {
      let error = try #require(throws: InputError.self) {
        try problem("(synth-fun f ((a Int)) Int ((S Int ((! a :weight \(weight)) 1))))")
      }
      #expect(error.faults.map(\.message) == ["a weight is an integer of at most 65536 bits"], "\(weight)")
    }
  }

  /// One cause is one fault: what is no word is read on as a name, and a production that says what is not read is left there.
  @Test(arguments: [
    ("(synth-fun f ((a Int)) Int ((E Int (a))))(constraint (= (f #o7) 14))", ["'#o7' is not a word of the language"]),
    ("(synth-fun f ((a Int)) Int ((E Int (a))))(constraint (= (f 1) ２))", ["'２' is not a word of the language"]),
    ("(synth-fun f ((é Int)) Int ((E Int (1))))", ["'é' is not a word of the language"]),
    (
      "(synth-fun f ((a Int)) Int ((E Int (a #q #q))))",
      ["'#q' is not a word of the language", "'#q' is not a word of the language"]
    ),
    ("(synth-fun f ((a Int)) Int ((E Int (a (let ((x E)) (+ x x))))))", ["let is not read; write a define-fun"]),
    ("(synth-fun f ((a Int)) Int ((E Int (1)) (B Bool ((Variable Bool) true))))", ["no input is of sort Bool"]),
    (
      "(synth-fun f ((n Int)) Int ((S Int (n (loop (lambda ((x Int) (y Int)) B) n 1))) (B Bool (true))))",
      [
        "'loop' does not take ((-> Int Int Bool) Int Int); it takes ((-> Int Int Int) Int Int) or "
          + "((-> (List Int) Int (List Int)) Int (List Int))"
      ]
    ),
    (
      "(synth-fun f ((a Int)) Int ((E Int (1)) (B Bool ((Variable Int) true))))",
      ["a production of 'B' must be of sort Bool, not Int"]
    ),
  ]) func oneCauseIsOneFault(_ text: String, _ messages: [String]) throws {
    let error = try #require(throws: InputError.self) { try problem(text) }
    #expect(error.faults.map(\.message) == messages)
  }

  /// Calls nest as deep as a chain of definitions without parameters is long.
  @Test func longChainsOfConstantsAreRefused() throws {
    func chain(_ length: Int) -> String {
      let links = (1..<length).map { "(define-fun k\($0) () Int k\($0 - 1))" }.joined(separator: "\n")
      return "(define-fun k0 () Int (+ 1 1))\n\(links)\n(synth-fun f ((a Int)) Int ((E Int (a k\(length - 1)))))"
    }
    #expect(try problem(chain(9_000)).grammar.productions.count == 2)
    let error = try #require(throws: InputError.self) { try problem(chain(10_001)) }
    #expect(error.faults[0].message.contains("'k9998'"), "\(error.faults[0].message)")
  }

  @Test func longLinesAreCutAroundTheFault() throws {
    let error = try #require(throws: InputError.self) {
      try problem(
        "(synth-fun f () Int ((S Int (\(String(repeating: "1 ", count: 5000)) Qq \(String(repeating: "2 ", count: 5000))))))"
      )
    }
    let fault = error.faults[0]
    #expect(fault.column == 10_031)
    #expect(fault.excerpt!.count <= 160)
    #expect(fault.excerpt!.dropFirst(fault.excerptColumn - 1).hasPrefix("Qq "))
  }

  @Test func deepNestingIsAFault() throws {
    for depth in [201, 5000, 1_000_000] {
      let nested = String(repeating: "(- ", count: depth) + "1"
      for text in ["(synth-fun f () Int ((S Int (\(nested)", nested] {
        let error = try #require(throws: InputError.self) { try problem(text) }
        #expect(error.faults.contains { $0.message == "more than 200 nested parentheses" })
      }
    }
  }

  /// They would have no value on any input.
  @Test func operatorsOnStreamsNeedAStream() throws {
    let transducer = "(transduce 0 (lambda ((s Int) (x Int)) U) (lambda ((s Int) (x Int)) U))"
    for (parameter, faults) in [("(xs (List Int))", 0), ("(n Int)", 1), ("(n Int) (xs (List Int))", 1)] {
      let text = "(synth-fun f (\(parameter)) Int ((S Int (1 \(transducer))) (U Int (s x))))"
      if faults == 0 {
        _ = try problem(text)
        continue
      }
      let error = try #require(throws: InputError.self) { try problem(text) }
      #expect(error.faults.map(\.message) == ["'transduce' reads the first parameter, which must be a (List Int)"])
    }
    // Of two lists the grammar of one cannot say which.
    for names in ["(b (List Int)) (xs (List Int))", "(xs (List Int)) (k Int) (b (List Int))"] {
      let error = try #require(throws: InputError.self) {
        try problem(
          "(synth-fun f (\(names)) (List Int) ((L (List Int)) (U Int)) ((L (List Int) ((cons \(transducer) nil))) (U Int (s x))))"
        )
      }
      #expect(error.faults.count == 1 && error.faults[0].message.contains("(List Int) and the only one, not one of "))
    }
  }

  /// Analyses recurse along chains of nonterminals.
  @Test func tooManyNonterminalsAreAFault() throws {
    func chain(_ count: Int) -> String {
      let rules = (0..<count - 1).map { "(N\($0) Int ((+ 1 N\($0 + 1))))" }.joined(separator: " ")
      return "(synth-fun f () Int (\(rules) (N\(count - 1) Int (1))))"
    }
    #expect(try problem(chain(1_000)).grammar.nonterminals.count >= 1_000)
    let error = try #require(throws: InputError.self) { try problem(chain(1_001)) }
    #expect(error.faults.map(\.message) == ["1001 nonterminals; at most 1000 are read"])
    // Equal terms are one nonterminal, so each sum ends in a number of its own.
    let sums = (0..<20).map { number in
      let sum = String(repeating: "(+ n ", count: 150) + "\(number)" + String(repeating: ")", count: 150)
      return "(N\(number) Int (\(sum) N\(number + 1)))"
    }
    .joined(separator: " ")
    let inner = try #require(throws: InputError.self) {
      try problem("(synth-fun f ((n Int)) Int (\(sums) (N20 Int (n))))")
    }
    #expect(inner.faults.count == 1 && inner.faults[0].message.contains("terms inside of productions"))
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    #expect(try problem("\u{FEFF}(synth-fun f () Int ((S Int (1))))").grammar.productions.count == 1)
  }

  @Test func longApplicationsAreAFault() throws {
    let long = "(+ \(String(repeating: "1 ", count: 100_000)))"
    for text in [
      "(synth-fun f () Int ((S Int (1 \(long)))))", "(define-fun g () Int \(long)) (synth-fun f () Int ((S Int (1))))",
      "(synth-fun f () Int ((S Int (1)))) (constraint (= (f) \(long)))",
    ] {
      let error = try #require(throws: InputError.self) { try problem(text) }
      #expect(error.faults.map(\.message) == ["a term of more than 2000 words"])
    }
    let grammar = try problem("(synth-fun f () Int ((S Int (1 (+ S S)))))").grammar
    #expect(throws: InputError.self) { try SyGuSReader.term(long, in: grammar) }
    // The longest that is read, through everything that recurses.
    let term = try SyGuSReader.term("(+ \(String(repeating: "1 ", count: 1998)))", in: grammar)
    let program = try #require(grammar.derivation(of: term))
    #expect(grammar.size(of: program) == 3995)
    #expect(SyGuSPrinter(grammar).text(term).count > 10_000)
    #expect(grammar.derivationCount(of: term) == 1)
  }

  @Test func atMostAHundredFaultsAreListed() throws {
    let error = try #require(throws: InputError.self) { try problem(String(repeating: "(foo)\n", count: 250)) }
    #expect(error.faults.count == 101)
    #expect(error.faults[100].message == "and 150 more")
  }

  /// Only what is shown is looked up in its line.
  @Test(.timeLimit(.minutes(10)), arguments: [9_000, 300_000]) func faultsOfOneLineAreCounted(_ count: Int) throws {
    let error = try #require(throws: InputError.self) { try problem(String(repeating: ")", count: count)) }
    #expect(error.faults.prefix(100).map(\.column) == Array(1...100))
    #expect(error.faults.dropFirst(100).map(\.message) == ["and \(count - 100) more"])
  }

  @Test(arguments: ["true", "false", "nil", "list", "perm", "let", "lambda", "!", "_", "as", "forall", "match", "par"])
  func namesThatTermsReadThemselvesAreTaken(_ name: String) throws {
    let error = try #require(throws: InputError.self) {
      try problem("(define-fun \(name) ((x Int)) Int x) (synth-fun f ((a Int)) Int ((S Int (a))))")
    }
    #expect(error.faults.map(\.message) == ["'\(name)' is a reserved word"])
  }

  @Test(arguments: ["list", "forall", "par", "NUMERAL", "and", "true", "zero"])
  func inputsHaveNoNamesOfOtherThings(_ name: String) throws {
    func text(_ parameter: String) -> String {
      "(define-fun zero () Int 0) (synth-fun f ((\(parameter) Int)) Int ((S Int ((Variable Int) zero))))"
    }
    let own = try #require(throws: InputError.self) { try problem(text(name)) }
    #expect(own.faults.map(\.message) == ["the parameter '\(name)' has the name of a definition or operator"])
    let inputs = ["n", name].map { Grammar.Parameter(name: $0, sort: .int) }
    let replaced = try #require(throws: InputError.self) { try problem(text("a"), parameters: inputs) }
    #expect(replaced.faults.map(\.message) == ["the task's input '\(name)' has the name of a definition or operator"])
    let twice = try #require(throws: InputError.self) { try problem(text("a"), parameters: [inputs[0], inputs[0]]) }
    #expect(twice.faults.map(\.message) == ["a second input 'n' of the task"])
    #expect(try problem(text("a"), parameters: [inputs[0]]).grammar.parameters.map(\.name) == ["n"])
  }

  @Test func aModulusFromOutsideIsChecked() throws {
    let text = Repository.text(Repository.root + "/grammars/field.sl")
    for modulus in [Int64.min, -7, 0, 1, 4, 1 << 40, .max] {
      let error = try #require(throws: InputError.self) { try problem(text, modulus: modulus) }
      #expect(error.faults.count == 1 && error.faults[0].message.contains("modulus \(modulus)"), "\(error)")
    }
  }

  @Test(arguments: [
    ("", "program:1:1: a program was expected\n  \n  ^"),
    ("a b", "program:1:1: one program was expected, not 2\n  a b\n  ^"),
    (
      "(ff.ad a bb)",
      "program:1:2: unknown operator 'ff.ad'; an operator was expected\n  (ff.ad a bb)\n   ^^^^^  did you mean 'ff.add'?\nprogram:1:10: unknown name 'bb'; a variable or constant was expected\n  (ff.ad a bb)\n           ^^  did you mean 'b'?"
    ),
    ("(even a)", "program:1:1: the program is of sort Bool; the grammar makes Int\n  (even a)\n  ^^^^^^^^"),
    ("(ff.add a", "program:1:1: '(' is never closed: the file ends too early\n  (ff.add a\n  ^"),
    (
      "(ff.add a #x0)",
      "program:1:1: 'ff.add' does not take (Int (_ BitVec 4)); it takes (Int Int)\n  (ff.add a #x0)\n  ^^^^^^^^^^^^^^"
    ),
    ("(let ((x a)) x)", "program:1:2: let is not read; write a define-fun\n  (let ((x a)) x)\n   ^^^"),
  ])
  func faultsOfAProgramAreShown(_ text: String, _ message: String) throws {
    let grammar = try Language.field.grammar()
    let error = try #require(throws: InputError.self) { try SyGuSReader.term(text, in: grammar) }
    #expect("\(error)" == message)
  }
}
