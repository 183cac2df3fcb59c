internal import Evaluation
import Grammars

extension TaskFamily {
  /// The binary operations modulo `p` of Power et al. 2022, in the order in which Levin lists them.
  ///
  /// Operands are the representatives 0 ..< p, and parity is theirs: 0 is even. Sums and products are tables for any
  /// modulus; operations that divide need a prime. The paper uses p = 97; later work mostly 113, the standard here.
  ///
  /// - Source: Power, Burda, Edwards, Babuschkin & Misra 2022, "Grokking: generalization beyond overfitting on small
  ///   algorithmic datasets", appendix A.1.1, and its released code (`grok/data.py`), which has five more.
  static let power2022: [TaskFamily] = [
    modular("mod-add", "a + b") { a, b, n in a + b },
    modular("mod-sub", "a - b") { a, b, n in a - b + n },
    modular("mod-mul", "a * b") { a, b, n in a * b },
    modular("mod-div", "a / b", note: "b is not 0", prime: true, firstDivisor: 1) { a, b, n in quotient(a, b, n) },
    modular("mod-square-add", "a^2 + b") { a, b, n in a * a + b },
    modular("mod-cube-add", "a^3 + b") { a, b, n in a * a * a + b },
    modular("mod-sum-of-squares", "a^2 + b^2") { a, b, n in a * a + b * b },
    modular("mod-quadratic", "a^2 + a*b + b^2") { a, b, n in a * a + a * b + b * b },
    modular("mod-quadratic-plus", "a^2 + a*b + b^2 + a") { a, b, n in a * a + a * b + b * b + a },
    modular("mod-cube-mul", "a^3 + a*b") { a, b, n in a * a * a + a * b },
    modular("mod-cube-mul-square", "a^3 + a*b^2 + b") { a, b, n in a * a * a + a * b * b + b },
    modular("mod-parity-div", "a / b if b is odd, else a - b", note: "0 is even", prime: true) { a, b, n in
      b % 2 == 1 ? quotient(a, b, n) : a - b + n
    },
    modular("mod-parity-mul", "a + b if a is even, else a * b") { a, b, n in a % 2 == 0 ? a + b : a * b },
    modular("mod-parity-add", "a + b if a is even, else a - b") { a, b, n in a % 2 == 0 ? a + b : a - b + n },
  ]

  /// A family of two operands; `operation` gives a non-negative number, which is reduced here.
  ///
  /// With a modulus of at most 4096 every intermediate result is below 2^38, so nothing overflows.
  private static func modular(
    _ name: String, _ formula: String, note: String? = nil, prime: Bool = false, firstDivisor: Int64 = 0,
    _ operation: @escaping @Sendable (Int64, Int64, Int64) -> Int64
  ) -> TaskFamily {
    let domain = firstDivisor == 0 ? "all ordered pairs (a, b) of 0 ..< p" : "a in 0 ..< p, b in 1 ..< p"
    let modulus = prime ? "p prime" : "any modulus p >= 2"
    return TaskFamily(
      name: name, formula: "\(formula) (mod p)",
      summary: [domain, modulus, note].compactMap { $0 }.joined(separator: "; "),
      source: "Power et al. 2022", size: .modulus(standard: 113, prime: prime), parameterNames: ["a", "b"],
      count: { n in Int(n * (n - firstDivisor)) },
      rows: { n in
        var examples: [Example] = []
        examples.reserveCapacity(Int(n * (n - firstDivisor)))
        for a in 0..<n {
          for b in firstDivisor..<n {
            examples.append(Example(inputs: [.int(a), .int(b)], output: .int(operation(a, b, n) % n)))
          }
        }
        return Rows(parameterSort: .int, outputSort: .int, examples: examples)
      })
  }

  /// `a / b` in the field of `p` elements, `b` not 0, before reduction.
  private static func quotient(_ a: Int64, _ b: Int64, _ p: Int64) -> Int64 { a * fieldInverse(of: b, modulo: p) }
}
