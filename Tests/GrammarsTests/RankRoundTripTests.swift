import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Tag {
  /// Takes minutes in full: the default run does a part, `LEVIN_LONG=1` does all.
  @Tag static var long: Self
}

@Suite struct RankRoundTripTests {
  /// Probabilities are powers of 1/2; two sorts, up to three arguments.
  private static let conditional = grammar([
    "S": [
      Rule("x", "1/4"), Rule("1", "1/4"), Rule("+", ["S", "S"], "1/4"), Rule("neg", ["S"], "1/8"),
      Rule("ite", ["B", "S", "S"], "1/8"),
    ],
    "B": [Rule("<", ["S", "S"], "1/2"), Rule("and", ["B", "B"], "1/4"), Rule("true", "1/4")],
  ])
  private static let arithmetic = grammar([
    "S": [
      Rule("x", "1/4"), Rule("1", "1/8"), Rule("2", "1/8"), Rule("+", ["S", "S"], "1/4"), Rule("-", ["S", "S"], "1/8"),
      Rule("neg", ["S"], "1/8"),
    ]
  ])

  @Test(.tags(.long)) func rankAndProgramAreInverseOnProgramsOfUpToFortySymbols() throws {
    try roundTrip(Self.arithmetic, programs: isLongRun ? 100_000 : 2_000, maximumSize: 40)
  }

  @Test(.tags(.long)) func rankAndProgramAreInverseWithThreeArguments() throws {
    try roundTrip(Self.conditional, programs: isLongRun ? 100_000 : 400, maximumSize: isLongRun ? 40 : 14)
  }

  /// The languages that are shipped, with weights, constants of their own nonterminals, and productions of probability 1.
  @Test(.tags(.long), arguments: Language.allCases)
  func rankAndProgramAreInverseInShippedLanguages(_ language: Language) throws {
    try roundTrip(language.grammar(), programs: isLongRun ? 20_000 : 200, maximumSize: isLongRun ? 40 : 14)
  }

  /// Draws uniformly by size, sizes in turn; and the greatest rank met bounds uniform ranks for the other direction.
  private func roundTrip(_ grammar: Grammar, programs: Int, maximumSize: Int) throws {
    var (counts, order) = (try SizeCounts(grammar), ProgramOrder(grammar))
    var generator = SeededGenerator(seed: 2026, name: "rank round trip")
    var greatest = BigInteger(0)
    for number in 0..<programs {
      guard let program = counts.sample(size: number % maximumSize + 1, using: &generator) else { continue }
      let rank = try order.rank(of: program)
      let found = order.program(atRank: rank)
      try #require(found == program)
      greatest = max(greatest, rank)
    }
    for _ in 0..<programs / 4 {
      let rank = generator.integer(below: greatest)
      let found = order.program(atRank: rank)
      let again = try order.rank(of: try #require(found))
      try #require(again == rank)
    }
  }
}
