import Evaluation
import Grammars
import Tasks

/// The bodies of a language's lambdas as a language of their own: there its variables have values, so programs are merged by
/// them and goals are looked up, as outside of lambdas.
///
/// Inputs are all variables of the language, parameters first. A body that reads one whose input is *no value* has none.
/// One that no body reads is an integer. What stands under a further lambda stays open; without lambdas everything runs on
/// rows. Programs, priors and order are those of the nonterminal `start`.
struct BodyLanguage {
  let grammar: Grammar
  /// Its levels, none of them produced yet.
  let queue: LevelQueue
  /// The production of the language that each one here stands for.
  private let origins: [Int32]

  private struct Place: Hashable {
    let nonterminal: Int
    let isOpen: Bool
  }

  /// - Parameters:
  ///   - start: an open nonterminal of `language`.
  ///   - binds: false leaves out what binds variables; its prior is then missing, priors of the rest are unchanged.
  /// - Returns: nil when that leaves a nonterminal without programs.
  init?(_ language: Grammar, from start: Int, binds: Bool) {
    func isKept(_ production: Int) -> Bool {
      binds || !language.productions[production].arguments.contains { language.writesLambda($0) }
    }
    func children(_ place: Place, _ production: Int) -> [Place] {
      let production = language.productions[production]
      let isOpen = if case .lambda = production.symbol { true } else { place.isOpen }
      return production.arguments.map { Place(nonterminal: $0, isOpen: isOpen) }
    }
    var places = [Place(nonterminal: start, isOpen: false)]
    var numbers = [places[0]: 0]
    var next = 0
    while next < places.count {
      for production in language.nonterminals[places[next].nonterminal].productions where isKept(production) {
        for child in children(places[next], production) where numbers[child] == nil {
          numbers[child] = places.count
          places.append(child)
        }
      }
      next += 1
    }
    var nonterminals: [Grammar.Nonterminal] = []
    var productions: [Grammar.Production] = []
    var origins: [Int32] = []
    for (number, place) in places.enumerated() {
      let known = language.nonterminals[place.nonterminal]
      let first = productions.count
      for production in known.productions where isKept(production) {
        let old = language.productions[production]
        productions.append(
          .init(
            nonterminal: number, symbol: old.symbol, arguments: children(place, production).map { numbers[$0]! },
            probability: old.probability))
        origins.append(Int32(production))
      }
      nonterminals.append(
        .init(
          name: known.name, sort: known.sort, productions: first..<productions.count, isAuxiliary: known.isAuxiliary,
          isOpen: place.isOpen))
    }
    if nonterminals.contains(where: { $0.productions.isEmpty }) { return nil }
    self.origins = origins
    let parameters = language.variables.enumerated().map { number, variable in
      productions.contains { $0.symbol == .variable(number) }
        ? variable : Grammar.Parameter(name: variable.name, sort: .int)
    }
    grammar = Grammar(
      name: language.name, parameters: parameters, nonterminals: nonterminals, productions: productions,
      definitions: language.definitions, modulus: language.modulus)
    queue = LevelQueue(grammar)
  }

  /// The language with all that bodies may hold.
  init(_ language: Grammar, from start: Int) { self.init(language, from: start, binds: true)! }

  /// The body as a program of the language that it belongs to.
  func original(_ program: Program) -> Program {
    Program(productions: program.productions.map { origins[Int($0)] })
  }

  /// The program of a production here above parts that are programs of the language that it belongs to.
  func original(_ production: Int, _ parts: [Program]) -> Program { Program(Int(origins[production]), parts) }
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
}
