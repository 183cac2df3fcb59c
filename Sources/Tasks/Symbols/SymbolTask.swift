public import Randomness

/// The symbols of one side of a task by their names; symbol `i` is the i-th name, from 0.
public struct SymbolAlphabet: Hashable, Sendable {
  /// The names by number, at least one and all different.
  public let names: [String]

  /// - Parameter names: At least one; no name twice.
  public init(_ names: [String]) {
    precondition(!names.isEmpty && Set(names).count == names.count, "an alphabet with no or with equal names: \(names)")
    self.names = names
  }

  /// The numbers 0 ..< count as their own names.
  public init(numbers count: Int) { self.init((0..<count).map { "\($0)" }) }

  /// The number of symbols.
  public var count: Int { names.count }

  /// Whether every number is that of a symbol.
  public func holds(_ symbols: [Int]) -> Bool { symbols.allSatisfy { names.indices.contains($0) } }
}

/// One input with the output that a task asks for, as symbol numbers.
public struct SequenceExample: Hashable, Sendable {
  /// The symbols that the task reads, in order.
  public let input: [Int]
  /// The symbols that are scored. In the Chomsky tasks whose outputs vary in length, up to the end symbol and no padding.
  public let output: [Int]

  /// An example of symbol numbers; which alphabets they are of, the task says.
  public init(input: [Int], output: [Int]) {
    self.input = input
    self.output = output
  }
}

/// A task from sequences of symbols to sequences of symbols: a rule, and a sampler of its inputs.
///
///     let task = try SymbolTask.named("parity-check")
///     task.output(for: [0, 1, 1, 1])                         // [1]
///     task.examples(count: 2, lengths: 1...40, seed: 0)
///
/// The rule is a function of the input alone, so that answers can be checked on inputs from anywhere.
public struct SymbolTask: Sendable {
  /// Where a task belongs.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Regular; like the next two a class of the Chomsky hierarchy in which Delétang et al. 2022 place their tasks.
    case regular
    /// Deterministic context-free.
    case deterministicContextFree = "deterministic context-free"
    /// Context-sensitive.
    case contextSensitive = "context-sensitive"
    /// One output symbol for each input symbol, from the input up to there.
    case stream
  }

  /// The command line's name, such as `even-pairs`.
  public let name: String
  /// Where the task belongs.
  public let kind: Kind
  /// The rule as a formula; x_t is the t-th input symbol, from 1.
  public let formula: String
  /// One sentence: what the inputs are, how they are sampled, what holds at the edges.
  public let summary: String
  /// The symbols of the inputs.
  public let input: SymbolAlphabet
  /// The symbols of the outputs.
  public let output: SymbolAlphabet
  /// The number of symbols in an input of a nominal length (one less for some, see `summary`).
  let inputLength: @Sendable (Int) -> Int
  /// The number of output symbols, padding included, for an input of so many symbols.
  let outputLength: @Sendable (Int) -> Int
  let sampler: @Sendable (Int, inout SeededGenerator) -> [Int]
  let rule: @Sendable ([Int]) -> [Int]?
  /// The least length that is learned from: shorter inputs lack a part, and padding alone explains their outputs.
  var leastLearned = 1

  /// The symbols in an input of a nominal length of at least 1.
  public func inputCount(length: Int) -> Int { inputLength(length) }

  /// The length that an output is padded to, for an input of so many symbols.
  ///
  /// Outputs that end with an end symbol are as long or shorter; the rest is padding, which is never scored.
  public func paddedOutputCount(inputCount: Int) -> Int { outputLength(inputCount) }

  /// The scored output; nil for an input that is none of the task's.
  ///
  /// - Complexity: linear in the input; quadratic for binary multiplication and square roots.
  public func output(for input: [Int]) -> [Int]? {
    guard !input.isEmpty, self.input.holds(input) else { return nil }
    return rule(input)
  }
}

extension SymbolTask {
  /// The longest nominal length that is sampled.
  public static let longestLength = 100_000

  /// One example of a nominal length.
  ///
  /// - Parameter length: 1 ... `longestLength`.
  public func example(length: Int, using generator: inout SeededGenerator) -> SequenceExample {
    precondition((1...Self.longestLength).contains(length), "length \(length) is outside 1 … \(Self.longestLength)")
    let input = sampler(length, &generator)
    guard let output = output(for: input) else { preconditionFailure("\(name) has no output for its own \(input)") }
    return SequenceExample(input: input, output: output)
  }

  /// Examples whose nominal lengths are drawn evenly from a range.
  ///
  /// The same name, range and seed give the same examples; a smaller count gives the first of them.
  public func examples(count: Int, lengths: ClosedRange<Int>, seed: UInt64) -> [SequenceExample] {
    var generator = SeededGenerator(seed: seed, name: "symbols/\(name)/\(lengths.lowerBound)-\(lengths.upperBound)")
    return (0..<count).map { _ in
      let length = lengths.lowerBound + Int(generator.below(UInt64(lengths.count)))
      return example(length: length, using: &generator)
    }
  }
}

extension SymbolTask {
  /// All tasks on symbols in the order in which they are listed.
  public static let all: [SymbolTask] = chomsky + streams

  /// The task of a name.
  ///
  /// - Throws: `TaskError.unknownTask` with the nearest name.
  public static func named(_ name: String) throws(TaskError) -> SymbolTask {
    if let task = all.first(where: { $0.name == name }) { return task }
    throw .unknownTask(name, nearest: nearestTask(to: name))
  }
}

extension SeededGenerator {
  /// So many numbers below a bound.
  mutating func symbols(_ count: Int, below bound: Int) -> [Int] {
    (0..<count).map { _ in Int(below(UInt64(bound))) }
  }
}
