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
  /// All such operators of a grammar and its definitions, each once.
  static func totals(of grammar: Grammar, _ symbols: [Symbol]) -> UnsafeMutableBufferPointer<TotalOperator> {
    var found: [TotalOperator] = []
    func add(_ total: TotalOperator) { if !found.contains(total) { found.append(total) } }
    for case .total(let total) in symbols { add(total) }
    func addAll(_ term: Term, _ parameters: [Sort]) -> Sort? {
      let sorts = term.arguments.compactMap { addAll($0, parameters) }
      switch term {
      case .lambda: return nil
      case .variable(let index): return parameters[index]
      case .constant(let value, _): return value.sort
      case .call(let index, _): return grammar.definitions[index].sort
      case .operation(let op, let arguments):
        guard sorts.count == arguments.count else { return nil }
        if let total = TotalOperator(op, sorts) { add(total) }
        return op.resultSort(of: sorts)
      }
    }
    for definition in grammar.definitions { _ = addAll(definition.body, definition.parameters.map(\.sort)) }
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
