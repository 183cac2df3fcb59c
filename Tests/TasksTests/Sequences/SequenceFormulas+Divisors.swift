import ExactArithmetic

extension SequenceFormula {
  static let divisors: [SequenceFormula] = [
    each("A000005") { n in TasksTests.divisors(n).count },
    each("A000203") { n in TasksTests.divisors(n).reduce(0, +) },
    each("A001157") { n in TasksTests.divisors(n).reduce(0) { $0 + $1 * $1 } },
    each("A001065") { n in TasksTests.divisors(n).dropLast().reduce(0, +) },
    each("A001227") { n in TasksTests.divisors(n).count { $0 % 2 == 1 } },
    each("A000593") { n in TasksTests.divisors(n).filter { $0 % 2 == 1 }.reduce(0, +) },
    each("A032742") { n in TasksTests.divisors(n).dropLast().last ?? 1 },
    each("A020639") { n in primeFactors(n).first ?? 1 },
    each("A006530") { n in primeFactors(n).last ?? 1 },
    each("A034444") { n in unitary(n).count },
    each("A034448") { n in unitary(n).reduce(0, +) },
    each("A000010") { n in totient(n) },
    each("A051953") { n in (1...n).count { commonDivisor($0, n) > 1 } },
    each("A049820") { n in (1...n).count { n % $0 != 0 } },
    each("A008683") { n in moebius(n) },
    each("A008836") { n in primeFactors(n).count % 2 == 0 ? 1 : -1 },
    each("A001221") { n in Set(primeFactors(n)).count },
    each("A001222") { n in primeFactors(n).count },
    each("A007947") { n in Set(primeFactors(n)).reduce(1, *) },
    each("A003557") { n in n / Set(primeFactors(n)).reduce(1, *) },
    each("A007913") { n in (1...n).first { n % $0 == 0 && isSquare(n / $0) }! },
    each("A002322") { n in (1...).first { k in units(n).allSatisfy { power($0, k, n) == 1 % n } }! },
    each("A007434") { n in
      (1...n).reduce(0) { sum, a in sum + (1...n).count { commonDivisor(commonDivisor(a, $0), n) == 1 } }
    },
    each("A001615") { n in TasksTests.divisors(n).filter(isSquarefree).reduce(0) { $0 + n / $1 } },
    each("A010051") { n in TasksTests.divisors(n).count == 2 ? 1 : 0 },
    each("A008966") { n in isSquarefree(n) ? 1 : 0 },
    each("A010052") { n in isSquare(n) ? 1 : 0 },
    each("A000265") { n in n % 2 == 1 ? n : TasksTests.divisors(n).last { $0 % 2 == 1 }! },
    each("A006519") { n in n & -n },
    each("A007814") { n in n.trailingZeroBitCount },
    each("A001511") { n in (2 * n).trailingZeroBitCount },
    each("A007949") { n in primeFactors(n).count { $0 == 3 } },
    each("A003602") { n in ((n >> n.trailingZeroBitCount) + 1) / 2 },
    each("A109007") { n in n % 3 == 0 ? 3 : 1 },
    each("A109008") { n in [4, 1, 2, 1][n % 4] },
  ]

  static let divisorSums: [SequenceFormula] = [
    each("A006218") { n in (0..<n).reduce(0) { $0 + TasksTests.divisors($1 + 1).count } },
    each("A002088") { n in (0..<n).reduce(0) { $0 + totient($1 + 1) } },
    each("A024916") { n in (1...n).reduce(0) { $0 + TasksTests.divisors($1).reduce(0, +) } },
    each("A002321") { n in (1...n).reduce(0) { $0 + moebius($1) } },
    each("A018804") { n in TasksTests.divisors(n).reduce(0) { $0 + $1 * totient(n / $1) } },
    each("A000720") { n in (1...n).count(where: isPrime) },
    each("A002326") { n in (1...).first { power(2, $0, 2 * n + 1) == 1 % (2 * n + 1) }! },
    each("A001175") { n in
      var (pair, steps) = ((1 % n, 1 % n), 1)
      while pair != (0, 1 % n) { (pair, steps) = ((pair.1, (pair.0 + pair.1) % n), steps + 1) }
      return steps
    },
  ]

  private static func unitary(_ n: Int) -> [Int] {
    TasksTests.divisors(n).filter { commonDivisor($0, n / $0) == 1 }
  }

  private static func units(_ n: Int) -> [Int] { (1...n).filter { commonDivisor($0, n) == 1 } }

  private static func power(_ base: Int, _ exponent: Int, _ modulus: Int) -> Int {
    (0..<exponent).reduce(1 % modulus) { product, _ in product * base % modulus }
  }

  static let primes: [SequenceFormula] = [
    numbers("A000040") { isPrime($0) },
    numbers("A065091", from: 3) { isPrime($0) },
    numbers("A002808", from: 4) { !isPrime($0) },
    numbers("A018252") { !isPrime($0) },
    numbers("A001358") { primeFactors($0).count == 2 },
    numbers("A005117") { moebius($0) != 0 },
    numbers("A013929") { moebius($0) == 0 },
    numbers("A000961") { Set(primeFactors($0)).count <= 1 },
    each("A001248") { n in prime(n) * prime(n) },
    each("A007504") { n in (0..<n).reduce(0) { $0 + prime($1 + 1) } },
    each("A001223") { n in prime(n + 1) - prime(n) },
    each("A006093") { n in prime(n) - 1 },
    each("A008864") { n in prime(n) + 1 },
    each("A001043") { n in prime(n) + prime(n + 1) },
    each("A006094") { n in prime(n) * prime(n + 1) },
    each("A006450") { n in prime(prime(n)) },
    each("A151800") { n in ((n + 1)...).first(where: isPrime)! },
    each("A007605") { n in lowDigits(prime(n), 10).reduce(0, +) },
  ]

  static let primeShapes: [SequenceFormula] = [
    numbers("A001359") { isPrime($0) && isPrime($0 + 2) },
    numbers("A006512") { isPrime($0) && isPrime($0 - 2) },
    numbers("A001097") { isPrime($0) && (isPrime($0 - 2) || isPrime($0 + 2)) },
    numbers("A014574") { isPrime($0 - 1) && isPrime($0 + 1) },
    numbers("A023200") { isPrime($0) && isPrime($0 + 4) },
    numbers("A005384") { isPrime($0) && isPrime(2 * $0 + 1) },
    numbers("A005385", from: 5) { isPrime($0) && isPrime(($0 - 1) / 2) },
    numbers("A002144") { isPrime($0) && $0 % 4 == 1 },
    numbers("A002145") { isPrime($0) && $0 % 4 == 3 },
    numbers("A002476") { isPrime($0) && $0 % 6 == 1 },
    numbers("A007528") { isPrime($0) && $0 % 6 == 5 },
    numbers("A002385") { isPrime($0) && lowDigits($0, 10) == lowDigits($0, 10).reversed() },
  ]

  static let numberSets: [SequenceFormula] = [
    numbers("A000037") { !isSquare($0) },
    numbers("A001651") { $0 % 3 != 0 },
    numbers("A047201") { $0 % 5 != 0 },
    numbers("A001481", from: 0) { n in (0...n).contains { $0 * $0 <= n && isSquare(n - $0 * $0) } },
    numbers("A000404") { n in (1...n).contains { $0 * $0 < n && isSquare(n - $0 * $0) } },
    numbers("A005101") { TasksTests.divisors($0).reduce(0, +) > 2 * $0 },
    numbers("A005100") { TasksTests.divisors($0).reduce(0, +) < 2 * $0 },
    numbers("A001597") { n in n == 1 || exponents(n).reduce(0, commonDivisor) > 1 },
    numbers("A001694") { n in exponents(n).allSatisfy { $0 > 1 } },
    numbers("A003586") { primeFactors($0).allSatisfy { $0 <= 3 } },
    numbers("A051037") { primeFactors($0).allSatisfy { $0 <= 5 } },
    numbers("A005349") { $0 % lowDigits($0, 10).reduce(0, +) == 0 },
    numbers("A007770") { happyEnd($0) == 1 },
  ]

  private static func exponents(_ n: Int) -> [Int] {
    let factors = primeFactors(n)
    return Set(factors).map { p in factors.count { $0 == p } }
  }

  /// Where sums of squared digits end: 1, or 4 on the one cycle.
  private static func happyEnd(_ n: Int) -> Int {
    n == 1 || n == 4 ? n : happyEnd(lowDigits(n, 10).reduce(0) { $0 + $1 * $1 })
  }
}
