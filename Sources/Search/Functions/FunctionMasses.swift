import ExactArithmetic
import Grammars

/// The total prior of all programs of every function, from below, in units of `FunctionUnit`.
///
/// The masses x are the least non-negative solution of x_f = Σ P(symbol) · x_g · x_h over all symbols and arguments with
/// symbol(g, h) = f: the termination masses of a grammar that has a nonterminal for each function. The functions of a
/// nonterminal N add up to its termination mass T_N, and so each step of x ↦ F(x) leads from sums of at most T to such sums.
/// Hence what decides:
///
/// > If l ≤ F(l) and the functions of every N have sums of at most T_N in l, then l ≤ x.
///
/// For the iterates of l rise, their sums stay at most T, and so they rise to a solution y with sums of at most T. The least
/// solution x ≤ y has sums T, hence y = x. Candidates for l come from floating point (`FunctionNewton`, `BooleanFunctions`), with
/// residuals in exact numbers; both conditions are then checked in integers, rounded against us. What is left of T_N bounds
/// every function of N from above.
///
/// - Complexity: that of a proposal, and some dozen values of F in integers.
/// - Source: Etessami & Yannakakis 2009 (systems of this kind).
struct FunctionMasses<System: FunctionSystem> {
  private let system: System
  private let totals: [RationalInterval]
  private var lower: [[BigInteger]]

  /// - Parameter totals: the termination mass of every nonterminal.
  static func lowerBounds(_ system: System, totals: [RationalInterval]) -> [[BigInteger]] {
    var masses = FunctionMasses(
      system: system, totals: totals, lower: system.counts.map { Array(repeating: 0, count: $0) })
    for component in stronglyConnectedComponents(system.grammar.argumentGraph) { masses.solve(component) }
    return masses.lower
  }

  private mutating func solve(_ component: [Int]) {
    let grammar = system.grammar
    let members = Set(component)
    let isRecursive = component.contains { member in
      grammar.nonterminals[member].productions.contains {
        grammar.productions[$0].arguments.contains(where: members.contains)
      }
    }
    guard isRecursive else { return step(component) }
    if let found = system.proposal(component, known: lower, totals: totals) {
      let (v, w) = (
        found.direction.map { $0.map(FunctionUnit.scaled) }, found.correction.map { $0.map(FunctionUnit.scaled) }
      )
      for exponent in stride(from: FunctionUnit.bits / 2 - 8, through: 8, by: -4) {
        let candidate = component.indices.map { member in
          found.masses[member].indices.map { function in
            let less = v[member][function] >> exponent + w[member][function] >> (2 * exponent)
            return max(0, found.masses[member][function] - less)
          }
        }
        if isBelow(candidate, component) {
          for (member, masses) in zip(component, candidate) { lower[member] = masses }
          return
        }
      }
    }
    for _ in 0..<Self.plainSteps { step(component) }
  }

  /// Steps x ↦ F(x) from 0 where no candidate stands the test.
  private static var plainSteps: Int { 200 }

  private mutating func step(_ component: [Int]) {
    let next = component.map { value($0) }
    for (member, masses) in zip(component, next) { lower[member] = masses }
  }

  /// Whether the conditions hold for masses of a component.
  private func isBelow(_ candidate: [[BigInteger]], _ component: [Int]) -> Bool {
    var trial = self
    for (member, masses) in zip(component, candidate) {
      let sum = Rational(masses.reduce(0, +), BigInteger(1) << FunctionUnit.bits)
      guard sum <= totals[member].lower else { return false }
      trial.lower[member] = masses
    }
    return zip(component, candidate).allSatisfy { member, masses in
      zip(masses, trial.value(member)).allSatisfy { $0 <= $1 }
    }
  }

  /// F at the lower bounds, rounded down.
  private func value(_ nonterminal: Int) -> [BigInteger] { system.value(nonterminal, at: lower) }
}
