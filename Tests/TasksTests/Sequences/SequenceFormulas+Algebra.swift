import ExactArithmetic

extension SequenceFormula {
  static let periodic: [SequenceFormula] = [
    each("A000012") { _ in 1 },
    each("A000007") { $0 == 0 ? 1 : 0 },
    each("A000035") { $0 & 1 },
    each("A000034") { $0 & 1 == 0 ? 1 : 2 },
    each("A010872") { n in n - 3 * (n / 3) },
    each("A010873") { n in n & 3 },
    each("A010874") { n in n - 5 * (n / 5) },
    each("A011655") { n in (n * n) % 3 },
    each("A033999") { n in n & 1 == 0 ? 1 : -1 },
    each("A049347") { n in [1, -1, 0][n % 3] },
    each("A102283") { n in [0, 1, -1][n % 3] },
    each("A056594") { n in [1, 0, -1, 0][n % 4] },
    each("A010892") { n in [1, 1, 0, -1, -1, 0][n % 6] },
  ]

  static let polynomials: [SequenceFormula] = [
    big("A000027") { $0 },
    big("A001489") { -$0 },
    big("A005843") { $0 + $0 },
    big("A005408") { $0 + $0 + 1 },
    big("A008585") { $0 + $0 + $0 },
    big("A016777") { 3 * $0 + 1 },
    big("A016789") { 3 * $0 + 2 },
    big("A016813") { 4 * $0 + 1 },
    big("A000290") { $0.power(2) },
    big("A000578") { $0.power(3) },
    big("A000583") { $0.power(4) },
    big("A000584") { $0.power(5) },
    big("A001014") { $0.power(6) },
    big("A001105") { 2 * $0.power(2) },
    big("A002522") { $0.power(2) + 1 },
    big("A005563") { ($0 + 1).power(2) - 1 },
    big("A002378") { $0.power(2) + $0 },
    big("A002061") { $0.power(2) - $0 + 1 },
    big("A028387") { ($0 + 1).power(2) + $0 },
    big("A005898") { $0.power(3) + ($0 + 1).power(3) },
  ]

  /// Figurate numbers as sums of what one layer adds, rather than by their closed forms.
  static let figurates: [SequenceFormula] = [
    sums("A000217") { $0 },
    sums("A000292") { n in n * (n + 1) / 2 },
    sums("A000330") { n in n * n },
    sums("A000537") { n in n.power(3) },
    sums("A000538") { n in n.power(4) },
    sums("A000326") { n in 3 * n - 2 },
    sums("A000384") { n in 4 * n - 3 },
    sums("A000566") { n in 5 * n - 4 },
    sums("A000567") { n in 6 * n - 5 },
    sums("A005449") { n in 3 * n - 1 },
    sums("A014105") { n in 4 * n - 1 },
    sums("A000447") { n in (2 * n - 1).power(2) },
    sums("A002411") { n in n * (3 * n - 1) / 2 },
    sums("A005900") { n in n * n + (n - 1) * (n - 1) },
    sums("A007588") { n in 6 * n * n - 6 * n + 1 },
    sums("A000124", 1) { n in n },
    sums("A000125", 1) { n in n * (n - 1) / 2 + 1 },
    sums("A001844", 1) { n in 4 * n },
    sums("A003215", 1) { n in 6 * n },
    sums("A005891", 1) { n in 5 * n },
    sums("A005448", from: 1, 1) { n in 3 * (n - 1) },
    each("A000332") { n in Int(binomial(n, 4)) },
    each("A000389") { n in Int(binomial(n, 5)) },
    each("A000127") { n in (0...4).map { Int(binomial(n - 1, $0)) }.reduce(0, +) },
    list("A001318") { (-40...40).map { $0 * (3 * $0 - 1) / 2 }.sorted() },
  ]

  /// a(n) = start + the sum of what is added at 1 ... n (at from + 1 ... n for another offset).
  private static func sums(
    _ number: String, from first: Int = 0, _ start: BigInteger = 0,
    _ layer: @escaping @Sendable (BigInteger) -> BigInteger
  ) -> SequenceFormula {
    SequenceFormula(number: number) { offset in
      precondition(offset == first, "\(number) starts at \(offset)")
      var terms = [start]
      while terms.count < count { terms.append(terms.last! + layer(BigInteger(first + terms.count))) }
      return terms
    }
  }

  static let powers: [SequenceFormula] = [
    recurrence("A000079", [1], [2]),
    recurrence("A000244", [1], [3]),
    recurrence("A000225", [0], [2], plus: 1),
    recurrence("A000051", [2], [2], plus: -1),
    recurrence("A000918", [-1], [2], plus: 2),
    recurrence("A024023", [0], [3], plus: 2),
    recurrence("A003462", [0], [3], plus: 1),
    recurrence("A007051", [1], [3], plus: -1),
    big("A001047") { n in
      (0..<Int(n)).reduce(0) { sum, k in sum + BigInteger(3).power(k) * BigInteger(2).power(Int(n) - 1 - k) }
    },
    big("A000295") { n in (0...Int(n)).dropFirst(2).reduce(0) { $0 + binomial(Int(n), $1) } },
    big("A001787") { n in (0...Int(n)).reduce(0) { $0 + BigInteger($1) * binomial(Int(n), $1) } },
    big("A036289") { n in n * BigInteger(2).power(Int(n)) },
    big("A001792") { n in (1...Int(n) + 1).reduce(0) { $0 + BigInteger($1) * binomial(Int(n), $1 - 1) } },
    big("A001788") { n in (0...Int(n)).reduce(0) { $0 + BigInteger($1 * $1) * binomial(Int(n), $1) } },
    big("A000337") { n in (0..<Int(n)).reduce(0) { $0 + BigInteger($1 + 1) * BigInteger(2).power($1) } },
    recurrence("A000392", [0, 0, 0, 1], [6, -11, 6]),
    recurrence("A001045", [0, 1], [1, 2]),
    recurrence("A014551", [2, 1], [1, 2]),
    list("A000975") { iterated(0) { $1 % 2 == 1 ? 2 * $0 + 1 : 2 * $0 } },
    list("A005578") { iterated(1) { $1 % 2 == 1 ? 2 * $0 - 1 : 2 * $0 } },
  ]

  /// A sequence from its first term, and each term from the last one and its place, 1 and up.
  private static func iterated(_ first: Int, _ next: (Int, Int) -> Int) -> [Int] {
    (1..<count).reduce(into: [first]) { $0.append(next($0.last!, $1)) }
  }

  static let recurrences: [SequenceFormula] = [
    recurrence("A000045", [0, 1], [1, 1]),
    recurrence("A000032", [2, 1], [1, 1]),
    recurrence("A000129", [0, 1], [2, 1]),
    recurrence("A002203", [2, 2], [2, 1]),
    recurrence("A001333", [1, 1], [2, 1]),
    recurrence("A001608", [3, 0, 2], [0, 1, 1]),
    recurrence("A000931", [1, 0, 0], [0, 1, 1]),
    recurrence("A000073", [0, 0, 1], [1, 1, 1]),
    recurrence("A001644", [3, 1, 3], [1, 1, 1]),
    recurrence("A000078", [0, 0, 0, 1], [1, 1, 1, 1]),
    recurrence("A000930", [1, 1, 1], [1, 0, 1]),
    recurrence("A003269", [0, 1, 1, 1], [1, 0, 0, 1]),
    recurrence("A006130", [1, 1], [1, 3]),
    recurrence("A006131", [1, 1], [1, 4]),
    recurrence("A015440", [1, 1], [1, 5]),
    recurrence("A002605", [0, 1], [2, 2]),
    recurrence("A107920", [0, 1], [1, -2]),
    recurrence("A001906", [0, 1], [3, -1]),
    recurrence("A001519", [1, 1], [3, -1]),
    recurrence("A005248", [2, 3], [3, -1]),
    recurrence("A000071", [0, 0], [1, 1], plus: 1),
    recurrence("A001595", [1, 1], [1, 1], plus: 1),
    big("A007598") { n in fibonacci(Int(n)).power(2) },
    big("A001654") { n in fibonacci(Int(n)) * fibonacci(Int(n) + 1) },
  ]

  /// F(n) = the sum of the binomials (n - 1 - k over k).
  private static func fibonacci(_ n: Int) -> BigInteger { (0..<n).reduce(0) { $0 + binomial(n - 1 - $1, $1) } }
}
