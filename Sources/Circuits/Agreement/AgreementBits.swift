/// Bits that the program's account of interchanges saves over accounts without it.
///
/// Each account names an answer for each pair and puts 1 − ε ≥ 1/K on it and the rest equally on the other K − 1, ε fitted. The
/// rivals are: the base's answer, the source's answer, and a fitted mixture of both with the uniform distribution. Where the
/// variable is the answer itself, the source's answer *is* the program's account, so it is no rival.
///
/// - Source: two-part codes; ½ log2 n for one fitted number (Rissanen 1978).
struct AgreementBits {
  /// Bits of the observed answers under the program's account.
  let program: Double
  /// Bits under the best rival.
  let rival: Double

  /// - Parameter isAnswer: whether the variable is the program's answer.
  init(observed: [Int32], expected: [Int32], base: [Int32], source: [Int32], answers: Int, isAnswer: Bool) {
    program = Self.bits(observed, named: expected, answers)
    var rivals = [Self.bits(observed, named: base, answers)]
    if !isAnswer {
      rivals.append(Self.bits(observed, named: source, answers))
      rivals.append(Self.mixture(observed, base, source, answers))
    }
    rival = rivals.min()!
  }

  /// −Σ log2 q: 1 − ε on the named answer, ε/(K − 1) on each other one, ε the share of misses.
  static func bits(_ observed: [Int32], named: [Int32], _ answers: Int) -> Double {
    let n = Double(observed.count)
    let misses = Double(zip(observed, named).count { $0 != $1 })
    // At least half a case, so that none costs infinitely much; at most uniform: an account names what is likely, it does not
    // say "anything but". Pairs are chosen so that the program's answer is not the base's, and with two answers that would be
    // a perfect account by itself.
    let epsilon = min(max(misses / n, 0.5 / n), 1 - 1 / Double(answers))
    return -(n - misses) * binaryLogarithm(1 - epsilon)
      - misses * binaryLogarithm(epsilon / Double(max(answers - 1, 1)))
  }

  /// Weights on base, source and uniform by 50 rounds of expectation maximisation.
  static func mixture(_ observed: [Int32], _ base: [Int32], _ source: [Int32], _ answers: Int) -> Double {
    var counts: [Int: Double] = [:]
    for i in observed.indices {
      counts[(observed[i] == base[i] ? 1 : 0) + (observed[i] == source[i] ? 2 : 0), default: 0] += 1
    }
    var weights = [1.0 / 3, 1.0 / 3, 1.0 / 3]
    func parts(_ kind: Int) -> [Double] {
      [kind & 1 == 1 ? weights[0] : 0, kind & 2 == 2 ? weights[1] : 0, weights[2] / Double(answers)]
    }
    for _ in 0..<50 {
      var sums = [0.0, 0, 0]
      for kind in 0..<4 {
        guard let count = counts[kind] else { continue }
        let found = parts(kind)
        let total = found.reduce(0, +)
        for i in 0..<3 { sums[i] += count * found[i] / total }
      }
      weights = sums.map { max($0 / Double(observed.count), 1e-9) }
    }
    return (0..<4).reduce(0) { sum, kind in
      counts[kind].map { sum - $0 * binaryLogarithm(parts(kind).reduce(0, +)) } ?? sum
    }
  }
}
