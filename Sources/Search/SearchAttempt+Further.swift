import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// Programs beyond the complete levels: in languages with loops and lists, elsewhere on demand.
///
/// Each time the work has doubled, a `BackwardSearch` spends as much again as half of it, and where programs loop over one
/// integer a `LoopInversion` far more, most of it single operators on rows of eight words. Where programs are
/// transducers a `TransducerInversion` spends some hundred times as many operations, each a small part of what a whole program on
/// a stream takes. In time either is more than what the levels take; it ends once something is found. What they find and what
/// agrees with all examples is an upper bound of the shortest description length; the report says how far the search is
/// complete.
extension SearchAttempt {
  /// Bodies of loops; where nothing loops, what `ite` and macros like it decide on.
  static func earlyNonterminals(_ grammar: Grammar, _ branches: [Branches?]) -> [Bool] {
    if grammar.bindsVariables { return grammar.nonterminals.map(\.isOpen) }
    var early = Array(repeating: false, count: grammar.nonterminals.count)
    for (production, parts) in zip(grammar.productions, branches) {
      if let parts { early[production.arguments[parts.condition]] = true }
    }
    early[0] = false
    return early
  }

  /// Whether a prior is that of programs longer than asked for.
  func isTooLong(_ probability: Rational) -> Bool {
    configuration.maxBits.map { probability.isPrior(longerThan: $0) } ?? false
  }

  /// Steps of long proposals in a look; the 20 terms of a sequence of primes take some hundred thousand each.
  static let mostLongSteps: UInt64 = 300_000_000

  func lookFurther() {
    // Bodies of loops get as much work as everything else: what is long in most solutions is one body. So do conditions.
    while earlyWork.reduce(0, +) < totalWork, stop == nil, storeEarly() {}
    guard stop == nil, totalWork >= nextLook else { return }
    let (clock, start) = (ContinuousClock(), ContinuousClock.now)
    defer { timeBeyondLevels += clock.now - start }
    nextLook = totalWork * 2
    longSteps = Self.mostLongSteps
    // What a look costs is not counted among the lookups of the complete levels: a resumed run has the same counts.
    let before = (goal.lookups, goal.filtered)
    defer { (goal.lookups, goal.filtered) = before }
    var refuted: Set<Program> = []
    goal.onHit = { [unowned self] _, _, derivation in
      guard conjecture == nil, missed.isEmpty else { return }
      let program = goal.program(derivation)
      guard !isTooLong(grammar.probability(of: program)), refuted.insert(program).inserted else { return }
      let wrong = wrongExamples(program)
      if wrong.isEmpty { conjecture = program } else { missed = Array(wrong.prefix(8)) }
    }
    defer { goal.onHit = { _, _, _ in } }
    BackwardSearch(goal, work: totalWork * 0.5).run { [unowned self] in
      conjecture != nil || !missed.isEmpty || stop != nil
    }
    if conjecture == nil, missed.isEmpty, stop == nil, LoopInversion.applies(grammar) {
      conjecture = LoopInversion(self, work: totalWork * 4).run { [unowned self] in
        isOver(bank, lookupsDone) != nil
      }
    }
    if conjecture == nil, missed.isEmpty, stop == nil {
      conjecture = TransducerInversion.search(self, work: totalWork * 64) { [unowned self] in
        isOver(bank, lookupsDone) != nil
      }
    }
    if let program = conjecture, isTooLong(grammar.probability(of: program)) { conjecture = nil }
    // The complete search goes on for a while: a shorter program may be near.
    if conjecture != nil { workWhenFound = totalWork }
  }
}

extension Rational {
  /// Whether programs of this prior are longer than so many bits.
  func isPrior(longerThan bits: Int) -> Bool { self * Rational(BigInteger(1) << bits) < 1 }
}
