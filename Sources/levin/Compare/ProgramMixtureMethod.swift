import Comparison
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// The mixture over the functions that agree with all training examples, each weighed by the exact prior of its programs
/// met: answers with the value of greatest weight. Where none agrees, over those of the least codes with exceptions, each
/// weighed by its code.
struct ProgramMixtureMethod: ComparedMethod {
  let name = "mixture"
  let title = "program mixture"
  let kind = MethodKind.program
  let maxPrograms: UInt64
  /// What `ComparisonPlan.grammar` says.
  let grammar: String?

  /// Functions kept, at most.
  static let top = 16
  /// Work beyond the first program, as a multiple of the work up to it.
  static let extraWork = 1.0

  var settings: JSONValue {
    [
      "maxPrograms": .integer(maxPrograms), "tableBytes": .integer(ProgramLanguage.memoryLimit),
      "sequenceTableBytes": .integer(SequenceProgram.memoryLimit), "top": .integer(Self.top),
      "extraWork": .real(Self.extraWork), "exceptions": true,
      "mostSignatureExamples": .integer(Self.mostSignatureExamples),
      "grammar": grammar.map { .string($0) } ?? .null,
    ]
  }

  static let code = "program mixture"

  func codes(for kind: TaskKind) -> [String] { [Self.code] }
  func handles(_ kind: TaskKind) -> Bool { kind != .sequences }
  func files(for problem: Problem) -> [FileDigest] { ProgramLanguage.files(for: problem, grammar: grammar) }
  func weight(_ question: Cell.Question, of kind: TaskKind) -> Double { kind == .terms ? 1000 : 4 }

  private func search(
    _ language: ProgramLanguage, known: Int, signatureExamples: Int? = nil, _ context: CellContext
  ) throws -> SearchReport {
    try language.search(
      top: Self.top, knownLabels: known, extraWork: Self.extraWork, countsMass: true, maxPrograms: maxPrograms,
      signatureExamples: signatureExamples, context: context)
  }

  /// Labels of a language with loops that are all in the signature, at most: programs that give them are then known without
  /// running others, of which some end late.
  private static let mostSignatureExamples = 64

  private func terms(_ problem: Problem, _ context: CellContext) throws -> TermMixture? {
    guard case .sequences(let sequences) = problem, let sequence = sequences.sequence else { return nil }
    return try TermMixture(sequences, sequence, maxPrograms: maxPrograms, grammar: grammar, context: context)
  }

  func learn(_ problem: Problem, seed: UInt64, context: CellContext) throws -> Outcome {
    if let terms = try terms(problem, context) { return try terms.outcome() }
    let language = try ProgramLanguage(problem, grammar: grammar)
    let report = try search(language, known: language.problem.trainingCount, context)
    var outcome = Outcome()
    outcome.times["found"] = .real(context.cpuSeconds())
    outcome.stop = report.stop.description
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms)
    outcome.add(report)
    var functions = report.solutions.map { (weight: $0.mass ?? $0.probability, program: $0.program) }
    if functions.isEmpty {
      functions = try withExceptions(language, known: language.problem.trainingCount, context, &outcome)
        .map { ($0.code, $0.program) }
      outcome.times["found"] = .real(context.cpuSeconds())
    }
    let (training, unseen) = (language.problem.training, language.problem.unseen)
    func right(on examples: [Example]) -> Int {
      let votes = functions.map { (mass: $0.weight, words: language.words($0.program, on: examples)) }
      return examples.indices.count { place in
        let said = votes.filter { $0.words[place] != .min }.map { (mass: $0.mass, answer: $0.words[place]) }
        return Self.answer(said) == examples[place].output.word
      }
    }
    outcome.answered = functions.isEmpty ? 0 : unseen.count
    outcome.trainingRight = Rational(right(on: training))
    outcome.unseenRight = Rational(right(on: unseen))
    if !functions.isEmpty {
      outcome.hypothesis = ["functions": .integer(functions.count), "grammar": .string(language.name)]
    }
    outcome.details = details(language, report)
    return outcome
  }

  /// Programs for labels of which some are taken to be wrong, with what finding them took added to an outcome.
  private func withExceptions(
    _ language: ProgramLanguage, known: Int, _ context: CellContext, _ outcome: inout Outcome
  ) throws -> [ExceptionReport.Solution] {
    let report = try language.searchWithExceptions(knownLabels: known, maxPrograms: maxPrograms, context: context)
    outcome.add(report)
    return report.solutions
  }

  /// The answer of greatest weight; of equal weights that of the shorter program, which comes first. Nil when there is none.
  static func answer<Answer: Equatable>(_ votes: [(mass: Rational, answer: Answer)]) -> Answer? {
    guard let first = votes.first else { return nil }
    // Mostly all say the same.
    if votes.allSatisfy({ $0.answer == first.answer }) { return first.answer }
    var weights: [(mass: Rational, answer: Answer)] = []
    for vote in votes {
      if let known = weights.firstIndex(where: { $0.answer == vote.answer }) {
        weights[known].mass += vote.mass
      } else {
        weights.append(vote)
      }
    }
    var best = weights[0]
    for candidate in weights.dropFirst() where candidate.mass > best.mass { best = candidate }
    return best.answer
  }

  /// Levels of the prior and the functions found, for figures.
  private func details(_ language: ProgramLanguage, _ report: SearchReport) -> [String: JSONValue] {
    var sums = KraftSums(language.grammar)
    var levels: [JSONValue] = []
    var before = Rational(0)
    for _ in 0..<report.completeLevels {
      guard let sum = sums.next(), let probability = sum.lastProbability else { break }
      let mass = sum.sum - before
      before = sum.sum
      levels.append(["bits": .real(-probability.log2), "massLog2": .real(mass.log2)])
    }
    let functions = report.solutions.map { solution -> JSONValue in
      var record = language.record(solution).merging(solution.massRecord) { $1 }
      record["unseenRight"] = .integer(language.right(solution.program, on: language.problem.unseen))
      return .object(record)
    }
    return [
      "levels": .array(levels), "functions": .array(functions), "resolvedMass": .exact(report.resolvedMass),
      "signatureExamples": .integer(report.signature.count), "probes": .integer(report.probes),
    ]
  }

  /// −log2 Σ P(p) over programs that give every label; where there is none −log2 Σ P(p) · P(y | x, p), the latter by the
  /// code of exceptions, over the programs of the shortest codes.
  ///
  /// Programs are told apart on the signature. Where it has every input the mass of their class is certain; else it is the
  /// prior of programs that were run on every input. The code uses that, and is a code. The greatest value that the mixture
  /// may have is recorded beside it.
  func code(_ problem: Problem, as code: String, seed: UInt64, context: CellContext) throws -> Outcome {
    if let terms = try terms(problem, context) { return try terms.code(Self.code) }
    let language = try ProgramLanguage(problem, grammar: grammar)
    let function = language.problem
    let count = function.order.count
    let isWhole = language.grammar.isStructured && count <= Self.mostSignatureExamples
    let report = try search(language, known: count, signatureExamples: isWhole ? count : nil, context)
    var outcome = Outcome()
    outcome.stop = report.stop.description
    outcome.budget = ProgramLanguage.budget(maxPrograms: maxPrograms)
    outcome.add(report)
    /// One bit says whether programs give every label; where none does another says whether some give most. Then the language.
    func code(_ part: String, _ mass: Rational?, sharing: Int) -> LabelCode {
      .mixture(
        Self.code, part, mass: mass, choice: Rational(1, BigInteger(sharing * language.choices)),
        otherwise: Rational(1, 4), labels: count, alphabet: function.alphabet.count)
    }
    guard let first = report.solutions.first else {
      let met = try withExceptions(language, known: count, context, &outcome)
      if !met.isEmpty {
        outcome.hypothesis = ["functions": .integer(met.count), "grammar": .string(language.name)]
      }
      let sum = met.isEmpty ? nil : met.reduce(Rational(0)) { $0 + $1.code }
      outcome.codes = [code("mixture with exceptions", sum, sharing: 4)]
      return outcome
    }
    let verified = try VerifiedMass(language, first, context: context)
    let ofClass = Set(report.signature).count == count ? first.mass : nil
    let certain = max(verified.mass, ofClass ?? 0)
    outcome.codes = [code("mixture", certain, sharing: 2)]
    outcome.hypothesis = .object(language.record(first))
    let open = language.grammar.terminationMass()[0].upper - report.resolvedMass
    let most = (first.mass ?? first.probability) + open
    outcome.details = [
      "verifiedPrograms": .integer(verified.programs), "verifiedMass": .exact(verified.mass),
      "massOnSignature": first.mass.map { .exact($0) } ?? .null, "mixtureAtMost": .exact(most),
      "leastBits": .real(most >= 1 ? 0 : -most.log2),
    ]
    return outcome
  }
}

extension SearchReport.Solution {
  /// Its mass and the bounds of its share, null where none were counted.
  var massRecord: [String: JSONValue] {
    [
      "mass": mass.map { .exact($0) } ?? .null, "posteriorLower": posterior.map { .exact($0.lower) } ?? .null,
      "posteriorUpper": posterior.map { .exact($0.upper) } ?? .null,
    ]
  }
}

/// The prior of the programs that were run on every input of a task and give every label.
private struct VerifiedMass {
  var mass: Rational
  var programs = 1

  /// Programs behind the first one that are run, at most.
  private static let limit = 20_000
  /// A program is first run on so many inputs.
  private static let sampleSize = 64

  init(_ language: ProgramLanguage, _ first: SearchReport.Solution, context: CellContext) throws {
    mass = first.probability
    let grammar = language.grammar
    let order = language.problem.order
    // Of programs with loops others may run on without an end.
    if grammar.isStructured { return }
    let sample = Array(order.prefix(Self.sampleSize))
    let few = BatchEvaluator(grammar, inputs: sample.map(\.inputs))
    let all = BatchEvaluator(grammar, inputs: order.map(\.inputs))
    let (fewOutputs, allOutputs) = (sample.map(\.output.word), order.map(\.output.word))
    // Programs before the first one give other labels: the search is complete.
    var programs = ProgramOrder(grammar)
    let start = try programs.rank(of: first.program)
    for step in 1...Self.limit {
      if step % 1000 == 0, context.shouldStop() { throw CellInterrupted() }
      guard let program = programs.program(atRank: start + BigInteger(step)) else { break }
      let term = grammar.term(of: program)
      guard few.words(of: term) == fewOutputs, all.words(of: term) == allOutputs else { continue }
      mass += grammar.probability(of: program)
      self.programs += 1
    }
  }
}
