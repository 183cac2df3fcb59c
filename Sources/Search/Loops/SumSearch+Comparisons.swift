import Evaluation
import Grammars

/// Terms whose sums, one for each number 0 … 15, pass a test that is wanted, or give a wanted row below an operator.
extension SumSearch {
  /// How a sum stands to a known row, or to 2.
  enum Relation { case equal, less, greater, even, odd }

  /// An operator with a constant above the sum.
  struct Outer {
    let isRemainder: Bool
    let constant: Int64
    /// What it must give, by number; nil where nothing is known.
    let row: [Int64?]

    func gives(_ sum: Int64, _ wanted: Int64) -> Bool {
      let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: constant)
      return
        (isRemainder ? (remainder < 0 ? remainder + constant : remainder) : remainder < 0 ? quotient - 1 : quotient)
        == wanted
    }

    /// Whether sums at the numbers 0, 1, … give what is wanted.
    func fits(_ sums: UnsafeBufferPointer<Int64>) -> Bool {
      sums.indices.allSatisfy { number in row[number].map { gives(sums[number], $0) } ?? true }
    }
  }

  /// What sums are compared with: rows by number; sets of the numbers that a test should pass; operators above.
  struct Comparisons {
    var rows: [[Int64]] = []
    var sets = NumberSets()
    var outer: [Outer] = []
  }

  enum Match {
    /// The numbers at which the sum stands so to a row (0 where the relation is to 2) are those of a set.
    case passes(Relation, row: Int, set: Int)
    case outer(Int)
  }

  /// Stores terms within some work; then hands over those T whose sums match, until `take` says that it is enough. Points
  /// belong to the numbers in rising order.
  func run(
    work limit: Double, _ comparisons: Comparisons, _ isOver: @escaping () -> Bool,
    _ take: @escaping (Match, Program) -> Bool
  ) {
    store(work: limit, isOver)
    if isOver() { return }
    SumComparison(self, comparisons, mostCounting: Int(limit.squareRoot()), isOver, take).run()
  }
}

extension SumSearch.Comparisons {
  /// Whether some row that begins so, with the values at the numbers 0 … 7, may match.
  func mayMatch(_ beginning: UnsafeBufferPointer<Int64>) -> Bool {
    let count = NumberSets.beginning
    if !sets.isEmpty {
      let odd = NumberSets.odd(beginning, count: count)
      if sets.mayBegin(odd) || sets.mayBegin(~odd) { return true }
      for row in rows {
        let (equal, less) = NumberSets.masks(beginning, row, count: count)
        if sets.mayBegin(equal) || sets.mayBegin(less) || sets.mayBegin(~(equal | less)) { return true }
      }
    }
    return outer.contains { $0.fits(beginning) }
  }

  /// Hands over all that sums match, until `take` says that it is enough; true when it did.
  func match(_ sums: [Int64], _ take: (SumSearch.Match) -> Bool) -> Bool {
    sums.withUnsafeBufferPointer { match($0, take) }
  }

  private func match(_ sums: UnsafeBufferPointer<Int64>, _ take: (SumSearch.Match) -> Bool) -> Bool {
    func passes(_ numbers: UInt16, _ relation: SumSearch.Relation, _ row: Int) -> Bool {
      sets.contains(numbers) && sets.matches(numbers).contains { take(.passes(relation, row: row, set: $0)) }
    }
    if !sets.isEmpty {
      let odd = NumberSets.odd(sums)
      if passes(odd, .odd, 0) || passes(~odd, .even, 0) { return true }
      for (place, row) in rows.enumerated() {
        let (equal, less) = NumberSets.masks(sums, row)
        if passes(equal, .equal, place) || passes(less, .less, place) || passes(~(equal | less), .greater, place) {
          return true
        }
      }
    }
    for (place, outer) in outer.enumerated() where outer.fits(sums) && take(.outer(place)) { return true }
    return false
  }
}
