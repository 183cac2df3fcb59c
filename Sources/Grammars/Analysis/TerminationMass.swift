public import ExactArithmetic

extension Grammar {
  /// The termination mass of every nonterminal: the total prior of its finite programs.
  ///
  ///     // S -> a 1/3 | (+ S S) 2/3
  ///     grammar.terminationMass()[0]     // 1/2
  ///
  /// The masses are the least non-negative solution of x_n = Σ P·Π x_args over the productions of n, found one strongly
  /// connected component after another. A mass is a single number (`isExact`) when it is proved rational:
  ///
  /// - consistent components: exactly 1, decided by the spectral radius of the matrix of means in rational arithmetic;
  /// - components without recursion, linear ones, and single quadratic equations with a rational root;
  /// - other components with exact coefficients, when the simplest rational within the bounds is proved the solution.
  ///
  /// Otherwise the interval is certified in exact arithmetic and may still contain a rational mass. No floating point
  /// is used.
  ///
  /// - Parameter bits: every interval has a width of at most 2^-bits; at least 1.
  /// - Returns: One interval within [0, 1] per nonterminal, in order.
  /// - Complexity: per component of n nonterminals O(n³) operations per Newton step, O(n) where nearly all are inner terms of
  ///   long productions; the precision doubles until the widths suffice, which near-critical grammars need.
  /// - Source: Booth & Thompson 1973 (consistency); Etessami & Yannakakis 2009; Esparza, Kiefer & Luttenberger 2010;
  ///   Stewart, Etessami & Yannakakis 2015 (precision).
  public func terminationMass(bits: Int = 64) -> [RationalInterval] {
    precondition(bits >= 1, "an interval of width 2^-\(bits) says nothing about a mass")
    precondition(derivesEverywhere, "a nonterminal derives no program")
    let components = stronglyConnectedComponents(argumentGraph)
    let widest = Rational(1, BigInteger(1) << bits)
    var precision = bits + 32
    while true {
      if let masses = masses(components, precision: precision), masses.allSatisfy({ $0.width <= widest }) {
        return masses
      }
      precision *= 2
    }
  }

  /// Whether every nonterminal derives some program, as the invariant says.
  private var derivesEverywhere: Bool {
    let rules = productions.map { (nonterminal: $0.nonterminal, arguments: $0.arguments) }
    return derivesSomeProgram(nonterminals: nonterminals.count, rules: rules).allSatisfy { $0 }
  }

  /// The masses from numbers of `precision` binary places; nil when that does not suffice for any bounds.
  private func masses(_ components: [[Int]], precision: Int) -> [RationalInterval]? {
    var masses = Array(repeating: RationalInterval(1), count: nonterminals.count)
    for component in components {
      guard let found = massesOfComponent(component, given: masses, precision: precision) else { return nil }
      for (nonterminal, mass) in zip(component, found) { masses[nonterminal] = mass }
    }
    return masses
  }

  private func massesOfComponent(_ component: [Int], given known: [RationalInterval], precision: Int)
    -> [RationalInterval]?
  {
    let lower = PolynomialSystem(self, component) { known[$0].lower }
    let upper = PolynomialSystem(self, component) { known[$0].upper }
    if lower.degree == 0 {
      let bounds = RationalInterval(lower: lower.value(at: [0])[0], upper: upper.value(at: [0])[0])
      return [bounds.isExact ? bounds : bounds.rounded(toBits: precision)]
    }
    let members = Set(component)
    let outside = component.flatMap { nonterminals[$0].productions }.flatMap { productions[$0].arguments }
      .filter { !members.contains($0) }
    let isExact = outside.allSatisfy { known[$0].isExact }
    if isExact, let exact = lower.rationalSolution() { return exact.map(RationalInterval.init(_:)) }
    guard let bounds = BoundedSystem(lower: lower, upper: upper).enclosure(precision: precision) else { return nil }
    let simplest = bounds.map { $0.simplestRational() }
    return isExact && lower.isLeastSolution(simplest) ? simplest.map(RationalInterval.init(_:)) : bounds
  }
}
