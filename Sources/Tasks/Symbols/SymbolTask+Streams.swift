import Randomness

extension SymbolTask {
  /// Tasks that answer each symbol at once: y_t depends on x_1 … x_t alone.
  ///
  /// In every formula symbols before the first count as 0: x_t = 0 for t < 1. Symbols that stand for numbers have the
  /// number of their name. Unless `summary` says otherwise, inputs are all words over the alphabet, evenly.
  public static let streams: [SymbolTask] =
    lastBits + delays + sums + additions + counters + histories + structures

  /// Logic and majority of the last bits.
  private static let lastBits: [SymbolTask] =
    [2, 3].map { n in
      window("stream-and-\(n)", n, bits: true, "y_t = \(terms(n, " and "))") { $0 == n ? 1 : 0 }
    }
    + [2, 3].map { n in window("stream-or-\(n)", n, bits: true, "y_t = \(terms(n, " or "))") { $0 > 0 ? 1 : 0 } }
    + [4, 5].map { n in
      window("stream-majority-\(n)", n, bits: true, "y_t = 1 if \(terms(n, " + ")) > \(n)/2, else 0") {
        2 * $0 > n ? 1 : 0
      }
    }

  private static let delays: [SymbolTask] = [6, 7, 8].map { n in
    stream("stream-previous-\(n)", "y_t = x_(t-\(n))", "words over {0, 1}", binary, binary) { input in
      Array((Array(repeating: 0, count: n) + input).prefix(input.count))
    }
  }

  private static let sums: [SymbolTask] =
    [8, 9].map { n in window("stream-sum-last-\(n)", n, bits: false, "y_t = x_t + x_(t-1) + … + x_(t-\(n - 1))") { $0 }
    }
    + [9, 10].map { k in
      stream(
        "stream-sum-mod-\(k)", "y_t = (x_1 + … + x_t) mod \(k)", "digits 0 … \(k - 1)", SymbolAlphabet(numbers: k),
        SymbolAlphabet(numbers: k)
      ) { input in scan(input, 0) { ($0 + $1) % k } }
    }

  private static let additions: [SymbolTask] = [8, 9, 10].map { b in
    let pairs = (0..<b).flatMap { first in (0..<b).map { "\(first)+\($0)" } }
    return stream(
      "stream-add-base-\(b)", "y_t = (a_t + b_t + c_t) mod \(b), c_(t+1) = (a_t + b_t + c_t) div \(b), c_1 = 0",
      "pairs x_t = \(b)*a_t + b_t of digits, the lowest first", SymbolAlphabet(pairs), SymbolAlphabet(numbers: b)
    ) { input in
      var carry = 0
      return input.map { pair in
        let sum = pair / b + pair % b + carry
        carry = sum / b
        return sum % b
      }
    }
  }

  private static let counters: [SymbolTask] =
    [3, 5, 7].map { k in
      stream(
        "stream-count-mod-\(k)", "y_t = (how many of x_1 … x_t are 1) mod \(k)", "words over {0, 1}", binary,
        SymbolAlphabet(numbers: k)
      ) { input in scan(input, 0) { ($0 + $1) % k } }
    } + [
      stream(
        "stream-parity-reset", "y_t = (how many 1 since the last reset, or the start) mod 2; 0 at a reset",
        "words over {0, 1, reset}", SymbolAlphabet(["0", "1", "reset"]), binary
      ) { input in scan(input, 0) { $1 == 2 ? 0 : ($0 + $1) % 2 } }
    ]

  /// What the whole past says.
  private static let histories: [SymbolTask] = [
    stream(
      "stream-set-size", "y_t = |{x_1, …, x_t}|", "words over {0, …, 7}", SymbolAlphabet(numbers: 8),
      SymbolAlphabet(numbers: 9)
    ) { input in
      var seen: Set<Int> = []
      return input.map {
        seen.insert($0)
        return seen.count
      }
    },
    stream(
      "stream-first-index", "y_t = the least i <= t with x_i = 1; 0 while there is none",
      "words over {0, 1} whose first 1 stands at a place of 1 … 16, or nowhere, evenly; even from there on", binary,
      SymbolAlphabet(numbers: 17), sampler: sampleFirstIndex
    ) { input in
      let first = input.firstIndex(of: 1).map { $0 + 1 }
      guard first ?? 0 <= 16 else { return nil }
      return input.indices.map { $0 + 1 >= first ?? .max ? first! : 0 }
    },
    stream(
      "stream-gcd", "y_t = gcd(x_1, …, x_t), where gcd(0, a) = a",
      "numbers 0 … 30; multiples of a number that falls to one of its divisors, with 1/8 at each step",
      SymbolAlphabet(numbers: 31), SymbolAlphabet(numbers: 31), sampler: sampleMultiples
    ) { input in scan(input, 0, gcd) },
  ]

  /// Words read both ways, and brackets.
  private static let structures: [SymbolTask] = [
    stream(
      "stream-palindrome", "y_t = 1 if x_1 … x_t = x_t … x_1, else 0",
      "words over {0, 1}: half of them even, half mirrored again and again, each time at the last symbol or behind it",
      binary, binary, sampler: samplePalindromes, rule: palindromes),
    stream(
      "stream-bracket-depth", "y_t = how many of the brackets x_1 … x_t are open",
      "brackets of depth 0 … 15: ( at 0, ) at 15, even between", SymbolAlphabet(["(", ")"]),
      SymbolAlphabet(numbers: 16),
      sampler: sampleBrackets
    ) { input in
      let depths = scan(input, 0) { $0 + 1 - 2 * $1 }
      return depths.allSatisfy { (0...15).contains($0) } ? depths : nil
    },
  ]
}

// MARK: - Forms of streams

extension SymbolTask {
  private static func stream(
    _ name: String, _ formula: String, _ summary: String, _ input: SymbolAlphabet, _ output: SymbolAlphabet,
    sampler: (@Sendable (Int, inout SeededGenerator) -> [Int])? = nil, rule: @escaping @Sendable ([Int]) -> [Int]?
  ) -> SymbolTask {
    SymbolTask(
      name: name, kind: .stream, formula: formula, summary: summary, input: input, output: output,
      inputLength: { $0 }, outputLength: { $0 },
      sampler: sampler ?? { length, generator in generator.symbols(length, below: input.count) }, rule: rule)
  }

  /// y_t from the sum of the last n bits.
  private static func window(
    _ name: String, _ n: Int, bits: Bool, _ formula: String, _ answer: @escaping @Sendable (Int) -> Int
  ) -> SymbolTask {
    stream(name, formula, "words over {0, 1}", binary, SymbolAlphabet(numbers: bits ? 2 : n + 1)) { input in
      var sum = 0
      return input.indices.map { t in
        sum += input[t] - (t < n ? 0 : input[t - n])
        return answer(sum)
      }
    }
  }

  /// `x_t and x_(t-1) and …`.
  private static func terms(_ n: Int, _ operation: String) -> String {
    (["x_t"] + (1..<n).map { "x_(t-\($0))" }).joined(separator: operation)
  }

  /// The states after each symbol.
  private static func scan(_ input: [Int], _ start: Int, _ step: (Int, Int) -> Int) -> [Int] {
    var state = start
    return input.map { symbol in
      state = step(state, symbol)
      return state
    }
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }

  /// Palindromic prefixes in linear time, from the radius of the longest palindrome at each centre (Manacher 1975).
  @Sendable private static func palindromes(_ input: [Int]) -> [Int]? {
    // Between and around the symbols stand gaps, so that both parities are one case.
    let word = [-1] + input.flatMap { [$0, -1] }
    var radius = [Int](repeating: 0, count: word.count)
    var (centre, right) = (0, 0)
    for i in word.indices {
      if i < right { radius[i] = min(right - i, radius[2 * centre - i]) }
      while i - radius[i] > 0, i + radius[i] + 1 < word.count, word[i - radius[i] - 1] == word[i + radius[i] + 1] {
        radius[i] += 1
      }
      if i + radius[i] > right { (centre, right) = (i, i + radius[i]) }
    }
    // The prefix of t symbols ends at gap 2t; its centre is t.
    return (1...input.count).map { radius[$0] >= $0 ? 1 : 0 }
  }
}

// MARK: - Samplers

extension SymbolTask {
  @Sendable private static func sampleFirstIndex(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    let first = Int(generator.below(17))
    guard first > 0 else { return Array(repeating: 0, count: length) }
    let rest = generator.symbols(max(0, length - first), below: 2)
    return Array((Array(repeating: 0, count: first - 1) + [1] + rest).prefix(length))
  }

  @Sendable private static func sampleMultiples(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    var common = 1 + Int(generator.below(30))
    return (0..<length).map { _ in
      if generator.below(8) == 0 {
        let divisors = (1...common).filter { common % $0 == 0 }
        common = divisors[Int(generator.below(UInt64(divisors.count)))]
      }
      return common * Int(generator.below(UInt64(30 / common + 1)))
    }
  }

  @Sendable private static func samplePalindromes(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    if generator.below(2) == 0 { return generator.symbols(length, below: 2) }
    var word = generator.symbols(1 + Int(generator.below(4)), below: 2)
    while word.count < length {
      // Behind the last symbol the word is doubled; at it that symbol is the centre.
      let mirrored = word.reversed().dropFirst(word.count > 1 ? Int(generator.below(2)) : 0)
      word += mirrored
    }
    return Array(word.prefix(length))
  }

  @Sendable private static func sampleBrackets(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    var depth = 0
    return (0..<length).map { _ in
      let closes = depth == 15 || depth > 0 && generator.below(2) == 1
      depth += closes ? -1 : 1
      return closes ? 1 : 0
    }
  }
}
