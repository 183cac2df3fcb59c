import ExactArithmetic

/// Every task on symbols once more, by another algorithm than `Tasks` has.
enum SecondRoute {
  static func chomsky(_ name: String, _ x: [Int]) -> [Int] {
    switch name {
    case "even-pairs": [x.first == x.last ? 0 : 1]
    case "modular-arithmetic": [residue(plain(x[...]))]
    case "parity-check": [x.reduce(0, ^)]
    case "cycle-navigation": [residue(BigInteger(x.count { $0 == 2 } - x.count { $0 == 0 }))]
    case "stack-manipulation": stack(x) + [2]
    case "reverse-string": x.indices.map { x[x.count - 1 - $0] }
    case "modular-arithmetic-brackets": [residue(rewritten(x.map { brackets[$0] }))]
    case "solve-equation": [solved(x)]
    case "duplicate-string": (0..<2 * x.count).map { x[$0 % x.count] }
    case "missing-duplicate": [missing(x)]
    case "odds-first": x.enumerated().sorted { ($0.offset % 2, $0.offset) < ($1.offset % 2, $1.offset) }.map(\.element)
    case "binary-addition": x.count < 3 ? trimmed(x) + [2] : addition(parts(x).0, parts(x).1) + [2]
    case "binary-multiplication": x.count < 3 ? [[2], [0, 2]][x.count - 1] : product(parts(x).0, parts(x).1) + [2]
    case "compute-sqrt": squareRoot(x)
    case "bucket-sort": (0..<5).flatMap { symbol in x.filter { $0 == symbol } }
    default: []
    }
  }

  /// The answer to a stream's beginning, computed from that beginning alone.
  static func stream(_ name: String, _ x: [Int]) -> Int {
    let t = x.count
    func back(_ i: Int) -> Int { t - i >= 1 ? x[t - i - 1] : 0 }
    func last(_ n: Int) -> [Int] { (0..<n).map(back) }
    let words = name.split(separator: "-").dropFirst().map(String.init)
    let n = Int(words.last ?? "") ?? 0
    switch words[0] {
    case "and": return last(n).allSatisfy { $0 == 1 } ? 1 : 0
    case "or": return last(n).contains(1) ? 1 : 0
    case "majority": return last(n).sorted()[(n - 1) / 2]
    case "previous": return back(n)
    case "sum" where words[1] == "last": return last(n).reduce(0, +)
    case "sum", "count": return x.reduce(0, +) % n
    case "add":
      let (a, b) = (number(x.map { $0 / n }, n), number(x.map { $0 % n }, n))
      return Int((a + b) / BigInteger(n).power(t - 1) % BigInteger(n))
    case "parity": return x.split(separator: 2, omittingEmptySubsequences: false).last!.reduce(0, ^)
    case "set": return (0..<8).count { x.contains($0) }
    case "first": return (1...t).first { x[$0 - 1] == 1 } ?? 0
    case "palindrome": return (0..<t).allSatisfy { x[$0] == x[t - 1 - $0] } ? 1 : 0
    case "gcd": return (1...30).last { d in x.allSatisfy { $0 % d == 0 } && x.contains { $0 > 0 } } ?? 0
    case "bracket": return x.count { $0 == 0 } - x.count { $0 == 1 }
    default: preconditionFailure("no second definition of \(name)")
    }
  }
}

// MARK: - Expressions

extension SecondRoute {
  private static let brackets = Array("01234+-*()")
  private static let equations = Array("01234+-()x=")

  private static func residue(_ n: BigInteger) -> Int { Int(n.euclideanQuotientAndRemainder(dividingBy: 5).remainder) }

  /// Exact, by cutting at the last sum, and at the last product where there is none.
  private static func plain(_ x: ArraySlice<Int>) -> BigInteger {
    if let cut = x.lastIndex(where: { $0 == 5 || $0 == 6 }) {
      let right = plain(x[(cut + 1)...])
      return plain(x[..<cut]) + (x[cut] == 5 ? right : -right)
    }
    return x.filter { $0 < 5 }.reduce(1) { $0 * BigInteger($1) }
  }

  /// A character, or the value of a part that is done.
  private enum Token {
    case character(Character)
    case value(BigInteger)
  }

  /// Rewrites the first innermost bracket until none is left.
  private static func rewritten(_ characters: [Character]) -> BigInteger {
    var tokens = characters.map { $0.isNumber ? Token.value(BigInteger($0.wholeNumberValue!)) : .character($0) }
    func place(_ wanted: Character, in part: ArraySlice<Token>, last: Bool) -> Int? {
      func isWanted(_ token: Token) -> Bool { if case .character(wanted) = token { true } else { false } }
      return last ? part.lastIndex(where: isWanted) : part.firstIndex(where: isWanted)
    }
    while let close = place(")", in: tokens[...], last: false), let open = place("(", in: tokens[..<close], last: true)
    {
      tokens.replaceSubrange(open...close, with: [.value(flat(Array(tokens[(open + 1)..<close])))])
    }
    return flat(tokens)
  }

  /// The value of `[-]a [op [-]b]`: a minus behind a value is the operation, any other a sign.
  private static func flat(_ tokens: [Token]) -> BigInteger {
    var (values, operation, isNegative): ([BigInteger], Character?, Bool) = ([], nil, false)
    for token in tokens {
      switch token {
      case .value(let value):
        values.append(BigInteger(residue(isNegative ? -value : value)))
        isNegative = false
      case .character(let character):
        if values.count == 1, operation == nil { operation = character } else { isNegative = true }
      }
    }
    switch operation {
    case "+": return values[0] + values[1]
    case "-": return values[0] - values[1]
    case "*": return values[0] * values[1]
    default: return values[0]
    }
  }

  private static func solved(_ x: [Int]) -> Int {
    if x.count < 3 { return 0 }
    let left = x.dropLast(2).map { equations[$0] }
    let solutions = (0..<5).filter { digit in
      residue(rewritten(left.map { $0 == "x" ? Character("\(digit)") : $0 })) == x.last
    }
    precondition(solutions.count == 1, "\(solutions.count) solutions of \(x)")
    return solutions[0]
  }
}

// MARK: - Words and numbers

extension SecondRoute {
  /// Slots by height: a pop lowers the top, a push overwrites what is above it.
  private static func stack(_ x: [Int]) -> [Int] {
    var slots = [Int](repeating: 0, count: x.count + 1)
    var height = 0
    for symbol in x {
      if symbol == 2 {
        height = max(0, height - 1)
      } else {
        slots[height] = symbol % 3 == 0 ? 0 : symbol == 4 ? 1 : symbol
        height += 1
      }
    }
    return slots[..<height].reversed()
  }

  private static func missing(_ x: [Int]) -> Int {
    if x == [1] { return 1 }
    return (0...1).first { guess in
      let word = x.filter { $0 != 3 }.map { $0 == 2 ? guess : $0 }
      return word.prefix(word.count / 2) == word.suffix(word.count / 2)
    }!
  }

  private static func parts(_ x: [Int]) -> ([Int], [Int]) {
    let parts = x.split(separator: 2)
    return (Array(parts[0]), Array(parts[1]))
  }

  private static func trimmed(_ bits: [Int]) -> [Int] {
    let end = bits.lastIndex(of: 1) ?? 0
    return Array(bits[...end])
  }

  /// Column by column with a carry.
  private static func addition(_ a: [Int], _ b: [Int]) -> [Int] {
    var (sum, carry): ([Int], Int) = ([], 0)
    for i in 0...max(a.count, b.count) {
      carry += (i < a.count ? a[i] : 0) + (i < b.count ? b[i] : 0)
      sum.append(carry % 2)
      carry /= 2
    }
    return trimmed(sum)
  }

  /// By shifting and adding.
  private static func product(_ a: [Int], _ b: [Int]) -> [Int] {
    b.indices.filter { b[$0] == 1 }.reduce([0]) { addition($0, Array(repeating: 0, count: $1) + a) }
  }

  /// Bit by bit from the highest: a bit stays when the square does not exceed the number.
  private static func squareRoot(_ x: [Int]) -> [Int] {
    let value = number(x.reversed(), 2)
    var root: [Int] = []
    let count = (x.count + 1) / 2
    for _ in 0..<count {
      let trial = number((root + [1]).reversed(), 2) << (count - root.count - 1)
      root.append(trial * trial <= value ? 1 : 0)
    }
    return root
  }

  /// The number with these digits, the lowest first.
  private static func number(_ digits: [Int], _ base: Int) -> BigInteger {
    digits.reversed().reduce(0) { $0 * BigInteger(base) + BigInteger($1) }
  }
}
