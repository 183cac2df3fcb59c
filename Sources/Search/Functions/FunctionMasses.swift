import ExactArithmetic
import Grammars

/// The total prior of all programs of every function, from below, in numbers of `bits` binary places.
///
/// The masses x are the least non-negative solution of x_f = Σ P(symbol) · x_g · x_h over all symbols and arguments with
/// symbol(g, h) = f: the termination masses of a grammar that has a nonterminal for each function. The functions of a
/// nonterminal N add up to its termination mass T_N, and so each step of x ↦ F(x) leads from sums of at most T to such sums.
/// Hence what decides:
///
/// > If l ≤ F(l) and the functions of every N have sums of at most T_N in l, then l ≤ x.
///
/// For the iterates of l rise, their sums stay at most T, and so they rise to a solution y with sums of at most T. The least
/// solution x ≤ y has sums T, hence y = x. Candidates for l come from Newton's method in floating point, with residuals in
/// exact numbers; both conditions are then checked in integers, rounded against us. What is left of T_N bounds every
/// function of N from above.
///
/// - Complexity: of m functions, O(m³) floating-point operations and some dozen passes over all tuples in integers.
/// - Source: Etessami & Yannakakis 2009 (systems of this kind).
struct FunctionMasses {
  static let bits = 192
  /// Most functions of all nonterminals together.
  static let mostFunctions = 1_024

  private let table: FunctionTable
  private let totals: [RationalInterval]
  private var lower: [[BigInteger]]

  /// - Parameter totals: the termination mass of every nonterminal.
  static func lowerBounds(_ table: FunctionTable, totals: [RationalInterval]) -> [[BigInteger]] {
    var masses = FunctionMasses(
      table: table, totals: totals, lower: table.counts.map { Array(repeating: 0, count: $0) })
    for component in stronglyConnectedComponents(table.grammar.argumentGraph) { masses.solve(component) }
    return masses.lower
  }

  private mutating func solve(_ component: [Int]) {
    let members = Set(component)
    let isRecursive = component.contains { member in
      table.operations[member].contains { $0.arguments.contains(where: members.contains) }
    }
    guard isRecursive else { return step(component) }
    let newton = FunctionNewton(table, component, known: lower, totals: totals)
    if let found = newton.proposal() {
      let (v, w) = (found.direction.map { $0.map(Self.scaled) }, found.correction.map { $0.map(Self.scaled) })
      for exponent in stride(from: Self.bits / 2 - 8, through: 8, by: -4) {
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
  private static let plainSteps = 200

  private mutating func step(_ component: [Int]) {
    let next = component.map { value($0) }
    for (member, masses) in zip(component, next) { lower[member] = masses }
  }

  /// Whether the conditions hold for masses of a component.
  private func isBelow(_ candidate: [[BigInteger]], _ component: [Int]) -> Bool {
    var trial = self
    for (member, masses) in zip(component, candidate) {
      let sum = Rational(masses.reduce(0, +), BigInteger(1) << Self.bits)
      guard sum <= totals[member].lower else { return false }
      trial.lower[member] = masses
    }
    return zip(component, candidate).allSatisfy { member, masses in
      zip(masses, trial.value(member)).allSatisfy { $0 <= $1 }
    }
  }

  /// F at the lower bounds, rounded down.
  private func value(_ nonterminal: Int) -> [BigInteger] {
    Self.value(table, nonterminal, at: lower)
  }

  /// F at x for the functions of a nonterminal, rounded down.
  static func value(_ table: FunctionTable, _ nonterminal: Int, at x: [[BigInteger]]) -> [BigInteger] {
    var value = Array(repeating: BigInteger(0), count: table.counts[nonterminal])
    for operation in table.operations[nonterminal] {
      var sums = Array(repeating: BigInteger(0), count: value.count)
      operation.forEachTuple(table.counts) { function, tuple in
        switch operation.arguments.count {
        case 0: sums[function] += 1
        case 1: sums[function] += x[operation.arguments[0]][tuple.0]
        case 2: sums[function].addProduct(x[operation.arguments[0]][tuple.0], x[operation.arguments[1]][tuple.1])
        default:
          let product = x[operation.arguments[0]][tuple.0] * x[operation.arguments[1]][tuple.1]
          sums[function].addProduct(product, x[operation.arguments[2]][tuple.2])
        }
      }
      let probability = table.grammar.productions[operation.production].probability
      // A sum has as many factors 2^bits as there are arguments; the value has one.
      let surplus = Self.bits * (operation.arguments.count - 1)
      let (numerator, denominator) =
        surplus >= 0
        ? (probability.numerator, probability.denominator << surplus)
        : (probability.numerator << Self.bits, probability.denominator)
      for function in value.indices where sums[function] > 0 {
        value[function] += sums[function] * numerator / denominator
      }
    }
    return value
  }

  /// A number in units of 2^-`bits`.
  static func scaled(_ number: Double) -> BigInteger {
    guard number.isFinite, number != 0 else { return 0 }
    let significand = BigInteger(Int64(number.significand * 0x1p52))
    let shift = bits + Int(number.exponent) - 52
    let magnitude = shift >= 0 ? significand << shift : significand >> -shift
    return number < 0 ? -magnitude : magnitude
  }
}

extension FunctionTable.Operation {
  /// Calls `body` with the result and the arguments of every tuple.
  @inline(__always)
  func forEachTuple(_ counts: [Int], _ body: (_ function: Int, _ tuple: (Int, Int, Int)) -> Void) {
    let sizes = (0..<3).map { $0 < arguments.count ? counts[arguments[$0]] : 1 }
    var place = 0
    for first in 0..<sizes[0] {
      for second in 0..<sizes[1] {
        for third in 0..<sizes[2] {
          body(Int(results[place]), (first, second, third))
          place += 1
        }
      }
    }
  }
}
