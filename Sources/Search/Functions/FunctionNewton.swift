import ExactArithmetic
import Grammars

/// Proposes the masses of the functions of one component of nonterminals: floating point that others check
/// (`FunctionMasses`).
///
/// Newton's method with one equation replaced by Σ_f x_f = T: where the language is critical, as J, the matrix of derivatives,
/// has an eigenvalue 1 at the solution, the plain equations are singular there and each step gains one bit.
struct FunctionNewton {
  private let table: FunctionTable
  private let component: [Int]
  private let known: [[BigInteger]]
  private let totals: [RationalInterval]
  /// The first unknown of each member.
  private let firsts: [Int]
  private let count: Int
  private let memberOf: [Int: Int]

  init(_ table: FunctionTable, _ component: [Int], known: [[BigInteger]], totals: [RationalInterval]) {
    (self.table, self.component, self.known, self.totals) = (table, component, known, totals)
    var firsts: [Int] = []
    var count = 0
    for member in component {
      firsts.append(count)
      count += table.counts[member]
    }
    (self.firsts, self.count) = (firsts, count)
    memberOf = Dictionary(uniqueKeysWithValues: component.enumerated().map { ($1, $0) })
  }

  /// Nil where the method breaks down.
  func proposal() -> FunctionProposal? {
    guard let start = approximation(), let matrix = Elimination(constrained(derivatives(start.x), start.replaced))
    else {
      return nil
    }
    var masses = component.indices.map { member in start.x[range(member)].map(FunctionUnit.scaled) }
    for _ in 0..<Self.refinements {
      let residual = exactResidual(masses, start.replaced)
      guard let greatest = residual.map(\.magnitude).max(), greatest > 4 else { break }
      // Brought to numbers near 1, so that nothing is lost below the least double.
      let shift = max(0, greatest.bitWidthOfMagnitude - 60)
      var change = residual.map { ($0 >> shift).nearestDouble }
      matrix.solve(&change)
      guard change.allSatisfy({ $0.magnitude < 0x1p200 }) else { return nil }
      for (member, first) in firsts.enumerated() {
        for function in masses[member].indices {
          masses[member][function] += BigInteger(change[first + function].rounded()) << shift
        }
      }
    }
    let x = masses.flatMap { $0.map { FunctionUnit.double($0) } }
    let derivatives = derivatives(x)
    guard x.allSatisfy({ $0 >= 0 }), let v = direction(derivatives) else { return nil }
    let w = correction(matrix, derivatives, v, x, start.replaced)
    return FunctionProposal(
      masses: masses, direction: component.indices.map { Array(v[range($0)]) },
      correction: component.indices.map { Array(w[range($0)]) })
  }

  private static let refinements = 24
  private static let iterations = 32
  private static let newtonSteps = 40
  private static let powerSteps = 4_000

  private func range(_ member: Int) -> Range<Int> { firsts[member]..<firsts[member] + table.counts[component[member]] }
}

// MARK: - In floating point

extension FunctionNewton {
  /// Iterates from 0, then Newton's steps; the masses, and the unknown whose equation is replaced: the likeliest function of
  /// those that products make.
  private func approximation() -> (x: [Double], replaced: Int)? {
    var x = Array(repeating: 0.0, count: count)
    for _ in 0..<Self.iterations { x = value(x) }
    let made = component.indices.filter { member in
      table.operations[component[member]].contains { $0.arguments.count { memberOf[$0] != nil } > 1 }
    }
    let replaced = (made.isEmpty ? Array(component.indices) : made).flatMap { range($0) }.max { x[$0] < x[$1] }!
    let member = firsts.lastIndex { $0 <= replaced }!
    for _ in 0..<Self.newtonSteps {
      guard let matrix = Elimination(constrained(derivatives(x), replaced)) else { return nil }
      var change = zip(value(x), x).map { $0 - $1 }
      change[replaced] = totals[component[member]].midpoint.nearestDouble - x[range(member)].reduce(0, +)
      matrix.solve(&change)
      guard change.allSatisfy(\.isFinite) else { return nil }
      for place in x.indices { x[place] = max(0, x[place] + change[place]) }
      if change.allSatisfy({ $0.magnitude < 0x1p-40 }) { break }
    }
    return (x, replaced)
  }

  /// What a product of an operation is made of: its probability, and the masses of all functions of each argument at x, whose
  /// unknowns are the component's.
  private func factors(
    _ operation: FunctionTable.Operation, _ x: [Double], _ outside: [[Double]]
  ) -> (probability: Double, masses: [[Double]]) {
    (
      table.grammar.productions[operation.production].probability.nearestDouble,
      operation.arguments.map { argument in memberOf[argument].map { Array(x[range($0)]) } ?? outside[argument] }
    )
  }

  private var outside: [[Double]] {
    known.indices.map { memberOf[$0] == nil ? known[$0].map { FunctionUnit.double($0) } : [] }
  }

  private func value(_ x: [Double]) -> [Double] {
    var value = Array(repeating: 0.0, count: count)
    let outside = outside
    for (member, nonterminal) in component.enumerated() {
      for operation in table.operations[nonterminal] {
        let (probability, masses) = factors(operation, x, outside)
        operation.forEachTuple(table.counts) { function, tuple in
          var product = probability
          if masses.count > 0 { product *= masses[0][tuple.0] }
          if masses.count > 1 { product *= masses[1][tuple.1] }
          if masses.count > 2 { product *= masses[2][tuple.2] }
          value[firsts[member] + function] += product
        }
      }
    }
    return value
  }

  /// The matrix of ∂F_f/∂x_g, row by row.
  private func derivatives(_ x: [Double]) -> [Double] {
    var matrix = Array(repeating: 0.0, count: count * count)
    let outside = outside
    for (member, nonterminal) in component.enumerated() {
      for operation in table.operations[nonterminal] {
        let (probability, masses) = factors(operation, x, outside)
        let places = operation.arguments.map { memberOf[$0].map { firsts[$0] } }
        operation.forEachTuple(table.counts) { function, tuple in
          let row = (firsts[member] + function) * count
          let tuple = [tuple.0, tuple.1, tuple.2]
          for (place, first) in places.enumerated() {
            guard let first else { continue }
            var product = probability
            for other in masses.indices where other != place { product *= masses[other][tuple[other]] }
            matrix[row + first + tuple[place]] += product
          }
        }
      }
    }
    return matrix
  }

  /// I less the matrix, with a row for the sum in place of the equation that is replaced.
  private func constrained(_ derivatives: [Double], _ replaced: Int) -> [Double] {
    var matrix = derivatives.map { -$0 }
    for place in 0..<count { matrix[place * count + place] += 1 }
    let summed = range(firsts.lastIndex { $0 <= replaced }!)
    for column in 0..<count { matrix[replaced * count + column] = summed.contains(column) ? 1 : 0 }
    return matrix
  }

  /// w with (I - J) w = c for all functions but the replaced one, whose products of v make up for what it loses.
  private func correction(
    _ matrix: Elimination, _ derivatives: [Double], _ v: [Double], _ x: [Double], _ replaced: Int
  ) -> [Double] {
    var w = Array(repeating: 1.0, count: count)
    w[replaced] = 0
    matrix.solve(&w)
    var loss = -w[replaced]
    for column in 0..<count { loss += derivatives[replaced * count + column] * w[column] }
    let gain = value(zip(x, v).map { $0 + $1 })[replaced] - value(x)[replaced]
    let linear = (0..<count).reduce(0.0) { $0 + derivatives[replaced * count + $1] * v[$1] }
    let products = max(0, gain - linear)
    let scale = loss > 0 ? min(1, products / (4 * loss)) : 1
    return w.map { $0 * scale }
  }

  /// The vector that the matrix stretches most, its greatest entry 1 (power iteration); nil where it does not settle.
  private func direction(_ matrix: [Double]) -> [Double]? {
    var vector = Array(repeating: 1.0, count: count)
    for _ in 0..<Self.powerSteps {
      // Half of the vector stays, so that a matrix that exchanges parts settles too.
      var next = (0..<count).map { row in
        var sum = vector[row]
        for column in 0..<count { sum += matrix[row * count + column] * vector[column] }
        return sum
      }
      guard let greatest = next.max(), greatest > 0, greatest.isFinite else { return nil }
      for place in next.indices { next[place] /= greatest }
      let moved = zip(next, vector).map { ($0 - $1).magnitude }.max()!
      vector = next
      if moved < 0x1p-52 { break }
    }
    return vector
  }
}

// MARK: - In exact numbers

extension FunctionNewton {
  /// F(x) - x, and T less the sum in the replaced row, in units of 2^-bits.
  private func exactResidual(_ masses: [[BigInteger]], _ replaced: Int) -> [BigInteger] {
    var x = known
    for (member, nonterminal) in component.enumerated() { x[nonterminal] = masses[member] }
    var residual: [BigInteger] = []
    for (member, nonterminal) in component.enumerated() {
      let value = table.value(nonterminal, at: x)
      residual += zip(value, masses[member]).map { $0 - $1 }
    }
    let member = firsts.lastIndex { $0 <= replaced }!
    let unit = Rational(BigInteger(1) << FunctionUnit.bits)
    residual[replaced] = (totals[component[member]].midpoint * unit).floor() - masses[member].reduce(0, +)
    return residual
  }
}

/// A square matrix of doubles eliminated with exchanges of rows.
private struct Elimination {
  private var rows: [Double]
  private var order: [Int]
  private let count: Int

  /// Nil for a matrix that is singular as far as doubles tell.
  init?(_ matrix: [Double]) {
    rows = matrix
    count = Int(Double(matrix.count).squareRoot().rounded())
    order = Array(0..<count)
    let count = count
    let isRegular = rows.withUnsafeMutableBufferPointer { rows in
      for k in 0..<count {
        let pivot = (k..<count).max { rows[$0 * count + k].magnitude < rows[$1 * count + k].magnitude }!
        guard rows[pivot * count + k].magnitude > 0x1p-100 else { return false }
        if pivot != k {
          for column in 0..<count { rows.swapAt(pivot * count + column, k * count + column) }
          order.swapAt(pivot, k)
        }
        for row in k + 1..<max(k + 1, count) where rows[row * count + k] != 0 {
          let factor = rows[row * count + k] / rows[k * count + k]
          rows[row * count + k] = factor
          for column in k + 1..<max(k + 1, count) { rows[row * count + column] -= factor * rows[k * count + column] }
        }
      }
      return true
    }
    if !isRegular { return nil }
  }

  /// Replaces b by the solution of A x = b.
  func solve(_ b: inout [Double]) {
    var x = order.map { b[$0] }
    for row in 0..<count {
      for column in 0..<row { x[row] -= rows[row * count + column] * x[column] }
    }
    for row in (0..<count).reversed() {
      for column in row + 1..<max(row + 1, count) { x[row] -= rows[row * count + column] * x[column] }
      x[row] /= rows[row * count + row]
    }
    b = x
  }
}
