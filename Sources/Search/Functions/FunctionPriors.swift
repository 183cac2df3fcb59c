import Evaluation
public import ExactArithmetic
public import Grammars

/// The prior of functions: the total prior of all programs that compute each, on some inputs.
///
///     let inputs = try FunctionPriors.allInputs(of: grammar)            // eight for three truth values
///     let priors = try FunctionPriors(grammar, inputs: inputs)
///     priors.functions[0].program, priors.functions[0].mass             // the likeliest function
///
/// A function's prior is at least its `mass` and at most `mass + open`. Where the language has few functions on the inputs, or is
/// of truth values on up to 16, all are listed, programs of every length are counted and `open` is tiny (`FunctionMasses`).
/// Elsewhere programs are counted level by level within limits, and what is longer stays open. Bounds are exact rationals
/// either way.
///
/// - Complexity: of m functions, m³ and some dozen passes over all pairs of functions; of truth values some thousand transforms
///   of 2^inputs numbers; by levels that of `Enumeration` with mass.
public struct FunctionPriors: Sendable {
  /// One function on the inputs.
  public struct Function: Sendable {
    /// What it gives on the inputs, in order; nil where it has no value.
    public let values: [Value?]
    /// Its shortest program, the first in enumeration order.
    public let program: Program
    /// The prior of that program.
    public let probability: Rational
    /// The total prior of its programs is this at least, and this and `FunctionPriors.open` at most.
    public let mass: Rational
  }

  /// How priors are found.
  public enum Counting: Hashable, Sendable {
    /// Of every function, by programs of every length, where that can be done; else by levels within standard limits.
    case automatic
    /// Of every function, or not at all.
    case everyFunction
    /// By levels.
    case levels(Limits)
  }

  /// Where counting level by level ends.
  public struct Limits: Hashable, Sendable {
    /// Candidates evaluated or added up.
    public var maxPrograms: UInt64 = 5_000_000
    /// Longest programs, in bits.
    public var maxBits: Int?
    /// Bytes of the tables.
    public var memoryLimit = 4 << 30

    /// Some seconds.
    public init() {}
  }

  /// The functions met, the likeliest first. Where bounds of neighbours overlap, so that none is known to be likelier, the one
  /// with the earlier program comes first.
  public let functions: [Function]
  /// The prior of all finite programs.
  public let terminationMass: RationalInterval
  /// An upper bound of what the masses leave out, over all functions together, those not listed included.
  public let open: Rational
  /// Whether no program of any length computes another function.
  public let isEveryFunction: Bool
  /// Prior of the programs in the last complete level, where programs were counted by levels; nil where all were.
  public let completeProbability: Rational?

  /// The priors of the functions that programs of `grammar` compute on `inputs`, at least one.
  ///
  /// - Throws: `SearchError` for a grammar that cannot be searched, for inputs that do not fit it, and where every function was
  ///   asked for and there are too many.
  public init(_ grammar: Grammar, inputs: [[Value]], counting: Counting = .automatic) throws(SearchError) {
    let total = grammar.terminationMass(bits: FunctionUnit.bits)
    var limits = Limits()
    if case .levels(let own) = counting {
      limits = own
    } else if let bank = try Self.closedBank(grammar, inputs),
      let lower = Self.lowerBounds(bank, inputs.count, totals: total)
    {
      let unit = BigInteger(1) << FunctionUnit.bits
      self.init(
        grammar, bank, inputs.count, masses: lower.map { Rational($0, unit) }, total[0], isEvery: true, complete: nil)
      return
    }
    guard counting != .everyFunction else {
      let count = inputs.count == 1 ? "1 input" : "\(inputs.count) inputs"
      throw SearchError("the language has too many functions on its \(count) to know them all")
    }
    let bank = try ClassBank.over(inputs, grammar, countsMass: true, memoryLimit: limits.memoryLimit)
    bank.shouldStop = { $0.candidates >= limits.maxPrograms }
    var masses: [Rational] = []
    var complete: Rational?
    while bank.candidates < limits.maxPrograms, let level = bank.upcoming() {
      if let bits = limits.maxBits, level.nonterminal == 0, level.probability.isPrior(longerThan: bits) { break }
      guard bank.store(level) == .level else { break }
      guard level.nonterminal == 0 else { continue }
      complete = level.probability
      bank.addMasses(ofLevel: level, to: &masses)
    }
    self.init(grammar, bank, inputs.count, masses: masses, total[0], isEvery: false, complete: complete)
  }

  private init(
    _ grammar: Grammar, _ bank: ClassBank, _ inputs: Int, masses: [Rational], _ total: RationalInterval, isEvery: Bool,
    complete: Rational?
  ) {
    let open = total.upper - masses.reduce(0, +)
    let order = Self.order(masses, within: isEvery ? open : 0)
    functions = order.map { index in
      let program = bank.program(0, index)
      return Function(
        values: bank.values(index, count: inputs), program: program, probability: grammar.probability(of: program),
        mass: masses[index])
    }
    self.open = open
    terminationMass = total
    isEveryFunction = isEvery
    completeProbability = complete
  }

  /// Places of masses, the greatest first; of neighbours that are no more than `gap` apart the first place first.
  private static func order(_ masses: [Rational], within gap: Rational) -> [Int] {
    let falling = masses.indices.sorted { masses[$0] != masses[$1] ? masses[$0] > masses[$1] : $0 < $1 }
    var order: [Int] = []
    var group: [Int] = []
    for place in falling {
      if let last = group.last, masses[last] - masses[place] > gap {
        order += group.sorted()
        group = []
      }
      group.append(place)
    }
    return order + group.sorted()
  }

  /// Most levels after which a language with few functions is still looked through for more.
  private static let mostLevels = 4_000

  /// A bank that is closed, so that no symbol leads out of it, or, where truth values have so many functions that they are
  /// counted by transforms, one with all of the language's; nil where there are too many, or programs loop.
  private static func closedBank(_ grammar: Grammar, _ inputs: [[Value]]) throws(SearchError) -> ClassBank? {
    if grammar.isStructured { return nil }
    let bank = try ClassBank.over(inputs, grammar, countsMass: false, memoryLimit: Limits().memoryLimit)
    let all = BooleanFunctions.covers(grammar, inputs: inputs.count) ? 1 << inputs.count : nil
    let most = max(FunctionTable.mostFunctions, (all ?? 0) * grammar.nonterminals.count)
    bank.shouldStop = { $0.classes > most }
    for _ in 0..<mostLevels {
      let before = bank.classes
      guard bank.classes <= most else { return nil }
      switch bank.storeNext() {
      case .level: break
      // No program is left: nothing more can come.
      case .exhausted: return bank
      case .memory, .countLimit, .stopped: return nil
      }
      if let all, bank.tables[0].count == all {
        // Other nonterminals may have functions yet to come: a table of symbols needs them.
        let isFull = grammar.nonterminals.indices.allSatisfy { bank.tables[$0].count == all }
        if isFull || bank.classes > FunctionTable.mostFunctions { return bank }
      }
      if bank.classes == before, bank.isClosed { return bank }
    }
    return nil
  }

  /// The masses of a closed bank's functions from below, in units of 2^-bits; nil where there are too many.
  private static func lowerBounds(_ bank: ClassBank, _ inputs: Int, totals: [RationalInterval]) -> [BigInteger]? {
    if bank.classes <= FunctionTable.mostFunctions, let table = FunctionTable(bank) {
      return FunctionMasses.lowerBounds(table, totals: totals)[0]
    }
    let grammar = bank.grammar
    guard BooleanFunctions.covers(grammar, inputs: inputs), bank.tables[0].count == 1 << inputs else { return nil }
    let functions = BooleanFunctions(
      grammar, variables: bank.signature.inputs.map { $0.prefix(inputs).map { $0 == 1 } }, inputs: inputs)
    let lower = FunctionMasses.lowerBounds(functions, totals: totals)[0]
    return (0..<bank.tables[0].count).map { index in
      let row = bank.tables[0].row(index)
      return lower[(0..<inputs).reduce(0) { row[$1] == 1 ? $0 | 1 << $1 : $0 }]
    }
  }
}

extension FunctionPriors {
  /// All inputs of a grammar's parameters, the last parameter fastest: truth values false and true, words in increasing order,
  /// integers from 0 to the modulus less one.
  ///
  /// - Throws: `SearchError` where there are more than `limit`, where integers have no modulus, and for other sorts.
  public static func allInputs(of grammar: Grammar, limit: Int = 4_096) throws(SearchError) -> [[Value]] {
    var inputs: [[Value]] = [[]]
    for parameter in grammar.parameters {
      let values = try allValues(
        of: parameter.sort, modulus: grammar.modulus, name: "'\(parameter.name)'", limit: limit)
      guard inputs.count * values.count <= limit else {
        throw SearchError("more than \(limit) inputs: functions are told apart on all of them")
      }
      inputs = inputs.flatMap { input in values.map { input + [$0] } }
    }
    return inputs
  }

  /// All values of a sort in the order of `allInputs`; `name` is what has them, for errors.
  public static func allValues(
    of sort: Sort, modulus: Int64?, name: String, limit: Int = 4_096
  ) throws(SearchError) -> [Value] {
    switch sort {
    case .bool: return [.bool(false), .bool(true)]
    case .int:
      guard let modulus else { throw SearchError("\(name) is any integer: functions need finitely many values") }
      guard modulus <= limit else { throw SearchError("\(name) has more than \(limit) values") }
      return (0..<modulus).map { .int($0) }
    case .bitVector(let width):
      guard width <= 16, 1 << width <= limit else { throw SearchError("\(name) has more than \(limit) values") }
      return (0..<UInt64(1) << UInt64(width)).map { .bitVector($0, width: width) }
    case .permutation, .list, .pair, .function:
      throw SearchError("\(name) is of sort \(sort), where Bool, Int or bit vectors were expected")
    }
  }
}

extension ClassBank {
  /// The values of a function of the start nonterminal on the first inputs.
  func values(_ index: Int, count: Int) -> [Value?] {
    let row = tables[0].row(index)
    return (0..<count).map { kernelTables.value(row[$0], grammar.resultSort) }
  }

  /// Adds the prior of a stored level's programs, by class.
  fileprivate func addMasses(ofLevel level: Ladder.Level, to masses: inout [Rational]) {
    while masses.count < tables[0].count { masses.append(0) }
    for entries in entries(0, level.ordinal) {
      for position in 0..<entries.count {
        masses[entries.index(position)] += Rational(BigInteger(entries.weight(position))) * level.probability
      }
    }
  }
}
