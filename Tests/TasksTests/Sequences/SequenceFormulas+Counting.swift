import ExactArithmetic

extension SequenceFormula {
  static let iterations: [SequenceFormula] = [
    each("A006370") { n in n % 2 == 0 ? n / 2 : 3 * n + 1 },
    each("A006577") { n in
      var (value, steps) = (n, 0)
      while value != 1 { (value, steps) = (value % 2 == 0 ? value / 2 : 3 * value + 1, steps + 1) }
      return steps
    },
    each("A006257") { n in survivor(n) },
    each("A002487") { n in stern(n) },
    list("A005132") {
      (1..<40).reduce(into: [0]) { terms, n in
        let back = terms.last! - n
        terms.append(back > 0 && !terms.contains(back) ? back : terms.last! + n)
      }
    },
    list("A004207") {
      (1..<40).reduce(into: [1]) { terms, _ in
        terms.append(terms.reduce(0) { $0 + lowDigits($1, 10).reduce(0, +) })
      }
    },
    list("A004718") {
      (1..<40).reduce(into: [0]) { terms, n in terms.append(n % 2 == 0 ? -terms[n / 2] : terms[n / 2] + 1) }
    },
  ]

  /// Who is left when every second of n people in a circle goes, by playing it; 0 for nobody.
  private static func survivor(_ n: Int) -> Int {
    var circle = Array(0..<n).map { $0 + 1 }
    while circle.count > 1 { circle = Array(circle.dropFirst(2)) + [circle[0]] }
    return circle.first ?? 0
  }

  /// s(n): the number of ways to write n - 1 with powers of 2, each at most twice.
  private static func stern(_ n: Int) -> Int {
    func ways(_ n: Int, _ power: Int) -> Int {
      if n == 0 { return 1 }
      guard power > 0, n > 0 else { return 0 }
      return (0...2).reduce(0) { $0 + ways(n - $1 * power, power / 2) }
    }
    return n == 0 ? 0 : ways(n - 1, 64)
  }

  static let selfReferential: [SequenceFormula] = [
    list("A000002") {
      var terms = [1, 2, 2]
      var run = 2
      while terms.count < 42 {
        terms += Array(repeating: 3 - terms.last!, count: terms[run])
        run += 1
      }
      return terms
    },
    list("A001462") {
      var terms = [0, 1, 2, 2]
      for n in 3...20 { terms += Array(repeating: n, count: terms[n]) }
      return Array(terms.dropFirst())
    },
    list("A005185") { nested(1, [0, 1, 1]) { a, n in a[n - a[n - 1]] + a[n - a[n - 2]] } },
    list("A004001") { nested(1, [0, 1, 1]) { a, n in a[a[n - 1]] + a[n - a[n - 1]] } },
    list("A005206") { nested(0, [0]) { a, n in n - a[a[n - 1]] } },
    list("A005374") { nested(0, [0]) { a, n in n - a[a[a[n - 1]]] } },
    list("A005378") { married().female },
    list("A005379") { married().male },
  ]

  /// Terms from those before them; the array's place is the index, and `first` the one to start from.
  private static func nested(_ first: Int, _ start: [Int], _ next: ([Int], Int) -> Int) -> [Int] {
    var terms = start
    while terms.count < first + count { terms.append(next(terms, terms.count)) }
    return Array(terms.dropFirst(first))
  }

  private static func married() -> (female: [Int], male: [Int]) {
    var (female, male) = ([1], [0])
    for n in 1..<count {
      male.append(n - female[male[n - 1]])
      female.append(n - male[female[n - 1]])
    }
    return (female, male)
  }

  static let counts: [SequenceFormula] = [
    each("A000041") { n in partitionsByRecurrence(n) },
    each("A000009") { n in distinctPartitions(n, from: 1) },
    each("A018819") { n in partitions(n, of: [1, 2, 4, 8, 16, 32]) },
    each("A000123") { n in partitions(2 * n, of: [1, 2, 4, 8, 16, 32, 64]) },
    each("A002375") { n in n < 3 ? 0 : (3...n).count { $0 % 2 == 1 && isPrime($0) && isPrime(2 * n - $0) } },
    big("A001405") { n in (0...Int(n)).map { binomial(Int(n), $0) }.max()! },
    big("A002426") { n in
      (0...Int(n) / 2).reduce(0) { $0 + binomial(Int(n), 2 * $1) * binomial(2 * $1, $1) }
    },
    SequenceFormula(number: "A001006") { _ in
      (1..<count).reduce(into: [1]) { m, n in
        m.append((0..<(n - 1)).reduce(m[n - 1]) { $0 + m[$1] * m[n - 2 - $1] })
      }
    },
    SequenceFormula(number: "A004148") { _ in
      (1..<count).reduce(into: [1]) { a, n in
        a.append((0..<n).dropFirst().dropLast().reduce(a[n - 1]) { $0 + a[$1] * a[n - 2 - $1 + 0] })
      }
    },
    SequenceFormula(number: "A000081") { _ in rootedTrees() },
    big("A003418") { n in (1...max(1, Int(n))).reduce(1) { BigInteger.leastCommonMultiple($0, BigInteger($1)) } },
    big("A034386") { n in (2...max(2, Int(n))).filter { $0 <= n && isPrime($0) }.reduce(1) { $0 * BigInteger($1) } },
  ]

  /// n·p(n) = Σ σ(k)·p(n - k).
  private static func partitionsByRecurrence(_ n: Int) -> Int {
    var p = [1]
    for m in 0..<n {
      let sum = (0...m).reduce(0) { $0 + TasksTests.divisors($1 + 1).reduce(0, +) * p[m - $1] }
      p.append(sum / (m + 1))
    }
    return p[n]
  }

  private static func distinctPartitions(_ n: Int, from least: Int) -> Int {
    if n == 0 { return 1 }
    return least > n ? 0 : (least...n).reduce(0) { $0 + distinctPartitions(n - $1, from: $1 + 1) }
  }

  /// Cayley's product, one factor 1/(1 - x^k)^t(k) after the other.
  private static func rootedTrees() -> [BigInteger] {
    var trees: [BigInteger] = [0, 1]
    var forests: [BigInteger] = [1] + Array(repeating: 0, count: count)
    while trees.count < count {
      let size = trees.count - 1
      let kinds = trees[size]
      var grown = forests
      for copies in 1...count where copies * size <= count {
        // Multisets of that many trees of this size.
        var choices: BigInteger = 1
        for index in 0..<copies { choices = choices * (kinds + BigInteger(index)) / BigInteger(index + 1) }
        for rest in 0...(count - copies * size) { grown[rest + copies * size] += choices * forests[rest] }
      }
      forests = grown
      trees.append(forests[size])
    }
    return trees
  }
}
