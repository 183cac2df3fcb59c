import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// A question about a body: what it must give on some values of the variables.
struct BodyQuestion: Hashable {
  /// The open nonterminal of the body.
  let body: Int
  let inputs: [[Int64]]
  let outputs: [Int64]

  /// Nil when it is no function, or says too little to tell one: fewer than `least` values.
  init?(_ body: Int, _ inputs: [[Int64]], _ outputs: [Int64], least: Int = Trace.leastTransitions) {
    var known: [[Int64]: Int64] = [:]
    for (input, output) in zip(inputs, outputs) {
      if let other = known.updateValue(output, forKey: input), other != output { return nil }
    }
    guard known.count >= least else { return nil }
    self.body = body
    self.inputs = inputs
    self.outputs = outputs
  }
}

extension SearchAttempt {
  /// Bytes that a search for a part of a program may take.
  var memoryLeft: Int { max(1 << 24, configuration.memoryLimit - bank.meter.used) }

  /// The shortest body that answers a question, within some work; what is searched is `language`, that of the body.
  ///
  /// - Parameters:
  ///   - unproven: whether longer ones count too, and the first that is found.
  ///   - maxBits: the longest that is asked for; nil for no limit.
  func body(
    _ question: BodyQuestion, _ language: BodyLanguage, work: Double, unproven: Bool = false, maxBits: Int? = nil,
    _ isOver: @escaping () -> Bool
  ) -> Program? {
    var configuration = configuration
    if unproven { configuration.looksFurther = true }
    configuration.top = 1
    configuration.countsMass = false
    configuration.audits = false
    configuration.extraWork = 0
    configuration.probes = 0
    configuration.maxBits = maxBits
    configuration.maxSteps = nil
    configuration.timeLimit = nil
    configuration.signatureExamples = nil
    configuration.memoryLimit = memoryLeft
    configuration.maxPrograms = UInt64(work)
    let sort = language.grammar.resultSort
    let examples = zip(question.inputs, question.outputs).map { input, output in
      Example(inputs: input.map { Value(sort: .int, word: $0) }, output: Value(sort: sort, word: output))
    }
    let report = try? LengthOrderedSearch(language.grammar, configuration).run(
      training: examples, queue: language.queue
    ) { _ in isOver() }
    bank.meter.note(report?.bytes ?? 0)
    return report?.solutions.first.map { language.original($0.program) }
  }

  /// Words for all variables: those that are given, and no value for others.
  func words(_ variables: [Int], _ values: [Int64]) -> [Int64] {
    var words = Array(repeating: Value.noValueWord, count: grammar.variables.count)
    for (variable, word) in zip(variables, values) { words[variable] = word }
    return words
  }

  /// The program of a variable.
  func leaf(_ nonterminal: Int, _ variable: Int) -> Program? {
    grammar.nonterminals[nonterminal].productions.first { grammar.productions[$0].symbol == .variable(variable) }
      .map { Program($0, []) }
  }
}

/// The likeliest of the programs met; of equally likely ones the first.
struct BestProgram {
  private let grammar: Grammar
  private(set) var program: Program?
  /// Its prior; 0 without one.
  private(set) var probability = Rational(0)

  init(_ grammar: Grammar) { self.grammar = grammar }

  /// Takes a program that is likelier, if it passes a test; whether it did.
  @discardableResult
  mutating func offer(_ other: Program?, where isRight: (Program) -> Bool = { _ in true }) -> Bool {
    guard let other else { return false }
    let probability = grammar.probability(of: other)
    guard probability > self.probability, isRight(other) else { return false }
    (program, self.probability) = (other, probability)
    return true
  }
}

extension Sequence {
  /// By bits; of equal ones the first first.
  func ordered(most: Int = .max, by bits: (Element) -> Double) -> [Element] {
    enumerated().map { (bits: bits($0.element), place: $0.offset, element: $0.element) }
      .sorted { ($0.bits, $0.place) < ($1.bits, $1.place) }.prefix(most).map(\.element)
  }
}
