import Circuits
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Networks
import Search
import Synchronization
import Tasks

/// Reads the trained network of a cell and compares it with the program that the search finds on the same split.
///
/// The search runs anew, so that a cell sees nothing of the others; it is as deterministic as the search's own cell. Networks
/// of one split share its run: what is kept is a function of the split.
struct CircuitExaminer: CellExaminer {
  let maxPrograms: UInt64
  /// What `ComparisonPlan.grammar` says.
  let grammar: String?
  let programs = FoundPrograms()

  /// What it has something to say about.
  static let kinds = [TaskKind.function, .sequences]

  init(maxPrograms: UInt64, grammar: String?) { (self.maxPrograms, self.grammar) = (maxPrograms, grammar) }

  /// A program with what a record says of it; no term when none was found.
  struct FoundProgram: Sendable {
    let finding: Examination.Finding<Examination.Program>
    let term: Term?
    /// Its language, where there was more than one to choose from.
    var grammar: Grammar? = nil
    /// Other functions that fit the same examples, when the search met some.
    var rivals: [Term] = []
  }

  /// Functions beside the program that the search looks for.
  private static let rivalCount = 2

  /// Programs by split.
  final class FoundPrograms: Sendable {
    private let found = Mutex<[String: FoundProgram]>([:])

    func program(_ split: String, _ search: () throws -> FoundProgram) rethrows -> FoundProgram {
      if let known = found.withLock({ $0[split] }) { return known }
      let new = try search()
      found.withLock { $0[split] = new }
      return new
    }
  }

  /// What key terms hold of the part of the logits that all terms explain.
  private static let keyShare = 0.95

  /// Most dimensions of a subspace: of twelve frequencies of Z/p, or of four representations of S5 with 16 each.
  private static let mostDimensions = (residues: 24, permutations: 64)

  private func options(
    _ alignment: AlignmentClass = .fourier, seed: UInt64, permutations: Bool = false
  ) -> Circuits.Agreement.Options {
    var options = Circuits.Agreement.Options()
    options.alignment = alignment
    options.maxDimensions = permutations ? Self.mostDimensions.permutations : Self.mostDimensions.residues
    options.seed = seed
    return options
  }

  var settings: JSONValue {
    let options = options(seed: 0)
    return [
      "classes": .array(Labels.classes.map { .string($0.rawValue) }), "maxDimensions": .integer(options.maxDimensions),
      "maxDimensionsS5": .integer(Self.mostDimensions.permutations),
      "pairs": .integer(options.pairs), "fittingPairs": .integer(options.usedFittingPairs), "goal": .real(options.goal),
      "leastBehaviour": .real(options.leastBehaviour), "keyShare": .real(Self.keyShare),
      "maxPrograms": .integer(maxPrograms), "tableBytes": .integer(ProgramLanguage.memoryLimit),
      "grammar": grammar.map { .string($0) } ?? .null, "exceptions": true,
      "sequences": Self.sequenceSettings,
    ]
  }

  /// The language of the program and that of what is extracted.
  func files(for problem: Problem) -> [FileDigest] {
    let own = ProgramLanguage.files(for: problem, grammar: grammar)
    guard case .function = problem else { return own }
    return own + [ProgramLanguage.file(Self.extractionLanguage)]
  }

  fileprivate static let extractionLanguage = "trigonometry"

  func examines(_ cell: Cell, of kind: MethodKind) -> Bool {
    guard kind == .network, Self.kinds.contains(cell.task.kind), case .learn = cell.question else { return false }
    return true
  }

  func examination(of outcome: Outcome, _ problem: Problem, seed: UInt64, context: CellContext) throws -> Examination {
    guard let folder = context.folder else {
      throw CellFailure("an examination needs the folder of its network")
    }
    let function: FunctionProblem
    switch problem {
    case .function(let own): function = own
    case .sequences(let sequences):
      return try examination(of: NetworkFile.load(folder), sequences, seed: seed, context: context)
    }
    let studied = try StudiedNetwork("the network", NetworkFile.load(folder), function.task)
    let labels = try Labels(studied, function)
    let language: Result<ProgramLanguage, any Error> = Result { try ProgramLanguage(problem, grammar: grammar) }
    let program = try programs.program("\(function.name) \(function.trainingCount) \(function.seed)") {
      try Self.program(language, maxPrograms, context)
    }
    if context.shouldStop() { throw CellInterrupted() }
    return Examination(
      program: program.finding, reading: labels.reading(keyShare: Self.keyShare),
      agreement: agreement(studied, labels.kind, try? language.get(), program, seed: seed),
      extraction: labels.extraction(keyShare: Self.keyShare),
      tableBits: Double(function.order.count) * Rational(BigInteger(function.alphabet.count)).log2)
  }

  private static func program(
    _ found: Result<ProgramLanguage, any Error>, _ maxPrograms: UInt64, _ context: CellContext
  ) throws -> FoundProgram {
    let language: ProgramLanguage
    switch found {
    case .success(let known): language = known
    case .failure(let error): return FoundProgram(finding: .refused(firstLine(of: error)), term: nil)
    }
    let (order, count) = (language.problem.order, language.problem.trainingCount)
    let report = try language.search(
      top: 1 + rivalCount, knownLabels: count, extraWork: 1, countsMass: false, maxPrograms: maxPrograms,
      context: context)
    guard let solution = report.solutions.first else {
      // Where labels may be wrong the program that the search's own cell answers with.
      let other = try language.searchWithExceptions(knownLabels: count, maxPrograms: maxPrograms, context: context)
      guard let solution = other.solution else {
        return FoundProgram(finding: .refused("the search found no program (\(report.stop))"), term: nil)
      }
      return foundProgram(language, solution.program, solution.probability)
    }
    let rivals = SearchRivals(
      of: language.grammar.term(of: solution.program), in: language.grammar, Array(order[..<count]),
      Array(order[count...]), report, wanted: rivalCount)
    return Self.foundProgram(language, solution.program, solution.probability, rivals: rivals.terms)
  }

  private static func foundProgram(
    _ language: ProgramLanguage, _ program: Program, _ probability: Rational, rivals: [Term] = []
  ) -> FoundProgram {
    let term = language.grammar.term(of: program)
    return FoundProgram(
      finding: .found(.init(text: InfixPrinter(language.grammar).text(term), bits: -probability.log2)), term: term,
      rivals: rivals)
  }

  private func agreement(
    _ network: StudiedNetwork, _ kind: AlignmentClass, _ language: ProgramLanguage?, _ program: FoundProgram,
    seed: UInt64
  ) -> Examination.Finding<Examination.Agreement> {
    guard let language, let term = program.term else { return .refused("there is no program to compare with") }
    let (grammar, inputs) = (language.grammar, network.subject.inputs)
    do {
      let infix = InfixPrinter(grammar)
      func studied(_ term: Term) throws -> StudiedProgram { try StudiedProgram(term, in: grammar, on: inputs) }
      let found = try Circuits.Agreement(
        studied(term), network.subject,
        decoys: program.rivals.map { ("search \(infix.text($0))", try studied($0)) },
        defaultDecoys: AgreementSession.standardDecoys(term, grammar, on: inputs.values).map {
          ($0.text, try studied($0.term))
        },
        options: options(kind, seed: seed, permutations: GroupReport.reads(network)))
      return .found(Self.summary(found))
    } catch {
      return .refused("\(error)")
    }
  }

  static func summary(_ found: Circuits.Agreement) -> Examination.Agreement {
    let alike = found.behaviour.alike
    guard let least = found.variables.min(by: { $0.score < $1.score }) else {
      return .init(
        alike: alike.successes, inputs: alike.count,
        interchange: .refused(
          "the network answers as the program on \(Numerals.percent(Rational(BigInteger(alike.successes), BigInteger(max(alike.count, 1))))) of the inputs; nothing else is measured below \(FourierReport.percent(found.options.leastBehaviour))"
        ))
    }
    return .init(
      alike: alike.successes, inputs: alike.count,
      interchange: .found(
        .init(
          variable: least.variable, score: least.score, accuracy: least.accuracy.share, null: least.null,
          site: least.fitted.site.description, dimensions: least.fitted.subspace.dimensions,
          width: least.fitted.subspace.width, variables: .array(found.variables.map(\.record)))))
  }
}

/// An error without excerpts of its file: reasons are sentences of reports.
func firstLine(of error: any Error) -> String { String("\(error)".prefix { $0 != "\n" }) }

/// The logits of a network beside the right answers of its task.
private struct Labels {
  private let studied: StudiedNetwork
  private let answers: [Int32?]
  /// The class of the group whose functions of answer and label explain most of the logits.
  let kind: AlignmentClass
  private let basis: Result<AnswerBasis, CircuitError>
  private let shares: Spectrum?

  /// What is tried: sums (or permutations), and products.
  static let classes = [AlignmentClass.fourier, .multiplicative]

  init(_ studied: StudiedNetwork, _ function: FunctionProblem) throws {
    self.studied = studied
    let subject = studied.subject
    answers = studied.answers(of: function.task)
    let inputs = subject.inputs
    let sums = Result { () throws(CircuitError) in try inputs.answerBasis }
    guard let basis = try? sums.get() else {
      (self.basis, kind, shares) = (sums, .fourier, nil)
      return
    }
    let logits = try Runner(subject).run(Array(0..<inputs.count)).logits.matrix.firstColumns(basis.count)
    let additive = basis.shares(of: logits, answers: answers)
    if let products = try? inputs.multiplicativeBasis {
      let multiplicative = products.shares(of: logits, answers: answers)
      if multiplicative.power.reduce(0, +) > additive.power.reduce(0, +) {
        (self.basis, kind, shares) = (.success(products), .multiplicative, multiplicative)
        return
      }
    }
    (self.basis, kind, shares) = (sums, .fourier, additive)
  }

  func reading(keyShare: Double) -> Examination.Finding<Examination.Reading> {
    switch basis {
    case .failure(let error): return .refused("\(error)")
    case .success(let basis):
      let key = shares!.keyFrequencies(holding: keyShare)
      return .found(.init(key: key.map { basis.blocks[$0 - 1].name }, explained: shares!.share(key)))
    }
  }

  /// The trigonometric program, where numbers make the task an addition.
  func extraction(keyShare: Double) -> Examination.Finding<Examination.Extraction> {
    do {
      let numbering = try CyclicNumbering(of: studied.subject.inputs, answers: answers)
      let logits = try NumberedLogits(studied.subject, numbering)
      let extracted = try ExtractedProgram(
        logits, keyFrequencies: logits.reading.direct.keyFrequencies(holding: keyShare),
        in: GrammarFile.grammar(
          ProgramLanguage.path(CircuitExaminer.extractionLanguage), modulus: Int64(numbering.modulus)))
      return .found(
        .init(
          text: extracted.program.text, numbers: numbering.text, bits: extracted.program.bits,
          alike: extracted.alike.successes,
          inputs: extracted.alike.count, explained: extracted.explained))
    } catch {
      return .refused(firstLine(of: error))
    }
  }
}
