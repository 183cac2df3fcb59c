import ExactArithmetic
import Grammars

/// The functions of truth values on up to 16 inputs, all 2^inputs of each nonterminal, without a table of pairs.
///
/// A function is the number whose bit r is its value on input r. The sum over all pairs with g ∧ h = f is a product of sums
/// over supersets, that with g ⊕ h = f a product of Walsh–Hadamard transforms; other operations are one of the two with
/// functions complemented. So F takes some transforms of 2^inputs numbers, exact in integers.
///
/// - Complexity: O(inputs · 2^inputs) additions a transform.
/// - Source: Björklund, Husfeldt, Kaski & Koivisto 2007 (zeta and Möbius transforms over subsets).
struct BooleanFunctions: FunctionSystem {
  private enum Product { case conjunction, sum }

  /// What a production does; functions are complemented where it says so.
  private enum Operation {
    case leaf(Int)
    case unary(Int, isNegated: Bool)
    case binary(Product, Int, Bool, Int, Bool, isNegated: Bool)
  }

  let grammar: Grammar
  let counts: [Int]
  private let inputs: Int
  private let operations: [[(production: Int, operation: Operation)]]

  /// Most inputs: 65,536 functions.
  static let mostInputs = 16

  /// Whether a language can have such a system: truth values alone, and symbols that are these products.
  static func covers(_ grammar: Grammar, inputs: Int) -> Bool {
    guard inputs <= mostInputs, grammar.nonterminals.allSatisfy({ $0.sort == .bool && !$0.isOpen }) else {
      return false
    }
    return grammar.productions.allSatisfy { production in
      switch production.symbol {
      case .variable, .constant, .unit: true
      case .operation(let op): product(op) != nil || op == .not
      case .call, .lambda: false
      }
    }
  }

  private static func product(_ op: Operator) -> (Product, Bool, Bool, isNegated: Bool)? {
    switch op {
    case .and: (.conjunction, false, false, false)
    case .or: (.conjunction, true, true, true)
    case .implies: (.conjunction, false, true, true)
    case .xor, .distinct: (.sum, false, false, false)
    case .equal: (.sum, false, false, true)
    default: nil
    }
  }

  /// - Parameter variables: the values of each of the grammar's variables on the inputs.
  init(_ grammar: Grammar, variables: [[Bool]], inputs: Int) {
    self.grammar = grammar
    self.inputs = inputs
    counts = Array(repeating: 1 << inputs, count: grammar.nonterminals.count)
    func number(_ values: [Bool]) -> Int { values.indices.reduce(0) { $0 | (values[$1] ? 1 << $1 : 0) } }
    operations = grammar.nonterminals.map { nonterminal in
      nonterminal.productions.map { index in
        let production = grammar.productions[index]
        let arguments = production.arguments
        switch production.symbol {
        case .variable(let variable): return (index, .leaf(number(variables[variable])))
        case .constant(let value, _): return (index, .leaf(value.word == 1 ? 1 << inputs - 1 : 0))
        case .unit: return (index, .unary(arguments[0], isNegated: false))
        case .operation(.not): return (index, .unary(arguments[0], isNegated: true))
        case .operation(let op):
          guard let (product, a, b, isNegated) = Self.product(op) else {
            preconditionFailure("\(op.head) is no product")
          }
          return (index, .binary(product, arguments[0], a, arguments[1], b, isNegated: isNegated))
        case .call, .lambda: preconditionFailure("the language is not covered")
        }
      }
    }
  }
}

// MARK: - Transforms

extension BooleanFunctions {
  /// The function with all values exchanged has the number from the other end.
  private static func complemented<Number>(_ x: [Number], _ isComplemented: Bool) -> [Number] {
    isComplemented ? x.reversed() : x
  }

  /// Sums over supersets, or the Walsh–Hadamard transform, in place.
  private func transform<Number: SignedNumeric>(_ x: inout [Number], _ product: Product) {
    x.withUnsafeMutableBufferPointer { x in
      for bit in 0..<inputs {
        let step = 1 << bit
        for start in stride(from: 0, to: x.count, by: 2 * step) {
          for place in start..<start + step {
            switch product {
            case .conjunction: x[place] += x[place + step]
            case .sum:
              let other = x[place + step]
              x[place + step] = x[place] - other
              x[place] += other
            }
          }
        }
      }
    }
  }

  /// Undoes `transform`, but for a factor 2^inputs of `sum`.
  private func restore<Number: SignedNumeric>(_ x: inout [Number], _ product: Product) {
    guard product == .conjunction else { return transform(&x, product) }
    x.withUnsafeMutableBufferPointer { x in
      for bit in 0..<inputs {
        let step = 1 << bit
        for start in stride(from: 0, to: x.count, by: 2 * step) {
          for place in start..<start + step { x[place] -= x[place + step] }
        }
      }
    }
  }

  private func transformed<Number: SignedNumeric>(_ x: [Number], _ isComplemented: Bool, _ product: Product) -> [Number]
  {
    var x = Self.complemented(x, isComplemented)
    transform(&x, product)
    return x
  }
}

// MARK: - Exact

extension BooleanFunctions {
  func value(_ nonterminal: Int, at x: [[BigInteger]]) -> [BigInteger] {
    var value = Array(repeating: BigInteger(0), count: counts[nonterminal])
    for (production, operation) in operations[nonterminal] {
      var sums: [BigInteger]
      var arguments = 1
      switch operation {
      case .leaf(let function):
        sums = Array(repeating: 0, count: value.count)
        sums[function] = 1
        arguments = 0
      case .unary(let argument, let isNegated): sums = Self.complemented(x[argument], isNegated)
      case .binary(let product, let a, let aIsNegated, let b, let bIsNegated, let isNegated):
        arguments = 2
        sums = transformed(x[a], aIsNegated, product)
        let isSquare = a == b && aIsNegated == bIsNegated
        let other = isSquare ? sums : transformed(x[b], bIsNegated, product)
        for place in sums.indices { sums[place] *= other[place] }
        restore(&sums, product)
        if product == .sum { for place in sums.indices { sums[place] >>= inputs } }
        sums = Self.complemented(sums, isNegated)
      }
      let weighted = weighted(sums, arguments: arguments, production: production)
      for place in value.indices { value[place] += weighted[place] }
    }
    return value
  }
}

// MARK: - In floating point

extension BooleanFunctions {
  private static let mostIterations = 4_000
  private static let refinements = 8
  /// Up to this factor of a step in the direction that shrinks least, sums of steps are taken to their end.
  private static let subcritical = 0.99
  /// Steps that tell the factor well enough for that.
  private static let stepsToTell = 50

  /// Iterates x ↦ F(x), then corrections d with (I - J) d = F(x) - x, the residual in exact numbers. After each step the
  /// functions of a nonterminal are brought to the sum that they have, T or what is missing to it: sums are what converges
  /// last, and where the language is critical as 1/steps.
  func proposal(_ component: [Int], known: [[BigInteger]], totals: [RationalInterval]) -> FunctionProposal? {
    guard var x = approximation(component, known: known, totals: totals) else { return nil }
    var exact = known
    for member in component { exact[member] = x[member].map(FunctionUnit.scaled) }
    let wanted = component.map { (totals[$0].midpoint * Rational(BigInteger(1) << FunctionUnit.bits)).floor() }
    for _ in 0..<Self.refinements {
      let residual = component.map { member in zip(value(member, at: exact), exact[member]).map { $0 - $1 } }
      let missing = zip(component, wanted).map { $1 - exact[$0].reduce(0, +) }
      let greatest = max(residual.joined().map(\.magnitude).max()!, missing.map(\.magnitude).max()!)
      if greatest.bitWidthOfMagnitude < FunctionUnit.bits / 3 { break }
      let shift = max(0, greatest.bitWidthOfMagnitude - 60)
      func scaled(_ number: BigInteger) -> Double { (number >> shift).nearestDouble }
      guard
        let change = solve(
          component, at: x, residual.map { $0.map(scaled) }, sums: missing.map(scaled))
      else { return nil }
      for (member, change) in zip(component, change) {
        for place in change.indices {
          exact[member][place] = max(0, exact[member][place] + BigInteger(change[place].rounded()) << shift)
        }
        x[member] = exact[member].map(FunctionUnit.double)
      }
    }
    let masses = component.map { exact[$0] }
    let nothing = component.map { Array(repeating: 0.0, count: counts[$0]) }
    if leastShrinking(component, at: x, steps: Self.stepsToTell).factor < Self.subcritical {
      let ones = component.map { Array(repeating: 1.0, count: counts[$0]) }
      guard let v = solve(component, at: x, ones, sums: nil), let greatest = v.joined().max(), greatest > 0 else {
        return nil
      }
      return FunctionProposal(
        masses: masses, direction: v.map { $0.map { $0 / greatest } }, correction: nothing)
    }
    let least = leastShrinking(component, at: x, steps: Self.mostIterations).direction
    return FunctionProposal(
      masses: masses, direction: least, correction: correction(component, at: x, along: least) ?? nothing)
  }

  private func approximation(_ component: [Int], known: [[BigInteger]], totals: [RationalInterval]) -> [[Double]]? {
    var x = known.map { $0.map(FunctionUnit.double) }
    for _ in 0..<Self.mostIterations {
      let next = component.map { member in
        let masses = value(member, at: x).map { max(0, $0) }
        let sum = masses.reduce(0, +)
        let total = totals[member].midpoint.nearestDouble
        return sum > 0 ? masses.map { $0 * (total / sum) } : masses
      }
      var isSettled = true
      for (member, masses) in zip(component, next) {
        isSettled = isSettled && zip(masses, x[member]).allSatisfy { ($0 - $1).magnitude < 0x1p-50 }
        x[member] = masses
      }
      if isSettled { return x }
    }
    return nil
  }

  /// d with (I - J) d = b, J the derivatives at x: the sum of J^k b; nil where it does not settle.
  ///
  /// - Parameter sums: those of d by member, brought about after each step along x; nil where they are not known.
  private func solve(_ component: [Int], at x: [[Double]], _ b: [[Double]], sums: [Double]?) -> [[Double]]? {
    let transforms = Transforms(self, component, x)
    var d = b
    for _ in 0..<Self.mostIterations {
      var next = zip(transforms.derivative(along: d), b).map { zip($0, $1).map { $0 + $1 } }
      if let sums {
        for (place, member) in component.enumerated() {
          let factor = (sums[place] - next[place].reduce(0, +)) / x[member].reduce(0, +)
          next[place] = zip(next[place], x[member]).map { $0 + factor * $1 }
        }
      }
      let moved = zip(next, d).map { zip($0, $1).map { ($0 - $1).magnitude }.max()! }.max()!
      d = next
      guard moved.isFinite else { return nil }
      if moved <= d.joined().map(\.magnitude).max()! * 0x1p-44 { return d }
    }
    return nil
  }

  /// The direction that J shrinks least, its greatest entry 1, and the factor (power iteration).
  private func leastShrinking(
    _ component: [Int], at x: [[Double]], steps: Int
  ) -> (direction: [[Double]], factor: Double) {
    let transforms = Transforms(self, component, x)
    var vector = component.map { x[$0] }
    var factor = 0.0
    for _ in 0..<steps {
      // Half of the vector stays, so that a matrix that exchanges parts settles too.
      let image = transforms.derivative(along: vector)
      factor = image.joined().reduce(0, +) / vector.joined().reduce(0, +)
      var next = zip(image, vector).map { zip($0, $1).map { max(0, $0 + $1) } }
      guard let greatest = next.joined().max(), greatest > 0, greatest.isFinite else { return (vector, 1) }
      next = next.map { $0.map { $0 / greatest } }
      let moved = zip(next, vector).map { zip($0, $1).map { ($0 - $1).magnitude }.max()! }.max()!
      vector = next
      if moved < 0x1p-52 { break }
    }
    return (vector, factor)
  }

  /// w with (I - J) w = c for all functions but the likeliest of a product, whose products of v make up for what it loses:
  /// c times as many as there are functions. Nil where it does not settle.
  private func correction(_ component: [Int], at x: [[Double]], along v: [[Double]]) -> [[Double]]? {
    let places = component.indices.filter { member in
      operations[component[member]].contains { if case .binary = $0.operation { true } else { false } }
    }
    guard let place = places.max(by: { x[component[$0]].max()! < x[component[$1]].max()! }) else { return nil }
    let member = component[place]
    let likeliest = x[member].indices.max { x[member][$0] < x[member][$1] }!
    var b = component.map { Array(repeating: 1.0, count: counts[$0]) }
    b[place][likeliest] -= b.joined().reduce(0, +)
    guard let w = solve(component, at: x, b, sums: component.map { _ in 0 }) else { return nil }
    var moved = x
    for (place, member) in component.enumerated() { moved[member] = zip(x[member], v[place]).map { $0 + $1 } }
    let change = Transforms(self, component, x).derivative(along: v)[place][likeliest]
    let products = value(member, at: moved)[likeliest] - value(member, at: x)[likeliest] - change
    guard products > 0 else { return nil }
    let scale = min(1, products / (4 * b[place][likeliest].magnitude))
    return w.map { $0.map { $0 * scale } }
  }

  private func value(_ nonterminal: Int, at x: [[Double]]) -> [Double] {
    var value = Array(repeating: 0.0, count: counts[nonterminal])
    for (production, operation) in operations[nonterminal] {
      let probability = grammar.productions[production].probability.nearestDouble
      switch operation {
      case .leaf(let function): value[function] += probability
      case .unary(let argument, let isNegated):
        let part = Self.complemented(x[argument], isNegated)
        for place in value.indices { value[place] += probability * part[place] }
      case .binary(let product, let a, let aIsNegated, let b, let bIsNegated, let isNegated):
        var part = transformed(x[a], aIsNegated, product)
        let isSquare = a == b && aIsNegated == bIsNegated
        let other = isSquare ? part : transformed(x[b], bIsNegated, product)
        for place in part.indices { part[place] *= other[place] }
        add(&part, product, isNegated, probability, to: &value)
      }
    }
    return value
  }

  /// Adds a product in its transform.
  private func add(
    _ part: inout [Double], _ product: Product, _ isNegated: Bool, _ probability: Double, to value: inout [Double]
  ) {
    restore(&part, product)
    let factor = product == .sum ? probability / Double(1 << inputs) : probability
    let last = part.count - 1
    for place in value.indices { value[place] += factor * part[isNegated ? last - place : place] }
  }

  /// The derivatives at x, with what does not depend on the direction made once.
  private struct Transforms {
    private let functions: BooleanFunctions
    private let component: [Int]
    private let places: [Int: Int]
    /// By member and operation: both arguments of a product, transformed.
    private var arguments: [[([Double], [Double])]] = []

    init(_ functions: BooleanFunctions, _ component: [Int], _ x: [[Double]]) {
      (self.functions, self.component) = (functions, component)
      places = Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) })
      for member in component {
        arguments.append(
          functions.operations[member].map { _, operation in
            guard case .binary(let product, let a, let aIsNegated, let b, let bIsNegated, _) = operation else {
              return ([], [])
            }
            return (
              functions.transformed(x[a], aIsNegated, product), functions.transformed(x[b], bIsNegated, product)
            )
          })
      }
    }

    /// J d.
    func derivative(along d: [[Double]]) -> [[Double]] {
      component.enumerated().map { member, nonterminal in
        var value = Array(repeating: 0.0, count: functions.counts[nonterminal])
        for (number, (production, operation)) in functions.operations[nonterminal].enumerated() {
          let probability = functions.grammar.productions[production].probability.nearestDouble
          switch operation {
          case .leaf: break
          case .unary(let argument, let isNegated):
            guard let place = places[argument] else { continue }
            let part = BooleanFunctions.complemented(d[place], isNegated)
            for place in value.indices { value[place] += probability * part[place] }
          case .binary(let product, let a, let aIsNegated, let b, let bIsNegated, let isNegated):
            let (first, second) = arguments[member][number]
            var part = Array(repeating: 0.0, count: value.count)
            if let place = places[a] {
              let change = functions.transformed(d[place], aIsNegated, product)
              for place in part.indices { part[place] += change[place] * second[place] }
            }
            if let place = places[b] {
              if a == b, aIsNegated == bIsNegated {
                for place in part.indices { part[place] *= 2 }
              } else {
                let change = functions.transformed(d[place], bIsNegated, product)
                for place in part.indices { part[place] += change[place] * first[place] }
              }
            }
            functions.add(&part, product, isNegated, probability, to: &value)
          }
        }
        return value
      }
    }
  }
}
