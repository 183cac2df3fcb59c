import CKernels
import Evaluation
import ExactArithmetic
import Grammars

/// Finds terms T by their sums: T is run on points, each point belongs to an example, and the sum over an example's points is
/// wanted. Sums of terms are terms of sums, so parts of a sum and branches of a choice are found apart.
///
/// A sum is compared by a fingerprint: a fixed linear form over all words, modulo 2^64. It proposes; whoever asks runs the
/// whole program.
final class SumSearch {
  /// A term T that may have a wanted sum, as a program of the language of bodies.
  typealias Proposal = (goal: Int, program: Program)

  let language: BodyLanguage
  let bank: ClassBank
  let lanes: Int
  /// The example of each lane; nil on lanes that only fill up.
  let owners: [Int?]
  /// How often each lane counts.
  let times: [Int64]
  /// What each word of a row counts in the fingerprint; 0 on lanes that only fill up.
  private var factors: [Int64]
  /// Fingerprints of the wanted sums, and a bit for the first sixteen bits of each: most that are asked for are not there.
  private var goals: [Int64: Int] = [:]
  private var filter = Array(repeating: false, count: 1 << 16)
  private var isOver: () -> Bool = { false }

  /// Terms that a choice is tried with on both sides, and goals that pairs of terms are tried for.
  static let branches = 24
  private static let pairGoals = 8
  /// Tests that more terms are tried with, and how many.
  private static let shortTests = 128
  private static let moreBranches = 1_024
  /// Terms that all others are compared with, those others, and the terms of such a choice.
  private static let comparedSides = 4
  private static let mostCompared = 4_000
  private static let fewBranches = 6

  /// Words of all variables, the example whose sum they belong to, and how often they count there.
  struct Point {
    let words: [Int64]
    let owner: Int
    let times: Int64
  }

  /// - Parameter wanted: the sums that are wanted, per goal by example; of equal ones the first counts.
  init?(_ language: BodyLanguage, _ points: [Point], wanted: [[Int64]], memoryLimit: Int, stepLimit: UInt64) {
    self.language = language
    guard let bank = language.bank(points.map(\.words), memoryLimit: memoryLimit, stepLimit: stepLimit) else {
      return nil
    }
    self.bank = bank
    lanes = bank.signature.lanes
    factors = Array(repeating: 0, count: lanes)
    owners = points.map { $0.owner } + Array(repeating: nil, count: lanes - points.count)
    times = points.map { $0.times } + Array(repeating: 0, count: lanes - points.count)
    for (lane, point) in points.enumerated() { factors[lane] = Self.factor(point.owner) &* point.times }
    for (goal, row) in wanted.enumerated() {
      let print = row.enumerated().reduce(Int64(0)) { $0 &+ Self.factor($1.offset) &* $1.element }
      if goals[print] == nil { goals[print] = goal }
      filter[Int(UInt64(bitPattern: print) >> 48)] = true
    }
  }

  /// The factor of an example: odd, and different enough.
  private static func factor(_ example: Int) -> Int64 {
    var z = UInt64(example &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int64(bitPattern: (z ^ (z >> 31)) | 1)
  }

  /// Candidates evaluated, in units of eight lanes.
  var work: Double { Double(bank.candidates) * Double(lanes / 8) }

  /// Bytes of the stored terms at their peak.
  var bytes: Int { bank.meter.peak }

  /// Stores terms within some work; then hands over terms that may have a wanted sum until `take` says that it is enough.
  func run(work limit: Double, _ isOver: @escaping () -> Bool, _ take: (Proposal) -> Bool) {
    store(work: limit, isOver)
    if isOver() { return }
    let terms = valued(0)
    if single(terms, take) || choices(terms, take) || compared(terms, take) { return }
    pairs(terms, take)
  }

  /// Stores terms within some work; with `tests`, those of choices before their turn.
  func store(work limit: Double, tests: Bool = true, _ isOver: @escaping () -> Bool) {
    self.isOver = isOver
    bank.shouldStop = { _ in isOver() }
    // Conditions get as much work as everything else: most of what is long in a choice is one of them.
    var early = Array(repeating: 0.0, count: bank.grammar.nonterminals.count)
    func next() -> Ladder.Level? {
      let level = tests && early.reduce(0, +) * 2 < work ? bank.upcomingEarly(early, among: conditions) : nil
      return level ?? bank.upcoming()
    }
    while let level = next() {
      let cost = bank.storingCost(level) * Double(lanes / 8)
      guard work + cost <= limit, case .level = bank.store(level) else { break }
      if conditions[level.nonterminal] { early[level.nonterminal] += cost + 1 }
    }
  }

  /// Productions of a choice between two terms.
  var choiceProductions: [Int] {
    bank.grammar.nonterminals[0].productions.filter {
      let production = bank.grammar.productions[$0]
      return production.symbol == .operation(.ite) && production.arguments[1...] == [0, 0]
    }
  }

  /// Nonterminals of what a choice at the top asks.
  private var conditions: [Bool] {
    var found = Array(repeating: false, count: bank.grammar.nonterminals.count)
    for number in choiceProductions { found[bank.grammar.productions[number].arguments[0]] = true }
    found[0] = false
    return found
  }

  /// Classes of a nonterminal with a value at every point, with their fingerprints.
  func valued(_ nonterminal: Int) -> [(index: Int, print: Int64)] {
    (0..<bank.tables[nonterminal].count).compactMap { index in
      let row = bank.tables[nonterminal].row(index)
      var sum: Int64 = 0
      for lane in 0..<lanes {
        if row[lane] == Value.noValueWord { return nil }
        sum &+= factors[lane] &* row[lane]
      }
      return (index, sum)
    }
  }

  private func single(_ terms: [(index: Int, print: Int64)], _ take: (Proposal) -> Bool) -> Bool {
    for term in terms {
      if let goal = goals[term.print], take((goal, program(0, term.index))) { return true }
    }
    return false
  }

  /// T = (ite C A B): any C with A and B among the shortest terms, and C among the shortest tests with more A.
  private func choices(_ terms: [(index: Int, print: Int64)], _ take: (Proposal) -> Bool) -> Bool {
    for number in choiceProductions {
      let condition = bank.grammar.productions[number].arguments[0]
      var chosen = Array(repeating: Int64(0), count: min(Self.moreBranches, terms.count))
      for (rank, test) in valued(condition).enumerated() {
        if rank % 1_024 == 0, isOver() { return true }
        let row = bank.tables[condition].row(test.index)
        let count = min(chosen.count, rank < Self.shortTests ? Self.moreBranches : Self.branches)
        for place in 0..<count {
          let values = bank.tables[0].row(terms[place].index)
          var sum: Int64 = 0
          for lane in 0..<lanes { sum &+= (0 &- row[lane]) & (factors[lane] &* values[lane]) }
          chosen[place] = sum
        }
        for a in 0..<count {
          for b in 0..<min(count, a < Self.branches ? Self.branches : 4) where a != b {
            let print = chosen[a] &+ terms[b].print &- chosen[b]
            guard filter[Int(UInt64(bitPattern: print) >> 48)], let goal = goals[print] else { continue }
            let parts = [
              program(condition, test.index), program(0, terms[a].index), program(0, terms[b].index),
            ]
            if take((goal, language.original(number, parts))) { return true }
          }
        }
      }
    }
    return false
  }

  /// T = (ite C A B), where C compares two terms and is not stored itself.
  private func compared(_ terms: [(index: Int, print: Int64)], _ take: (Proposal) -> Bool) -> Bool {
    let few = terms.prefix(Self.fewBranches)
    var chosen = Array(repeating: Int64(0), count: few.count)
    for number in choiceProductions {
      let condition = bank.grammar.productions[number].arguments[0]
      let compared = terms.prefix(Self.mostCompared).map(\.index)
      let isDone = comparisons(compared, sides: Self.comparedSides, condition, isOver) { test, first, second, truth in
        for (place, branch) in few.enumerated() {
          let values = bank.tables[0].row(branch.index)
          var sum: Int64 = 0
          for lane in 0..<lanes { sum &+= (0 &- truth[lane]) & (factors[lane] &* values[lane]) }
          chosen[place] = sum
        }
        for a in few.indices {
          for b in few.indices where a != b {
            let print = chosen[a] &+ few[b].print &- chosen[b]
            guard filter[Int(UInt64(bitPattern: print) >> 48)], let goal = goals[print] else { continue }
            let parts = [
              language.original(test, [program(0, first), program(0, second)]), program(0, few[a].index),
              program(0, few[b].index),
            ]
            if take((goal, language.original(number, parts))) { return true }
          }
        }
        return false
      }
      if isDone { return true }
    }
    return false
  }

  /// Hands over comparisons of one of the first terms with any other, each way to divide the points once, until `take` says that
  /// it is enough; true when it did, or time is over. Of a comparison: its production, the two terms, and where it holds.
  func comparisons(
    _ terms: [Int], sides count: Int, _ condition: Int, _ isOver: () -> Bool,
    _ take: (_ production: Int, _ first: Int, _ second: Int, _ truth: UnsafePointer<Int64>) -> Bool
  ) -> Bool {
    let grammar = bank.grammar
    let productions = grammar.nonterminals[condition].productions.filter {
      [.operation(.equal), .operation(.less)].contains(grammar.productions[$0].symbol)
        && grammar.productions[$0].arguments == [0, 0]
    }
    let sides = terms.prefix(count)
    var truth = Array(repeating: Int64(0), count: lanes)
    var bits = Array(repeating: UInt64(0), count: (lanes + 63) / 64)
    var met: Set<[UInt64]> = []
    for (rank, term) in terms.enumerated() {
      if rank % 256 == 0, isOver() { return true }
      for number in productions {
        let isEqual = grammar.productions[number].symbol == .operation(.equal)
        for side in sides where side != term {
          for (a, b) in isEqual ? [(side, term)] : [(side, term), (term, side)] {
            let (first, second) = (bank.tables[0].row(a), bank.tables[0].row(b))
            for word in bits.indices { bits[word] = 0 }
            for lane in truth.indices {
              let holds = isEqual ? first[lane] == second[lane] : first[lane] < second[lane]
              truth[lane] = holds ? 1 : 0
              bits[lane >> 6] |= (holds ? 1 : 0) << UInt64(lane & 63)
            }
            guard met.insert(bits).inserted else { continue }
            if truth.withUnsafeBufferPointer({ take(number, a, b, $0.baseAddress!) }) { return true }
          }
        }
      }
    }
    return false
  }

  /// T = (+ A B) and (- A B).
  private func pairs(_ terms: [(index: Int, print: Int64)], _ take: (Proposal) -> Bool) {
    let grammar = bank.grammar
    var known: [Int64: Int] = [:]
    for term in terms where known[term.print] == nil { known[term.print] = term.index }
    let first = goals.sorted { $0.value < $1.value }.prefix(Self.pairGoals)
    for number in grammar.nonterminals[0].productions {
      let production = grammar.productions[number]
      guard production.arguments == [0, 0] else { continue }
      let isSum = production.symbol == .operation(.add)
      guard isSum || production.symbol == .operation(.subtract) else { continue }
      for (print, goal) in first {
        for term in terms {
          // A + B: B is the rest; A - B: A is the goal and B together.
          guard let other = known[isSum ? print &- term.print : print &+ term.print] else { continue }
          let parts = isSum ? [term.index, other] : [other, term.index]
          if take((goal, language.original(number, parts.map { program(0, $0) }))) { return }
        }
      }
    }
  }

  func program(_ nonterminal: Int, _ index: Int) -> Program {
    language.original(bank.program(nonterminal, index))
  }
}
