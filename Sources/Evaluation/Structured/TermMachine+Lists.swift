import Grammars

/// Operators on lists, pairs and integers that run no lambda.
extension TermMachine {
  func evaluateStructured(_ node: TermStore.Node) -> Int64 {
    let a = evaluate(node.a)
    if a == Value.noValueWord { return a }
    if node.head.isUnary { return compute(node.head, a, 0) }
    let b = evaluate(node.b)
    if b == Value.noValueWord { return b }
    return compute(node.head, a, b)
  }

  /// An operator without a lambda on values of its arguments.
  func compute(_ head: TermStore.Head, _ a: Int64, _ b: Int64) -> Int64 {
    switch head {
    case .pair:
      push(a)
      push(b)
      return popList(from: state.pointee.top - 2)
    case .gcd: return greatestCommonDivisor(a, b)
    case .isqrt: return a < 0 ? fail(.outOfRange) : Int64(integerSquareRoot(UInt64(a)))
    case .length, .last, .sum, .product: return reduced(head, a)
    case .nth, .index, .number: return looked(head, a, b)
    case .digits: return digits(base: a, of: b)
    default: return rearranged(head, a, b)
    }
  }

  private func reduced(_ head: TermStore.Head, _ list: Int64) -> Int64 {
    let elements = state.pointee.lists.list(list)
    guard step(UInt64(elements.count)) else { return Value.noValueWord }
    switch head {
    case .length: return Int64(elements.count)
    case .last: return elements.last ?? fail(.outOfRange)
    case .sum: return elements.sum() ?? fail(.overflow)
    default: return elements.product() ?? fail(.overflow)
    }
  }

  private func looked(_ head: TermStore.Head, _ a: Int64, _ list: Int64) -> Int64 {
    let elements = state.pointee.lists.list(list)
    guard step(UInt64(elements.count)) else { return Value.noValueWord }
    switch head {
    case .nth: return elements.indices.contains(Int(a)) ? elements[Int(a)] : fail(.outOfRange)
    case .index: return Int64(elements.firstIndex(of: a) ?? elements.count)
    default: return elements.number(base: a) ?? fail(.overflow)
    }
  }

  private func digits(base: Int64, of n: Int64) -> Int64 {
    if base < 2 || n < 0 { return fail(.outOfRange) }
    let start = state.pointee.top
    var rest = n
    repeat {
      guard step() else { return abandon(start) }
      push(rest % base)
      rest /= base
    } while rest > 0
    return popList(from: start)
  }

  private func abandon(_ start: Int) -> Int64 {
    state.pointee.top = start
    return Value.noValueWord
  }

  /// A list from one or two others.
  private func rearranged(_ head: TermStore.Head, _ a: Int64, _ b: Int64) -> Int64 {
    let start = state.pointee.top
    let lists = state.pointee.lists
    let list = lists.list(head.isUnary ? a : b)
    switch head {
    case .reverse: for element in list.reversed() { push(element) }
    case .sort: for element in list.sorted() { push(element) }
    case .unique:
      for (position, element) in list.enumerated() where !list[..<position].contains(element) { push(element) }
    case .fit:
      if a < 0 { return fail(.outOfRange) }
      guard step(UInt64(a)) else { return Value.noValueWord }
      for position in 0..<Int(a) { push(position < list.count ? list[position] : 0) }
      return popList(from: start)
    case .cons:
      push(a)
      for element in list { push(element) }
    case .append:
      for element in lists.list(a) { push(element) }
      for element in list { push(element) }
    case .before: for element in list.prefix(while: { $0 != a }) { push(element) }
    case .after: for element in list.drop(while: { $0 != a }).dropFirst() { push(element) }
    case .take: for element in list.prefix(Int(max(0, a))) { push(element) }
    case .drop: for element in list.dropFirst(Int(max(0, a))) { push(element) }
    case .stride:
      if a < 1 { return fail(.outOfRange) }
      var position = 0
      while position < list.count {
        push(list[position])
        position += min(Int(a), list.count)
      }
    default: preconditionFailure("\(head) makes no list")
    }
    guard step(UInt64(state.pointee.top - start)) else { return abandon(start) }
    return popList(from: start)
  }
}

extension TermStore.Head {
  fileprivate var isUnary: Bool {
    switch self {
    case .isqrt, .reverse, .sort, .unique, .last, .length, .sum, .product: true
    default: false
    }
  }
}

// MARK: - Undoing

extension TermMachine {
  /// The argument at `position` for which the operator gives `result`, beside the other argument; no value where there is none.
  func undo(_ head: TermStore.Head, _ position: Int, _ result: Int64, _ known: Int64) -> Int64 {
    let none = Value.noValueWord
    let lists = state.pointee.lists
    let whole = lists.list(result)
    let start = state.pointee.top
    switch (head, position) {
    case (.reverse, _): return compute(.reverse, result, 0)
    case (.cons, 0):
      let rest = lists.list(known)
      guard whole.count == rest.count + 1, rest.elementsEqual(whole.dropFirst()) else { return none }
      return whole[0]
    case (.cons, _):
      guard whole.first == known else { return none }
      for element in whole.dropFirst() { push(element) }
    case (.append, 0):
      let end = lists.list(known)
      guard whole.count >= end.count, end.elementsEqual(whole.suffix(end.count)) else { return none }
      for element in whole.dropLast(end.count) { push(element) }
    case (.append, _):
      let beginning = lists.list(known)
      guard whole.count >= beginning.count, beginning.elementsEqual(whole.prefix(beginning.count)) else { return none }
      for element in whole.dropFirst(beginning.count) { push(element) }
    case (.digits, _):
      guard known > 1 else { return none }
      let number = compute(.number, known, result)
      guard number != none, number >= 0 else { return none }
      // The operator has its steps to itself.
      state.pointee.steps = 0
      return compute(.digits, known, number) == result ? number : none
    case (.fit, _):
      let count = Int64(whole.count)
      return compute(.fit, count, known) == result ? count : none
    default: preconditionFailure("\(head) is not undone")
    }
    return popList(from: start)
  }
}
