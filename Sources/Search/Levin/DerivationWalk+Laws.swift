import Evaluation
import Grammars

/// Programs that are not run because another one stands for them.
///
/// A law removes a program only where one of the same nonterminal, visited too, has the same value on every input (*no
/// value* included, where both fail), at least the prior and at most the steps. Repeated, this ends: every survivor has
/// fewer symbols, or as many and comes earlier.
extension DerivationWalk {
  enum Judgement { case kept, removed, doubled }

  /// Whether a complete operator is kept, and what is known of its value without running it.
  @inline(__always)
  func judge(
    _ production: UnsafeMutablePointer<WalkTables.Production>, _ frame: UnsafeMutablePointer<Frame>, _ last: Part,
    _ result: inout Part
  ) -> Judgement {
    if !production.pointee.law.isKnown {
      if production.pointee.isUnit {
        (result.known, result.word) = (last.known, last.word)
      }
      return .kept
    }
    if usesLaws, production.pointee.count <= 2 {
      if production.pointee.count == 1 {
        if isRemoved(production, last, Part(), &result) { return .removed }
      } else if isRemoved(production, frame.pointee.first, last, &result) {
        return .removed
      }
    }
    guard production.pointee.isSwappable, mergesCopies, isMerged(production) else { return .kept }
    return compare(frame.pointee.first.start, last.start)
  }

  /// Whether a program without the operator, or a constant, stands for it; its value when that is known.
  @inline(__always)
  private func isRemoved(
    _ production: UnsafeMutablePointer<WalkTables.Production>, _ a: Part, _ b: Part, _ result: inout Part
  ) -> Bool {
    // No law speaks of arguments that are neither.
    guard a.known != Part.Known.nothing || b.isConstant else { return false }
    return isRemovedByLaw(production, a, b, &result)
  }

  @inline(never)
  private func isRemovedByLaw(
    _ production: UnsafeMutablePointer<WalkTables.Production>, _ a: Part, _ b: Part, _ result: inout Part
  ) -> Bool {
    if standsForShorter(production, a, b) { return true }
    guard a.isConstant, production.pointee.count == 1 || b.isConstant,
      let word = folded(production.pointee.kind, a.word, b.word)
    else { return false }
    if production.pointee.law.constants.contains(word) { return true }
    (result.known, result.word) = (Part.Known.constant, word)
    return false
  }

  /// In streams, prefixes that end early must keep their own prior: only bodies are merged there.
  @inline(__always)
  func isMerged(_ production: UnsafeMutablePointer<WalkTables.Production>) -> Bool {
    goal == .outputs || production.pointee.isOpen
  }

  /// The order of the two arguments, the second of which ends with the code.
  private func compare(_ first: Int32, _ second: Int32) -> Judgement {
    let (a, b) = (code + Int(first), code + Int(second))
    let count = min(b - a, code + codeTop - b)
    var index = 0
    while index < count {
      if a[index] != b[index] { return a[index] < b[index] ? .doubled : .removed }
      index += 1
    }
    return .kept
  }

  private func standsForShorter(
    _ production: UnsafeMutablePointer<WalkTables.Production>, _ a: Part, _ b: Part
  ) -> Bool {
    let law = production.pointee.law
    func isConstant(_ part: Part, _ word: Int64) -> Bool { part.isConstant && part.word == word }
    if let first = law.neutral.0, law.standsAlone.1, isConstant(a, first) { return true }
    if let second = law.neutral.1, law.standsAlone.0, isConstant(b, second) { return true }
    if let word = law.absorbing {
      if law.standsAlone.0, isConstant(a, word), b.isVariable || law.absorbsAll { return true }
      if law.standsAlone.1, isConstant(b, word), a.isVariable || law.absorbsAll { return true }
    }
    guard a.isVariable, b.isVariable, a.word == b.word else { return false }
    switch law.onEqual {
    case .zero: return law.constants.contains(0)
    case .variable: return law.standsAlone.0
    case .unknown: return false
    }
  }

  /// Whether a choice with this condition is one of its branches.
  func removesBranch(_ production: UnsafeMutablePointer<WalkTables.Production>, _ condition: Part) -> Bool {
    guard usesLaws, condition.isConstant else { return false }
    let law = production.pointee.law
    return condition.word == 1 ? law.standsAlone.1 : law.standsAlone.2
  }

  /// The value of an operator on constants, when it has one.
  private func folded(_ symbol: WalkTables.Kind, _ x: Int64, _ y: Int64) -> Int64? {
    let word: Int64
    switch symbol {
    case .unary(let code, let detail): word = machine.unary(code, detail, x)
    case .binary(let code, let detail): word = machine.binary(code, detail, x, y)
    default: return nil
    }
    return isNone(word) ? nil : word
  }
}
