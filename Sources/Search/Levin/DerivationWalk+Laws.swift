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
  func judge(_ production: WalkTables.Production, _ frame: Frame, _ last: Part, _ result: inout Part) -> Judgement {
    if case .unit = production.kind {
      (result.isConstant, result.isVariable, result.word) = (last.isConstant, last.isVariable, last.word)
      return .kept
    }
    let law = production.law
    if case .none = law.operation { return .kept }
    let count = production.count
    if usesLaws {
      let (a, b) = count == 1 ? (last, Part()) : (frame.first, last)
      if count <= 2, standsForShorter(law, a, b, count) { return .removed }
      if count <= 2, a.isConstant, count == 1 || b.isConstant, let word = folded(production.kind, a.word, b.word) {
        if law.constants.contains(word) { return .removed }
        (result.isConstant, result.word) = (true, word)
      }
    }
    guard production.isSwappable, mergesCopies, isMerged(frame) else { return .kept }
    return compare(frame.first.start, last.start)
  }

  /// In streams, prefixes that end early must keep their own prior: only bodies are merged there.
  func isMerged(_ frame: Frame) -> Bool {
    goal == .outputs || tables.productions[Int(frame.production)].isOpen
  }

  /// The order of the two arguments, the second of which ends with the code.
  private func compare(_ first: Int32, _ second: Int32) -> Judgement {
    let (a, b) = (Int(first), Int(second))
    for index in 0..<min(b - a, codeTop - b) where code[a + index] != code[b + index] {
      return code[a + index] < code[b + index] ? .doubled : .removed
    }
    return .kept
  }

  private func standsForShorter(_ law: WalkLaw, _ a: Part, _ b: Part, _ count: Int) -> Bool {
    func isConstant(_ part: Part, _ word: Int64) -> Bool { part.isConstant && part.word == word }
    switch law.operation {
    case .add: return law.standsAlone.0 && isConstant(b, 0) || law.standsAlone.1 && isConstant(a, 0)
    case .subtract:
      if law.standsAlone.0 && isConstant(b, 0) { return true }
      return a.isVariable && b.isVariable && a.word == b.word && law.constants.contains(0)
    case .multiply:
      if law.standsAlone.0 && isConstant(b, 1) || law.standsAlone.1 && isConstant(a, 1) { return true }
      return law.standsAlone.0 && isConstant(a, 0) && b.isVariable
        || law.standsAlone.1 && isConstant(b, 0) && a.isVariable
    case .divide: return law.standsAlone.0 && isConstant(b, 1)
    default: return false
    }
  }

  /// Whether a choice with this condition is one of its branches.
  func removesBranch(_ production: WalkTables.Production, _ condition: Part) -> Bool {
    guard usesLaws, condition.isConstant else { return false }
    return condition.word == 1 ? production.law.standsAlone.1 : production.law.standsAlone.2
  }

  /// The value of an operator on constants, when it has one.
  private func folded(_ symbol: WalkTables.Kind, _ x: Int64, _ y: Int64) -> Int64? {
    let word: Int64
    switch symbol {
    case .unary(let code): word = machine.unary(code, x)
    case .binary(let code, let detail): word = machine.binary(code, detail, x, y)
    default: return nil
    }
    return word == Value.noValueWord ? nil : word
  }
}
