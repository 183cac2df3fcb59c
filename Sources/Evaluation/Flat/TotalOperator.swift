import Grammars

/// An operator on bit vectors or permutations, with what it takes: it has a value on all words of these sorts.
package struct TotalOperator: Hashable, Sendable {
  let op: Operator
  /// Bits of the arguments, or points of the permutations.
  let width: Int32
  let other: Int32

  /// Nil for operators of other sorts, and for those that words are enough for: whether two are equal, and choices.
  init?(_ op: Operator, _ sorts: [Sort]) {
    switch (op, sorts[0]) {
    case (.ite, _), (.equal, _), (.distinct, _): return nil
    case (_, .bitVector), (_, .permutation): break
    default: return nil
    }
    self.op = op
    width = Int32(sorts[0].width)
    other = Int32(sorts[sorts.count - 1].width)
  }

  package var arity: Int { op.arity }
  var code: FlatMachine.Code { arity == 1 ? .totalUnary : .totalBinary }

  @inline(__always)
  func callAsFunction(_ x: Int64, _ y: Int64) -> Int64 {
    switch op {
    case .compose, .inverse: op.permuted(x, y, Int(width))
    default: op.bits(x, y, Int(width), Int(other))
    }
  }
}

extension FlatMachine {
  /// Those among some symbols, each once.
  static func totals(_ symbols: [Symbol]) -> UnsafeMutableBufferPointer<TotalOperator> {
    var found: [TotalOperator] = []
    for case .total(let total) in symbols where !found.contains(total) { found.append(total) }
    let totals = UnsafeMutableBufferPointer<TotalOperator>.allocate(capacity: found.count)
    _ = totals.initialize(from: found)
    return totals
  }

  /// The number of an operator of the grammar; the same in every machine for it.
  package func number(of total: TotalOperator) -> Int {
    guard let number = state.pointee.totals.firstIndex(of: total) else { preconditionFailure("\(total.op.head)") }
    return number
  }

  func append(_ total: TotalOperator) { append(total.code, Int64(number(of: total))) }
}
