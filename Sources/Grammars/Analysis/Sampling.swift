package import ExactArithmetic
public import Randomness

/// Draws programs from the prior, exactly: each production by integers in proportion to its probability.
///
///     let sampler = PriorSampler(grammar)
///     var generator = SeededGenerator(seed: 1, name: "examples")
///     let program = sampler.sample(maximumSize: 100, using: &generator)      // nil with the prior of longer programs
///
/// A returned program p has probability P(p); nil has the rest: the prior of all programs above a limit and of
/// endless derivations. So given that it is not nil, a draw follows the prior restricted to the limits.
///
/// - Complexity: O(log productions) per symbol; one number of the generator while common denominators fit 64 bits,
///   else expected at most two of the denominator's width.
public struct PriorSampler: Sendable {
  /// The grammar that programs are drawn from.
  public let grammar: Grammar
  /// The productions of each nonterminal by their probabilities.
  private let wheels: [Wheel]

  /// A sampler of a grammar's prior; the probabilities of every nonterminal must sum to 1.
  public init(_ grammar: Grammar) {
    self.grammar = grammar
    wheels = grammar.nonterminals.map { nonterminal in
      let probabilities = nonterminal.productions.map { grammar.productions[$0].probability }
      precondition(probabilities.reduce(0, +) == 1, "probabilities of '\(nonterminal.name)' do not sum to 1")
      return Wheel(probabilities)
    }
  }

  /// A program of a nonterminal (the start when none is given); nil when it would have more than `maximumSize` symbols or
  /// `maximumProductions` productions, since cycles of unit productions write no symbol.
  public func sample(
    maximumSize: Int, maximumProductions: Int = 1_000_000, nonterminal: Int = 0,
    using generator: inout SeededGenerator
  ) -> Program? {
    var written: [Int32] = []
    var waiting = [nonterminal]
    var size = 0
    while let next = waiting.popLast() {
      // Every nonterminal that waits will write at least one symbol.
      if size + waiting.count + 1 > maximumSize || written.count == maximumProductions { return nil }
      let production = draw(next, &generator)
      written.append(Int32(production))
      if grammar.productions[production].symbol != .unit { size += 1 }
      waiting += grammar.productions[production].arguments.reversed()
    }
    return Program(productions: written)
  }

  /// A production of a nonterminal with its probability.
  private func draw(_ nonterminal: Int, _ generator: inout SeededGenerator) -> Int {
    grammar.nonterminals[nonterminal].productions.lowerBound + wheels[nonterminal].draw(&generator)
  }
}

/// Draws places in proportion to exact weights.
///
/// - Complexity: O(log places) a draw; one number of the generator while the weights over a common denominator sum to less than
///   2^64, else expected at most two of the width of their sum.
package struct Wheel: Sendable {
  /// The weights over a common denominator, summed up to each place, that one included.
  private let ends: [BigInteger]
  /// The same when the last fits.
  private let smallEnds: [UInt64]?

  /// Weights of at least 0, not all of them 0.
  package init(_ weights: [Rational]) {
    let denominator = weights.reduce(BigInteger(1)) { BigInteger.leastCommonMultiple($0, $1.denominator) }
    var sum = BigInteger(0)
    ends = weights.map { weight in
      sum += weight.numerator * (denominator / weight.denominator)
      return sum
    }
    precondition(sum > 0, "no weight is above 0")
    smallEnds = UInt64(exactly: sum) == nil ? nil : ends.map { UInt64($0) }
  }

  /// A place, with its share of the weights.
  package func draw(_ generator: inout SeededGenerator) -> Int {
    guard let smallEnds else { return Self.sector(of: generator.integer(below: ends.last!), in: ends) }
    return Self.sector(of: generator.below(smallEnds.last!), in: smallEnds)
  }

  /// The first index with an end above the number.
  private static func sector<Number: Comparable>(of number: Number, in ends: [Number]) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if number < ends[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension SizeCounts {
  /// A program with `size` symbols, each equally likely, exactly; nil when there is none.
  ///
  /// - Complexity: one draw of an integer below the count, then as `program(ofSize:index:nonterminal:)`.
  public mutating func sample(size: Int, nonterminal: Int = 0, using generator: inout SeededGenerator) -> Program? {
    let total = count(ofSize: size, nonterminal: nonterminal)
    return total == 0 ? nil : program(ofSize: size, index: generator.integer(below: total), nonterminal: nonterminal)
  }
}

extension SeededGenerator {
  /// A number in `0 ..< bound`, each equally likely: draws as many bits as the bound has until they are below it. The
  /// bound must be positive.
  package mutating func integer(below bound: BigInteger) -> BigInteger {
    precondition(bound > 0, "no number is below 0")
    let width = bound.bitWidthOfMagnitude
    while true {
      var number = BigInteger(0)
      for _ in 0..<((width + 63) / 64) { number = number << 64 | BigInteger(next()) }
      number >>= (64 - width % 64) % 64
      if number < bound { return number }
    }
  }
}
