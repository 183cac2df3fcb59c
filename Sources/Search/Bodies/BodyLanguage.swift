import Evaluation
import ExactArithmetic
import Grammars

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
  /// What each production here stands for: a production of the language, or a numeral's derivation in it.
  private let origins: [[Int32]]
  /// Whether there are numerals that are one symbol here and several in the language.
  var hasNumerals: Bool { origins.contains { $0.count > 1 } }

  private struct Place: Hashable {
    let nonterminal: Int
    let isOpen: Bool
  }

  /// - Parameters:
  ///   - start: an open nonterminal of `language`.
  ///   - binds: false leaves out what binds variables; its prior is then missing, priors of the rest are unchanged.
  ///   - numerals: the greatest number that may be written as one symbol, too: such numbers share what is left of the prior,
  ///     where something is.
  /// - Returns: nil when that leaves a nonterminal without programs.
  init?(_ language: Grammar, from start: Int, binds: Bool, numerals: Int64 = 0) {
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
    var origins: [[Int32]] = []
    for (number, place) in places.enumerated() {
      let known = language.nonterminals[place.nonterminal]
      let first = productions.count
      for production in known.productions where isKept(production) {
        let old = language.productions[production]
        productions.append(
          .init(
            nonterminal: number, symbol: old.symbol, arguments: children(place, production).map { numbers[$0]! },
            probability: old.probability))
        origins.append([Int32(production)])
      }
      if numerals > 0, known.sort == .int, !place.isOpen {
        let left = productions[first...].reduce(Rational(1)) { $0 - $1.probability }
        for (value, numeral, share) in Self.numerals(language, place.nonterminal, upTo: numerals, sharing: left) {
          productions.append(
            .init(nonterminal: number, symbol: .constant(.int(value), name: nil), arguments: [], probability: share))
          origins.append(numeral.productions)
        }
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

  /// Numbers that a nonterminal writes with more than one symbol, their programs, and an equal share for each of what is left of
  /// the prior: the greatest power of two; none where nothing is left.
  private static func numerals(
    _ language: Grammar, _ nonterminal: Int, upTo most: Int64, sharing left: Rational
  ) -> [(value: Int64, program: Program, share: Rational)] {
    let written = language.numerals(of: nonterminal, upTo: most).compactMap { value, term in
      language.derivation(of: term, from: nonterminal).map { (value: value, program: $0) }
    }.filter { $0.program.productions.count > 1 }
    if written.isEmpty || left <= 0 { return [] }
    var share = Rational(1, 2)
    while share * Rational(BigInteger(written.count)) > left { share /= 2 }
    return written.map { ($0.value, $0.program, share) }
  }

  /// The language with all that bodies may hold.
  init(_ language: Grammar, from start: Int) { self.init(language, from: start, binds: true)! }

  /// An empty bank of bodies without masses, run on words of all variables; nil where a symbol cannot be run on rows.
  func bank(_ points: [[Int64]], memoryLimit: Int, stepLimit: UInt64) -> ClassBank? {
    let tables = KernelTables(grammar)
    let inputs = points.map { $0.map { Value(sort: .int, word: $0) } }
    return try? ClassBank(
      grammar: grammar, signature: Signature(inputs: inputs, tables: tables), countsMass: false,
      memoryLimit: memoryLimit, tables: tables, stepLimit: stepLimit, queue: queue)
  }

  /// The body as a program of the language that it belongs to.
  func original(_ program: Program) -> Program {
    Program(productions: program.productions.flatMap { origins[Int($0)] })
  }

  /// The program of a production here above parts that are programs of the language that it belongs to.
  func original(_ production: Int, _ parts: [Program]) -> Program {
    Program(Int(origins[production][0]), parts)
  }
}

/// Languages of bodies, made when first asked for.
struct BodyLanguages {
  private struct Key: Hashable {
    let body: Int
    let binds: Bool
    let numerals: Int64
  }

  private let grammar: Grammar
  private var known: [Key: BodyLanguage] = [:]

  init(_ grammar: Grammar) { self.grammar = grammar }

  /// The language of an open nonterminal's bodies, with what binds variables or, where something is left then, without; and
  /// then, on demand, with numerals as symbols.
  mutating func language(_ body: Int, binds: Bool, numerals: Int64 = 0) -> BodyLanguage {
    let key = Key(body: body, binds: binds, numerals: numerals)
    let language =
      known[key] ?? (binds ? nil : BodyLanguage(grammar, from: body, binds: false, numerals: numerals))
      ?? BodyLanguage(grammar, from: body)
    known[key] = language
    return language
  }
}
