import Documents
import ExactArithmetic
import Grammars
import TestSupport
import Testing

/// The files of `grammars/` say what their comments say.
@Suite struct LanguageFileTests {
  @Test(arguments: Language.allCases) func probabilitiesSumToOne(_ language: Language) throws {
    let grammar = try language.grammar()
    expectInvariant(grammar)
    #expect(grammar.name == "f")
    #expect(grammar.definitions.isEmpty)
    #expect(!grammar.nonterminals.contains { $0.isAuxiliary })
    #expect(grammar.terminationMass().allSatisfy { $0.lower == 1 && $0.isExact })
  }

  @Test(arguments: [
    (Language.integers, ["E": 9, "C": 3, "B": 3, "D": 3]), (.field, ["E": 8, "B": 1]), (.permutations, ["G": 4]),
    (.boolean, ["F": 8]), (.bitvectors, ["V": 15]),
  ])
  func nonterminalsHaveTheirProductions(_ language: Language, _ counts: [String: Int]) throws {
    let grammar = try language.grammar()
    #expect(
      Dictionary(uniqueKeysWithValues: grammar.nonterminals.map { ($0.name, $0.productions.count) }) == counts)
  }

  @Test(arguments: [
    (Language.integers, "(mod (+ a b) modulus)", 12), (.field, "(ff.add a b)", 7),
    (.permutations, "(compose (compose a b) (inverse a))", 12), (.boolean, "(xor (xor a b) (xor c d))", 21),
    (.bitvectors, "(bvand x (bvneg x))", 13),
  ])
  func exampleOfTheCommentHasItsPrior(_ language: Language, _ program: String, _ bits: Int) throws {
    let grammar = try language.grammar()
    let derivation = try #require(grammar.derivation(of: SyGuSReader.term(program, in: grammar)))
    #expect(grammar.probability(of: derivation) == Rational(1, BigInteger(1) << bits))
    let comment = Repository.text(Repository.root + "/grammars/\(language).sl")
    #expect(comment.contains("Example: \(program)"))
    #expect(comment.contains("\(bits) bits."))
  }

  @Test func fieldProductionsAreTheOnesOfTheFile() throws {
    let grammar = try Language.field.grammar()
    #expect(
      shown(grammar) == [
        "a 1/4", "b 1/4", "1 1/8", "(ff.add E E) 1/8", "(ff.sub E E) 1/16", "(ff.mul E E) 1/8", "(ff.div E E) 1/32",
        "(ite B E E) 1/32",
      ])
    #expect(shown(grammar, 1) == ["(even E) 1"])
    #expect(grammar.modulus == 113)
  }

  @Test func modulusIsReplacedWhereTheFileHasOne() throws {
    #expect(try Language.field.grammar(modulus: 7).modulus == 7)
    let integers = try Language.integers.grammar(modulus: 12)
    #expect(integers.modulus == 12)
    #expect(integers.productions.contains { $0.symbol == .constant(.int(12), name: "modulus") })
    #expect(try Language.boolean.grammar(modulus: 7).modulus == nil)
  }

  @Test(arguments: Language.allCases) func readingUndoesPrinting(_ language: Language) throws {
    for modulus in [nil, Int64(31)] {
      let grammar = try language.grammar(modulus: modulus)
      let inputs: [[Value]]
      let output: Value
      switch grammar.resultSort {
      case .int: (inputs, output) = ([[.int(-7), .int(0)], [.int(5), .int(.max)]], .int(-1))
      case .bool: (inputs, output) = ([[.bool(true), .bool(false), .bool(true), .bool(true)]], .bool(false))
      case .bitVector: (inputs, output) = ([[.bitVector(0xA5, width: 8)]], .bitVector(0, width: 8))
      case .permutation:
        (inputs, output) = (
          [[.permutation([1, 0, 2, 4, 3])!, .permutation([4, 3, 2, 1, 0])!]], .permutation([0, 1, 2, 3, 4])!
        )
      case .list: (inputs, output) = ([[.list([])], [.list([3, -1])]], .list([2, 2]))
      case .pair, .function: preconditionFailure("no task has values of \(grammar.resultSort)")
      }
      let examples = inputs.map { Example(inputs: $0, output: output) }
      let again = try problem(SyGuSPrinter(grammar).problem(examples, logic: "ALL"))
      expectSame(grammar, again.grammar)
      #expect(again.examples == examples)
      #expect(again.logic == "ALL")
    }
  }

  /// The standard form has neither Levin's operators nor annotations, and reads as the same derivations.
  @Test(arguments: Language.allCases) func portableFormIsReadBack(_ language: Language) throws {
    let grammar = try language.grammar(modulus: 7)
    let text = try SyGuSPrinter(grammar).portableProblem([])
    #expect(!text.contains("Permutation") && !text.contains("!") && !text.contains("modulus"))
    let read = try problem(text).grammar
    expectInvariant(read)
    #expect(read.nonterminals.map(\.productions.count) == grammar.nonterminals.map(\.productions.count))
  }

  /// Operators inside of definitions are defined as well, and before them.
  @Test func portableFormDefinesWhatDefinitionsUse() throws {
    let grammar = try problem(
      """
      (define-fun modulus () Int 7)
      (define-fun sq ((x Int)) Int (ff.mul x x))
      (define-fun odd ((x Int)) Bool (not (even (sq x))))
      (synth-fun f ((a Int)) Int ((S Int (a (sq S) (ite B S S))) (B Bool ((odd S)))))
      """
    ).grammar
    let text = try SyGuSPrinter(grammar).portableProblem([])
    let names = text.split(separator: "\n").filter { $0.hasPrefix("(define-fun ") }.map { $0.split(separator: " ")[1] }
    #expect(names == ["ff.mul", "even", "sq", "odd"])
  }

  @Test(arguments: [
    (StructuredLanguage.sequences, ["'loop'", "'gcd'", "'lambda'", "'(Pair Int Int)'"]),
    (.lists, ["'fold'", "'(List Int)'"]), (.transducers, ["'transduce2'"]), (.nested, ["'nested'", "'solve'"]),
  ])
  func whatHasNoStandardFormIsNamed(_ language: StructuredLanguage, _ names: [String]) throws {
    let printer = try SyGuSPrinter(language.grammar())
    let error = #expect(throws: InputError.self) { try printer.portableProblem([], file: "g.sl") }
    #expect(error?.file == "g.sl")
    let message = error?.faults.first?.message ?? ""
    for name in names { #expect(message.contains(name), "\(message)") }
  }

  /// Such a name would be defined twice.
  @Test func portableFormRefusesNamesThatItNeeds() throws {
    let grammar = try problem(
      """
      (define-fun modulus () Int 7)
      (define-fun ff.square ((x Int)) Int (* x x))
      (synth-fun f ((a Int)) Int ((S Int (a (ff.square S) (ff.div S S)))))
      """
    ).grammar
    let error = #expect(throws: InputError.self) { try SyGuSPrinter(grammar).portableProblem([]) }
    #expect(error?.faults.first?.message.contains("'ff.square'") == true)
  }
}
