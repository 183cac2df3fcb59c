import ExactArithmetic

extension SequenceFormula {
  static let digits: [SequenceFormula] = [
    each("A007953") { n in lowDigits(n, 10).reduce(0, +) },
    each("A053735") { n in lowDigits(n, 3).reduce(0, +) },
    each("A000120") { n in lowDigits(n, 2).reduce(0, +) },
    each("A004086") { n in value(lowDigits: lowDigits(n, 10).reversed(), 10) },
    each("A030101") { n in value(lowDigits: lowDigits(n, 2).reversed(), 2) },
    each("A007088") { n in value(lowDigits: lowDigits(n, 2), 10) },
    each("A007089") { n in value(lowDigits: lowDigits(n, 3), 10) },
    each("A000695") { n in value(lowDigits: lowDigits(n, 2), 4) },
    each("A010888") { n in n == 0 ? 0 : (n - 1) % 9 + 1 },
    each("A010879") { n in lowDigits(n, 10).first ?? 0 },
    each("A000030") { n in lowDigits(n, 10).last ?? 0 },
    each("A070939") { n in max(1, lowDigits(n, 2).count) },
    each("A023416") { n in n == 0 ? 1 : lowDigits(n, 2).count { $0 == 0 } },
    each("A053644") { n in n == 0 ? 0 : 1 << (lowDigits(n, 2).count - 1) },
    each("A053645") { n in n - 1 << (lowDigits(n, 2).count - 1) },
    each("A035327") { n in n == 0 ? 1 : value(lowDigits: lowDigits(n, 2).map { 1 - $0 }, 2) },
    each("A003188") { n in
      let bits = lowDigits(n, 2)
      return value(lowDigits: bits.indices.map { (bits[$0] + ($0 + 1 < bits.count ? bits[$0 + 1] : 0)) % 2 }, 2)
    },
    each("A006068") { n in
      var (rest, value) = (n, 0)
      while rest > 0 { (value, rest) = (value ^ rest, rest / 2) }
      return value
    },
    each("A010060") { n in thueMorse(n) },
    each("A005187") { n in (0...n).reduce(0) { $0 + ($1 == 0 ? 0 : (2 * $1).trailingZeroBitCount) } },
    each("A011371") { n in (0...n).reduce(0) { $0 + ($1 == 0 ? 0 : $1.trailingZeroBitCount) } },
    each("A005811") { n in
      let bits = lowDigits(n, 2)
      return (bits.isEmpty ? 0 : 1) + zip(bits, bits.dropFirst()).count { $0 != $1 }
    },
    each("A014081") { n in pairs(n) },
    each("A020985") { n in pairs(n) % 2 == 0 ? 1 : -1 },
    each("A014577") { n in paperFold(6)[n] },
    each("A096268") { n in morphism([0], 6) { $0 == 0 ? [0, 1] : [0, 0] }[n] },
    each("A003849") { n in morphism([0], 9) { $0 == 0 ? [0, 1] : [0] }[n] },
    each("A001316") { n in (0...n).count { binomial(n, $0) % 2 == 1 } },
    list("A033307") { (1...40).flatMap { lowDigits($0, 10).reversed() } },
  ]

  static let digitSets: [SequenceFormula] = [
    numbers("A000069") { thueMorse($0) == 1 },
    numbers("A001969", from: 0) { thueMorse($0) == 0 },
    numbers("A002113", from: 0) { lowDigits($0, 10) == lowDigits($0, 10).reversed() },
    numbers("A006995", from: 0) { lowDigits($0, 2) == lowDigits($0, 2).reversed() },
    numbers("A003714", from: 0) { pairs($0) == 0 },
    numbers("A005836", from: 0) { !lowDigits($0, 3).contains(2) },
  ]

  /// t(2n) = t(n), t(2n + 1) = 1 - t(n).
  private static func thueMorse(_ n: Int) -> Int { n == 0 ? 0 : n % 2 == 0 ? thueMorse(n / 2) : 1 - thueMorse(n / 2) }

  /// How often 11 stands in binary n, overlaps counted.
  private static func pairs(_ n: Int) -> Int {
    let bits = lowDigits(n, 2)
    return zip(bits, bits.dropFirst()).count { $0 == 1 && $1 == 1 }
  }

  /// The creases of a strip folded so many times: those before, 1, those before mirrored and complemented.
  private static func paperFold(_ times: Int) -> [Int] {
    (0..<times).reduce([]) { creases, _ in creases + [1] + creases.reversed().map { 1 - $0 } }
  }

  private static func morphism(_ start: [Int], _ times: Int, _ image: (Int) -> [Int]) -> [Int] {
    (0..<times).reduce(start) { word, _ in word.flatMap(image) }
  }

  static let floors: [SequenceFormula] = [
    each("A004526") { n in (n - n % 2) / 2 },
    each("A110654") { n in (n + n % 2) / 2 },
    each("A002264") { n in (n - n % 3) / 3 },
    each("A002265") { n in (n - n % 4) / 4 },
    each("A002620") { n in (0..<n).reduce(0) { $0 + ($1 + 1) / 2 } },
    each("A000212") { n in (n * n - n * n % 3) / 3 },
    each("A000196") { n in root(n) },
    each("A000194") { n in (0...).first { $0 * ($0 + 1) >= n }! },
    each("A048766") { n in (0...).first { $0 * $0 * $0 > n }! - 1 },
    each("A048760") { n in (0...n).last(where: isSquare)! },
    each("A053186") { n in (0...n).first { isSquare(n - $0) }! },
    each("A000093") { n in root(n * n * n) },
    each("A000523") { n in lowDigits(n, 2).count - 1 },
    each("A029837") { n in (0...).first { 1 << $0 >= n }! },
    each("A000201") { n in (n + root(5 * n * n)) / 2 },
    each("A001950") { n in (3 * n + root(5 * n * n)) / 2 },
    each("A001951") { n in root(2 * n * n) },
    each("A022838") { n in root(3 * n * n) },
    each("A001840") { n in (0...n).reduce(0) { $0 + ($1 + 2) / 3 } },
    each("A001399") { n in partitions(n, of: [1, 2, 3]) },
    each("A005044") { n in n < 3 ? 0 : partitions(n - 3, of: [2, 3, 4]) },
  ]

  static let triangles: [SequenceFormula] = [
    list("A002024") { (1...9).flatMap { n in (1...n).map { _ in n } } },
    list("A002260") { (1...9).flatMap { n in Array(1...n) } },
    list("A004736") { (1...9).flatMap { n in (1...n).reversed() } },
    list("A003056") { (0...9).flatMap { n in (0...n).map { _ in n } } },
    list("A002262") { (0...9).flatMap { n in Array(0...n) } },
  ]

  /// The ways to pay n with coins.
  static func partitions(_ n: Int, of parts: [Int]) -> Int {
    guard let part = parts.last else { return n == 0 ? 1 : 0 }
    return stride(from: 0, through: n, by: part).reduce(0) { $0 + partitions(n - $1, of: parts.dropLast()) }
  }
}
