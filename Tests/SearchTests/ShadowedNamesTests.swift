import Evaluation
import ExactArithmetic
import Grammars
import Search
import TestSupport
import Testing

/// Lambdas that bind names which are in use around them.
@Suite struct ShadowedNamesTests {
  /// An update binds the parameter that its output reads, and bodies bind their own variables anew, also in another order.
  private static let language = """
    (synth-fun f ((xs (List Int)) (k Int)) Int ((S Int) (A Int) (B Int))
      ((S Int (k (- S k) (transduce S (lambda ((k Int) (x Int)) A) (lambda ((s Int) (x Int)) B))
         (transduce2 (pair S k) (lambda ((k Int) (t Int) (x Int)) (pair A t)) (lambda ((s Int) (t Int) (x Int)) B))
         (fold (lambda ((k Int) (x Int)) A) S xs)))
       (A Int (k x (+ A x)
         (transduce A (lambda ((x Int) (k Int)) A) (lambda ((k Int) (x Int)) A))))
       (B Int (s k (+ s B) (- B k)))))
    """

  private static func grammar(_ text: String = language) throws -> Grammar {
    try SyGuSReader.problem(Array(text.utf8), file: "shadowed.sl").grammar
  }

  @Test func searchEqualsBruteForce() throws {
    try BruteForceTests().check(try Self.grammar(), bits: 13, name: "shadowed")
  }

  @Test func flatCodeEqualsInterpreter() throws {
    let grammar = try Self.grammar()
    let machine = try FlatMachine(grammar)
    let interpreter = Interpreter(grammar)
    var values = 0
    for (program, _) in BruteForce(grammar, bits: 13).programs {
      let start = machine.compile(program)
      let term = grammar.term(of: program)
      for input in [[.list([100, 1]), .int(7)], [.list([2, 0, 5]), .int(-3)], [.list([]), .int(4)]] as [[Value]] {
        let (word, _, steps) = machine.run(start, on: input.map { machine.word($0) }, stepLimit: 1000)
        let outcome = interpreter.run(term, on: input, stepLimit: 1000)
        #expect(word == outcome.value?.word, "\(SyGuSPrinter(grammar).text(term))")
        guard outcome.value != nil else { continue }
        #expect(steps == outcome.steps)
        values += 1
      }
    }
    #expect(values > 300)
  }

  /// By both orders, where the output of a stream reads a parameter whose name the update binds.
  @Test(arguments: [
    "(transduce k (lambda ((k Int) (x Int)) (+ k x)) (lambda ((s Int) (x Int)) (- s k)))",
    "(transduce2 (pair k k) (lambda ((k Int) (t Int) (x Int)) (pair (+ k x) t)) (lambda ((s Int) (t Int) (x Int)) (- s k)))",
  ]) func outputsReadTheParameter(_ term: String) throws {
    let grammar = try Self.grammar("(synth-fun f ((xs (List Int)) (k Int)) Int ((S Int)) ((S Int (\(term)))))")
    let training = [(Int64.max - 107, 101), (7, 101)].map { k, output in
      Example(inputs: [.list([100, 1]), .int(k)], output: .int(output))
    }
    #expect(try LengthOrderedSearch(grammar).run(training: training).solutions.count == 1)
    #expect(try LevinSearch(grammar).run(training: training).solutions.count == 1)
  }

  /// Arguments of + are put in order where terms are merged, and not where programs are run: what a body binds must not show.
  @Test func variablesHaveTheirValuesBehindAStream() throws {
    let grammar = try Self.grammar(
      """
      (synth-fun f ((xs (List Int)) (k Int)) Int ((S Int) (A Int))
        ((S Int ((fold (lambda ((a Int) (e Int)) A) k xs)))
         (A Int ((+ (transduce 0 (lambda ((s Int) (x Int)) (+ s x)) (lambda ((a Int) (x Int)) (+ a x))) a)))))
      """)
    let training = [
      Example(inputs: [.list([1, 2, 3]), .int(10)], output: .int(37)),
      Example(inputs: [.list([4, 5]), .int(20)], output: .int(48)),
    ]
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxBits = 20
    #expect(try LengthOrderedSearch(grammar, configuration).run(training: training).solutions.count == 1)
  }
}
