import Evaluation
public import ExactArithmetic
public import Grammars

/// All programs of a grammar in exact length order, merged into classes by their values on some inputs.
///
///     var enumeration = try Enumeration(grammar, inputs: inputs)
///     while let level = try enumeration.next(), level.probability > bound {}
///     enumeration.classes(of: 0)      // distinct functions on the inputs so far
///
/// This is the stored half of `LengthOrderedSearch`, without a goal. Levels of all nonterminals come in the order of
/// `Ladder`.
///
/// - Complexity: per candidate (a program whose subterms are first in their classes) one evaluation on all inputs, one
///   hash and one probe; with mass, where a subterm's class is older than its level, one addition to a known class instead.
///   Memory per class as `bytes` says, about 105 bytes at 8 inputs; with mass about 140.
public struct Enumeration: ~Copyable {
  /// A level that is complete.
  public struct Level: Sendable {
    /// The nonterminal whose programs it holds, an index into `Grammar.nonterminals`.
    public let nonterminal: Int
    /// Its number among the levels of the nonterminal.
    public let ordinal: Int
    /// The prior of each of its programs.
    public let probability: Rational
    /// Exact number of programs in it, from the counting recurrence.
    public let programs: BigInteger
    /// Classes met in it for the first time.
    public let newClasses: Int
  }

  /// Why an enumeration cannot go on. It must not be used after that.
  public enum Limit: Error, Hashable, Sendable {
    /// The memory limit, in bytes.
    case memory(Int)
    /// A level with more programs than a 64-bit count holds.
    case count
  }

  private let bank: ClassBank

  /// An enumeration over `inputs` (at least one; rows are padded to a multiple of eight).
  ///
  /// - Parameters:
  ///   - countsMass: whether every class keeps its number of programs at each level.
  ///   - memoryLimit: bytes of the tables.
  ///   - stepLimit: steps of one operator on one input, in languages with loops or lists; more is no value.
  /// - Throws: `SearchError` for a grammar that cannot be searched.
  public init(
    _ grammar: Grammar, inputs: [[Value]], countsMass: Bool = true, memoryLimit: Int = 4 << 30,
    stepLimit: UInt64 = LengthOrderedSearch.Configuration.standardStepLimit
  ) throws(SearchError) {
    bank = try ClassBank.over(
      inputs, grammar, countsMass: countsMass, memoryLimit: memoryLimit, stepLimit: stepLimit)
  }

  /// Stores the next level; nil when the grammar has no more programs.
  public mutating func next() throws(Limit) -> Level? {
    guard let level = bank.upcoming() else { return nil }
    let before = bank.tables[level.nonterminal].count
    switch bank.storeNext() {
    case .level: break
    case .exhausted: return nil
    case .memory: throw .memory(bank.meter.limit)
    case .countLimit, .stopped: throw .count
    }
    return Level(
      nonterminal: level.nonterminal, ordinal: level.ordinal, probability: level.probability, programs: level.count,
      newClasses: bank.tables[level.nonterminal].count - before)
  }

  /// Candidates evaluated or added up so far.
  public var candidates: UInt64 { bank.candidates }
  /// Bytes of the tables.
  public var bytes: Int { bank.meter.used }
  /// Classes of all nonterminals.
  public var classes: Int { bank.classes }

  /// Classes of a nonterminal.
  public func classes(of nonterminal: Int) -> Int { bank.tables[nonterminal].count }

  /// The first program of a class of a nonterminal; classes are numbered in the order in which they were met.
  public func program(_ nonterminal: Int, class index: Int) -> Program {
    precondition((0..<bank.tables[nonterminal].count).contains(index), "no class \(index)")
    return bank.program(nonterminal, index)
  }

  /// Exact number of the programs of a level that are counted in classes: with mass equal to `Level.programs` (the
  /// audit), one sum being over classes and the other a recurrence over levels.
  public func countedPrograms(_ level: Level) -> BigInteger {
    BigInteger(bank.tables[level.nonterminal].total(ofLevel: level.ordinal))
  }
}

extension ClassBank {
  /// An empty bank over inputs, at least one, without a goal.
  ///
  /// - Throws: `SearchError` for a grammar that cannot be searched, and for inputs that do not fit it.
  static func over(
    _ inputs: [[Value]], _ grammar: Grammar, countsMass: Bool, memoryLimit: Int,
    stepLimit: UInt64 = LengthOrderedSearch.Configuration.standardStepLimit
  ) throws(SearchError) -> ClassBank {
    guard !inputs.isEmpty else { throw SearchError("there is no input to enumerate on") }
    guard inputs.allSatisfy({ $0.map(\.sort) == grammar.parameters.map(\.sort) }) else {
      throw SearchError("the inputs do not have the sorts of the grammar's parameters")
    }
    try LengthOrderedSearch(grammar).validateGrammar()
    let tables = KernelTables(grammar)
    do {
      return try ClassBank(
        grammar: grammar, signature: Signature(inputs: inputs, tables: tables), countsMass: countsMass,
        memoryLimit: memoryLimit, tables: tables, stepLimit: stepLimit)
    } catch { throw SearchError(error.message) }
  }
}
