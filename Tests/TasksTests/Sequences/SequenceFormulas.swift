import ExactArithmetic

/// How the terms of one sequence of the suite are computed a second time, from its definition.
///
/// Large terms are exact integers. Small ones are `Int`s, which end the test when they overflow instead of wrapping.
struct SequenceFormula: Sendable {
  let number: String
  /// The first 40 terms of a sequence whose index starts at the offset.
  let terms: @Sendable (_ offset: Int) -> [BigInteger]

  static let count = 40
}

extension SequenceFormula {
  /// Every formula, by number.
  static let all: [String: SequenceFormula] = {
    let groups = [
      periodic, polynomials, figurates, powers, recurrences, divisors, divisorSums, primes, primeShapes, digits,
      digitSets, floors, triangles, iterations, selfReferential, numberSets, counts,
    ]
    return Dictionary(uniqueKeysWithValues: groups.joined().map { ($0.number, $0) })
  }()

  /// A term by its index, exact.
  static func big(_ number: String, _ term: @escaping @Sendable (BigInteger) -> BigInteger) -> SequenceFormula {
    SequenceFormula(number: number) { offset in (offset..<offset + count).map { term(BigInteger($0)) } }
  }

  /// A term by its index.
  static func each(_ number: String, _ term: @escaping @Sendable (Int) -> Int) -> SequenceFormula {
    SequenceFormula(number: number) { offset in (offset..<offset + count).map { BigInteger(term($0)) } }
  }

  /// All terms at once, from the first on.
  static func list(_ number: String, _ terms: @escaping @Sendable () -> [Int]) -> SequenceFormula {
    SequenceFormula(number: number) { _ in terms().prefix(count).map { BigInteger($0) } }
  }

  /// The numbers from `start` on that have a property, in order.
  static func numbers(
    _ number: String, from start: Int = 1, where has: @escaping @Sendable (Int) -> Bool
  ) -> SequenceFormula {
    list(number) { Array((start...).lazy.filter(has).prefix(count)) }
  }

  /// A linear recurrence: a(n) = c1·a(n-1) + c2·a(n-2) + … + constant.
  static func recurrence(
    _ number: String, _ first: [BigInteger], _ coefficients: [BigInteger], plus constant: BigInteger = 0
  ) -> SequenceFormula {
    SequenceFormula(number: number) { _ in
      var terms = first
      while terms.count < count {
        terms.append(zip(coefficients, terms.reversed()).reduce(constant) { $0 + $1.0 * $1.1 })
      }
      return terms
    }
  }
}

// MARK: - Elementary functions, by definition

func isPrime(_ n: Int) -> Bool { n > 1 && (2..<n).prefix { $0 * $0 <= n }.allSatisfy { n % $0 != 0 } }

func divisors(_ n: Int) -> [Int] { (1...n).filter { n % $0 == 0 } }

func primeFactors(_ n: Int) -> [Int] {
  guard let p = (2...max(2, n)).first(where: { n % $0 == 0 }), n > 1 else { return [] }
  return [p] + primeFactors(n / p)
}

func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }

func totient(_ n: Int) -> Int { (1...n).count { commonDivisor($0, n) == 1 } }

func isSquarefree(_ n: Int) -> Bool { (2...max(2, n)).allSatisfy { n % ($0 * $0) != 0 } }

func moebius(_ n: Int) -> Int { isSquarefree(n) ? (primeFactors(n).count % 2 == 0 ? 1 : -1) : 0 }

func isSquare(_ n: Int) -> Bool { (0...n).contains { $0 * $0 == n } }

/// The n-th prime, from 1 on.
func prime(_ n: Int) -> Int { (2...).lazy.filter(isPrime).prefix(n).reduce(0) { $1 } }

/// The digits of a number, the lowest first; none for 0.
func lowDigits(_ n: Int, _ base: Int) -> [Int] { n == 0 ? [] : [n % base] + lowDigits(n / base, base) }

func value(lowDigits digits: [Int], _ base: Int) -> Int { digits.reversed().reduce(0) { $0 * base + $1 } }

/// The greatest x with x·x ≤ n.
func root(_ n: Int) -> Int { (0...).first { ($0 + 1) * ($0 + 1) > n }! }

/// n over k, by Pascal's triangle.
func binomial(_ n: Int, _ k: Int) -> BigInteger {
  var row: [BigInteger] = [1]
  for _ in 0..<max(0, n) { row = zip([0] + row, row + [0]).map { $0 + $1 } }
  return row.indices.contains(k) ? row[k] : 0
}
