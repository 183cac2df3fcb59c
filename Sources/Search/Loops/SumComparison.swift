import Evaluation
import Grammars

/// One pass over the terms of a `SumSearch`: single ones, choices, and sums of two that count.
final class SumComparison {
  /// The test of a choice: a stored one, or a comparison of two stored terms.
  private enum Test {
    case stored(nonterminal: Int, index: Int)
    case compared(production: Int, Int, Int)
  }

  /// A term as what it is made of: its program is written when it is asked for.
  private indirect enum Form {
    case single(Int)
    case choice(production: Int, Test, then: Int, otherwise: Int)
    case sum(production: Int, Form, Form)
  }

  /// Terms of a choice for stored tests, and for others beside the constants 0 and 1.
  private static let branches = 10
  private static let fewBranches = 2
  /// Terms that all stored terms are compared with.
  private static let sides = 6

  private let search: SumSearch
  private let bank: ClassBank
  private let comparisons: SumSearch.Comparisons
  /// Of so many conditions two are counted together: that takes about as long as storing did.
  private let mostCounting: Int
  private let isOver: () -> Bool
  private let take: (SumSearch.Match, Program) -> Bool
  private let terms: [(index: Int, print: Int64)]
  private let short: [Int]
  private let whole: [[Int64]]
  /// Places of the constants among the short terms, and of few terms with them.
  private let one, zero: Int?
  private let few: [Int]
  private var counting: [(sums: [Int64], form: Form)] = []
  private var seen: Set<[Int64]> = []
  private var sums = Array(repeating: Int64(0), count: NumberSets.count)

  init(
    _ search: SumSearch, _ comparisons: SumSearch.Comparisons, mostCounting: Int, _ isOver: @escaping () -> Bool,
    _ take: @escaping (SumSearch.Match, Program) -> Bool
  ) {
    self.search = search
    bank = search.bank
    self.comparisons = comparisons
    self.mostCounting = mostCounting
    self.isOver = isOver
    self.take = take
    terms = search.valued(0)
    short = terms.prefix(Self.branches).map(\.index)
    whole = short.map { search.sums($0, where: nil) }
    let rows = short.map { search.bank.tables[0].row($0) }
    func constant(_ value: Int64) -> Int? {
      rows.firstIndex { row in (0..<search.lanes).allSatisfy { row[$0] == value } }
    }
    (one, zero) = (constant(1), constant(0))
    let constants = [one, zero].compactMap { $0 }
    few = constants + short.indices.filter { !constants.contains($0) }.prefix(Self.fewBranches)
  }

  func run() {
    for term in terms where match(search.sums(term.index, where: nil), .single(term.index)) { return }
    for production in search.choiceProductions {
      let condition = bank.grammar.productions[production].arguments[0]
      if stored(condition, production) || compared(condition, production) { return }
    }
    pairs()
  }

  private func match(_ sums: [Int64], _ form: Form) -> Bool {
    comparisons.match(sums) { take($0, program(form)) }
  }

  /// Choices by stored tests.
  private func stored(_ condition: Int, _ production: Int) -> Bool {
    for (rank, test) in search.valued(condition).enumerated() {
      if rank % 1_024 == 0, isOver() { return true }
      let row = bank.tables[condition].row(test.index)
      if choices(row, .stored(nonterminal: condition, index: test.index), production, Array(short.indices)) {
        return true
      }
    }
    return false
  }

  /// Choices by a comparison of a short term with any other; each way to divide the points once.
  private func compared(_ condition: Int, _ production: Int) -> Bool {
    search.comparisons(terms.map(\.index), sides: Self.sides, condition, isOver) { number, a, b, truth in
      choices(truth, .compared(production: number, a, b), production, few)
    }
  }

  /// (ite test A B) for A and B among short terms.
  private func choices(_ truth: UnsafePointer<Int64>, _ test: Test, _ production: Int, _ branches: [Int]) -> Bool {
    let chosen = branches.map { search.sums(short[$0], where: truth) }
    for (first, a) in zip(chosen, branches) {
      for (second, b) in zip(chosen, branches) where a != b {
        for number in sums.indices { sums[number] = first[number] &+ whole[b][number] &- second[number] }
        let form = Form.choice(production: production, test, then: short[a], otherwise: short[b])
        if match(sums, form) { return true }
        if a == one, b == zero, counting.count < mostCounting, seen.insert(sums).inserted {
          counting.append((sums, form))
        }
      }
    }
    return false
  }

  /// Two counts together.
  private func pairs() {
    let grammar = bank.grammar
    let addition = grammar.nonterminals[0].productions.first {
      grammar.productions[$0].symbol == .operation(.add) && grammar.productions[$0].arguments == [0, 0]
    }
    guard let addition else { return }
    for (place, a) in counting.enumerated() {
      if place % 64 == 0, isOver() { return }
      for b in counting[..<place] {
        for number in sums.indices { sums[number] = a.sums[number] &+ b.sums[number] }
        if match(sums, .sum(production: addition, b.form, a.form)) { return }
      }
    }
  }

  private func program(_ form: Form) -> Program {
    switch form {
    case .single(let index): search.program(0, index)
    case .choice(let production, let test, let then, let otherwise):
      search.language.original(production, [program(test), search.program(0, then), search.program(0, otherwise)])
    case .sum(let production, let a, let b): search.language.original(production, [program(a), program(b)])
    }
  }

  private func program(_ test: Test) -> Program {
    switch test {
    case .stored(let nonterminal, let index): search.program(nonterminal, index)
    case .compared(let production, let a, let b):
      search.language.original(production, [search.program(0, a), search.program(0, b)])
    }
  }
}

extension SumSearch {
  /// The sums of a term by number, over the points where a test holds.
  fileprivate func sums(_ index: Int, where test: UnsafePointer<Int64>?) -> [Int64] {
    var sums = Array(repeating: Int64(0), count: NumberSets.count)
    let row = bank.tables[0].row(index)
    for lane in 0..<lanes {
      guard let owner = owners[lane], test?[lane] != 0 else { continue }
      sums[owner] &+= row[lane] &* times[lane]
    }
    return sums
  }
}
