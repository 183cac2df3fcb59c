import Grammars

extension TaskFamily {
  /// Bit manipulations at a width `w`, on all 2^w or, with two operands, 2^(2w) inputs.
  ///
  /// - Source: Warren 2012, "Hacker's Delight", 2nd edition, sections 2-1 and 2-5; the formulas are the benchmarks
  ///   P1 to P8, P14 and P15 of Gulwani, Jha, Tiwari & Venkatesan 2011, "Synthesis of loop-free programs".
  static let bitVector: [TaskFamily] = [
    unary("bv-clear-lowest", "x & (x - 1)", "clears the lowest 1 bit") { x in x & (x &- 1) },
    unary("bv-clear-trailing-ones", "x & (x + 1)", "clears the trailing 1 bits") { x in x & (x &+ 1) },
    unary("bv-lowest-bit", "x & -x", "keeps the lowest 1 bit alone") { x in x & (0 &- x) },
    unary("bv-lowest-mask", "x ^ (x - 1)", "ones up to and with the lowest 1 bit") { x in x ^ (x &- 1) },
    unary("bv-fill-trailing", "x | (x - 1)", "spreads the lowest 1 bit to the right") { x in x | (x &- 1) },
    unary("bv-set-lowest-zero", "x | (x + 1)", "sets the lowest 0 bit") { x in x | (x &+ 1) },
    unary("bv-lowest-zero", "~x & (x + 1)", "keeps the lowest 0 bit alone, as a 1") { x in ~x & (x &+ 1) },
    unary("bv-trailing-mask", "~x & (x - 1)", "ones where the trailing 0 bits are") { x in ~x & (x &- 1) },
    binary("bv-average-floor", "(x & y) + ((x ^ y) >> 1)", "the average of x and y, rounded down") { x, y in
      (x & y) &+ ((x ^ y) >> 1)
    },
    binary("bv-average-ceiling", "(x | y) - ((x ^ y) >> 1)", "the average of x and y, rounded up") { x, y in
      (x | y) &- ((x ^ y) >> 1)
    },
  ]

  private static func unary(
    _ name: String, _ formula: String, _ meaning: String, _ function: @escaping @Sendable (UInt64) -> UInt64
  ) -> TaskFamily {
    TaskFamily(
      name: name, formula: formula, summary: "\(meaning); all inputs", source: "Warren 2012",
      size: .width(standard: 8), parameterNames: ["x"], count: { width in 1 << Int(width) },
      rows: { width in
        let width = Int(width)
        return Rows(
          parameterSort: .bitVector(width: width), outputSort: .bitVector(width: width),
          examples: (0..<(UInt64(1) << UInt64(width))).map { x in
            Example(inputs: [.bitVector(x, width: width)], output: .bitVector(function(x), width: width))
          })
      })
  }

  private static func binary(
    _ name: String, _ formula: String, _ meaning: String, _ function: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> TaskFamily {
    TaskFamily(
      name: name, formula: formula, summary: "\(meaning), unsigned; all ordered pairs", source: "Warren 2012",
      size: .width(standard: 8), parameterNames: ["x", "y"], count: { width in 1 << (2 * Int(width)) },
      rows: { width in
        let width = Int(width)
        let values = 0..<(UInt64(1) << UInt64(width))
        var examples: [Example] = []
        examples.reserveCapacity(values.count * values.count)
        for x in values {
          for y in values {
            let inputs: [Value] = [.bitVector(x, width: width), .bitVector(y, width: width)]
            examples.append(Example(inputs: inputs, output: .bitVector(function(x, y), width: width)))
          }
        }
        return Rows(
          parameterSort: .bitVector(width: width), outputSort: .bitVector(width: width), examples: examples)
      })
  }
}
