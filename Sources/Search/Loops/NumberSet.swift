import Evaluation
import Grammars

/// The numbers 0, 1, 2, … that pass a test, as far as they were asked for: those at which a sum stands so to a term.
final class NumberSet {
  let test: Program
  private let sum: NumberFunction
  private let relation: SumSearch.Relation
  private let term: NumberFunction
  /// Members below `next`, in rising order.
  private var members: [Int64] = []
  private var next = 0

  init(_ sum: NumberFunction, _ relation: SumSearch.Relation, _ term: NumberFunction, test: Program) {
    self.sum = sum
    self.relation = relation
    self.term = term
    self.test = test
  }

  /// Nil where the test has no value.
  func contains(_ number: Int) -> Bool? {
    guard let sum = sum.value(number), let term = term.value(number) else { return nil }
    return relation == .equal ? sum == term : relation == .less ? sum < term : term < sum
  }

  /// The member number k from 0, when the numbers up to `limit` tell it.
  func member(_ k: Int64, upTo limit: Int) -> Int64? {
    while members.count <= k, next <= limit, advance() {}
    return members.indices.contains(Int(clamping: k)) ? members[Int(k)] : nil
  }

  /// Which member a number is; nil when it is none, or is beyond `limit`.
  func place(of number: Int64, upTo limit: Int) -> Int64? {
    guard 0 <= number, number <= limit, contains(Int(number)) == true else { return nil }
    while next <= number { if !advance() { return nil } }
    return members.firstIndex(of: number).map { Int64($0) }
  }

  private func advance() -> Bool {
    guard let isMember = contains(next) else { return false }
    if isMember { members.append(Int64(next)) }
    next += 1
    return true
  }
}
