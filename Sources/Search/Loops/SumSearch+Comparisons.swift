import Evaluation
import Grammars

/// Terms whose sums tell numbers apart.
extension SumSearch {
  enum Relation { case equal, less, greater }

  /// How a sum must stand to a known row on the numbers that pass, and on no others.
  struct Test {
    let relation: Relation
    let row: [Int64]

    func passes(_ sum: Int64, _ number: Int) -> Bool {
      switch relation {
      case .equal: sum == row[number]
      case .less: sum < row[number]
      case .greater: sum > row[number]
      }
    }
  }

  /// Terms of a choice that tests are tried with.
  private static let testBranches = 8

  /// Stores terms within some work; then hands over those T, single terms and choices, whose sums pass a test on the right
  /// numbers, until `take` says that it is enough. The proposal's goal is the number of the test.
  func run(
    work: Double, _ tests: [Test], passes: [Bool], _ isOver: @escaping () -> Bool, _ take: (Proposal) -> Bool
  ) {
    store(work: work, isOver)
    if isOver() { return }
    var sums = Array(repeating: Int64(0), count: passes.count)
    func propose(_ program: () -> Program) -> Bool {
      for (number, test) in tests.enumerated()
      where passes.indices.allSatisfy({ test.passes(sums[$0], $0) == passes[$0] }) {
        if take((number, program())) { return true }
      }
      return false
    }
    let terms = valued(0)
    for term in terms {
      sums = self.sums(term.index, where: nil, passes.count)
      if propose({ program(0, term.index) }) { return }
    }
    let short = terms.prefix(Self.testBranches)
    let whole = short.map { self.sums($0.index, where: nil, passes.count) }
    for number in choiceProductions {
      let condition = bank.grammar.productions[number].arguments[0]
      for test in valued(condition) {
        let chosen = short.map { self.sums($0.index, where: (condition, test.index), passes.count) }
        for a in short.indices {
          for b in short.indices where a != b {
            for place in sums.indices { sums[place] = chosen[a][place] &+ whole[b][place] &- chosen[b][place] }
            let isOver = propose {
              language.original(
                number, [program(condition, test.index), program(0, short[a].index), program(0, short[b].index)])
            }
            if isOver { return }
          }
        }
      }
    }
  }

  /// The sums of a term by example, over the points where a test holds.
  private func sums(_ index: Int, where test: (nonterminal: Int, index: Int)?, _ count: Int) -> [Int64] {
    var sums = Array(repeating: Int64(0), count: count)
    let row = bank.tables[0].row(index)
    let condition = test.map { bank.tables[$0.nonterminal].row($0.index) }
    for lane in 0..<lanes {
      guard let owner = owners[lane], condition?[lane] != 0 else { continue }
      sums[owner] &+= row[lane]
    }
    return sums
  }
}
