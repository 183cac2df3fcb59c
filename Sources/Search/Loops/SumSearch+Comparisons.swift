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
  /// Numbers that tell most loops to be of no use.
  static let beginning = 8

  /// Whether some row that begins with these values may match.
  func mayMatch(_ beginning: UnsafeBufferPointer<Int64>) -> Bool {
    if !sets.isEmpty {
      var odd: UInt8 = 0
      for number in 0..<Self.beginning { odd |= UInt8(truncatingIfNeeded: beginning[number] & 1) << UInt8(number) }
      if sets.begin(odd) || sets.begin(~odd) { return true }
      for row in rows {
        var (equal, less) = (UInt8(0), UInt8(0))
        for number in 0..<Self.beginning {
          equal |= (beginning[number] == row[number] ? 1 : 0) << UInt8(number)
          less |= (beginning[number] < row[number] ? 1 : 0) << UInt8(number)
        }
        if sets.begin(equal) || sets.begin(less) || sets.begin(~(equal | less)) { return true }
      }
    }
    return outer.contains { outer in
      (0..<Self.beginning).allSatisfy { number in
        outer.row[number].map { outer.gives(beginning[number], $0) } ?? true
      }
    }
  }

  /// Hands over all that sums match, until `take` says that it is enough; true when it did.
  func match(_ sums: [Int64], _ take: (SumSearch.Match) -> Bool) -> Bool {
    func passes(_ numbers: UInt16, _ relation: SumSearch.Relation, _ row: Int) -> Bool {
      sets.contains(numbers) && sets.matches(numbers).contains { take(.passes(relation, row: row, set: $0)) }
    }
    if !sets.isEmpty {
      var odd: UInt16 = 0
      for number in 0..<NumberSets.count { odd |= UInt16(truncatingIfNeeded: sums[number] & 1) << UInt16(number) }
      if passes(odd, .odd, 0) || passes(~odd, .even, 0) { return true }
      for (place, row) in rows.enumerated() {
        var (equal, less) = (UInt16(0), UInt16(0))
        for number in 0..<NumberSets.count {
          equal |= (sums[number] == row[number] ? 1 : 0) << UInt16(number)
          less |= (sums[number] < row[number] ? 1 : 0) << UInt16(number)
        }
        if passes(equal, .equal, place) || passes(less, .less, place) || passes(~(equal | less), .greater, place) {
          return true
        }
      }
    }
    for (place, outer) in outer.enumerated() {
      let fits = (0..<NumberSets.count).allSatisfy { number in
        outer.row[number].map { outer.gives(sums[number], $0) } ?? true
      }
      if fits, take(.outer(place)) { return true }
    }
    return false
  }
}
