import ExactArithmetic
import Grammars
import Search

/// Probabilities that are no powers of two, as learned ones are not: nearly every combination of symbols is a level of its own,
/// so the work is that of batches (a production with levels of its arguments), not of candidates.
struct Uneven {
  let grammar: Grammar
  let countsMass: Bool

  struct Figures {
    let report: SearchReport
    /// User seconds of the search, and of making its levels alone.
    let seconds: Double
    let ladderSeconds: Double
    /// Levels and batches of all nonterminals down to the prior of the last complete level.
    let levels: Int
    let batches: Int

    var cells: String {
      [
        (grouped(UInt64(levels)), 9), (grouped(UInt64(batches)), 12), (grouped(report.candidates), 13),
        (grouped(UInt64(report.classes)), 10), (scientific(Double(report.programs)), 10), (fixed(seconds), 8),
        (fixed(seconds * 1e9 / Double(batches), 0), 11), (fixed(ladderSeconds * 1e9 / Double(batches), 0), 13),
      ].map { column($0.0, $0.1) }.joined()
    }
  }

  /// Examples that no short program fits.
  private static var training: [Example] {
    let rows: [(Int64, Int64, Int64)] = [
      (1, 1, 77), (0, 1, 2), (0, 2, 1), (3, 2, 1), (5, 2, 132_321), (6, 2, 13), (7, 2, 11_234), (7, 3, 11_214),
    ]
    return rows.map { Example(inputs: [.int($0.0), .int($0.1)], output: .int($0.2)) }
  }

  func run(rounds: Int, maxPrograms: UInt64) throws -> Figures {
    var configuration = LengthOrderedSearch.Configuration()
    (configuration.countsMass, configuration.maxPrograms) = (countsMass, maxPrograms)
    let search = LengthOrderedSearch(grammar, configuration)
    var report: SearchReport?
    let seconds = try (0..<rounds).map { _ in
      let (seconds, found) = try timed { try search.run(training: Self.training) }
      report = found
      return seconds
    }
    var (levels, batches) = (0, 0)
    let least = report!.completeProbability!
    let ladderSeconds = (0..<rounds).map { _ in
      timed {
        var ladder = Ladder(grammar)
        (levels, batches) = (0, 0)
        while let level = ladder.next(), level.probability >= least {
          levels += 1
          batches += level.batches.count
        }
      }.seconds
    }
    return Figures(
      report: report!, seconds: median(seconds), ladderSeconds: median(ladderSeconds), levels: levels, batches: batches)
  }

  /// Prefixes of a search in order of Levin cost, and nanoseconds of each.
  func levin(rounds: Int, maxSteps: UInt64) throws -> (prefixes: UInt64, nanoseconds: Double) {
    var configuration = LevinSearch.Configuration()
    configuration.maxSteps = maxSteps
    let search = LevinSearch(grammar, configuration)
    var prefixes: UInt64 = 0
    let seconds = try (0..<rounds).map { _ in
      let (seconds, report) = try timed { try search.run(training: Self.training) }
      prefixes = report.prefixes
      return seconds
    }
    return (prefixes, median(seconds) * 1e9 / Double(prefixes))
  }

  /// Sums, differences, products and choices over two integers, probabilities in 91sts.
  static let text = """
    (set-logic ALL)
    (synth-fun f ((x Int) (y Int)) Int ((S Int) (B Bool)) (
      (S Int ((! x :probability 17/91) (! y :probability 13/91) (! 0 :probability 3/91) (! 1 :probability 7/91)
        (! 2 :probability 5/91) (! (+ S S) :probability 19/91) (! (- S S) :probability 11/91)
        (! (* S S) :probability 11/91) (! (ite B S S) :probability 5/91)))
      (B Bool ((! (< S S) :probability 3/5) (! (= S S) :probability 2/5)))))
    (check-synth)
    """

  /// The same symbols, all of a nonterminal equally probable.
  static let even = """
    (set-logic ALL)
    (synth-fun f ((x Int) (y Int)) Int ((S Int) (B Bool)) (
      (S Int (x y 0 1 2 (+ S S) (- S S) (* S S) (ite B S S)))
      (B Bool ((< S S) (= S S)))))
    (check-synth)
    """
}
