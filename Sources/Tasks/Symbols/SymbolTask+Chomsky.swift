import ExactArithmetic
import Randomness

extension SymbolTask {
  /// The 15 tasks of Delétang et al. 2022 in the order of their table 2.
  ///
  /// Rules and samplers are those of the paper and of its released code, with these differences, all at the edges:
  /// - Alphabets have the symbols that occur. The code's are larger by one symbol that never does (`_` in modular
  ///   arithmetic, `x` in modular arithmetic with brackets); the numbers of the others are the same.
  /// - Odds first puts s1 s3 s5 … first, as the paper and the code's own examples say; the code puts s2 s4 s6 … first.
  /// - Products of modular arithmetic are reduced at every step; the code multiplies runs of factors in 32 bits, which
  ///   overflow from 16 factors on.
  /// - Inputs of binary addition and multiplication of length 1 and 2, which have no operator, are all binary words;
  ///   the code never samples the word of ones there.
  ///
  /// - Source: Delétang, Ruoss, Grau-Moya, Genewein, Wenliang, Catt, Cundy, Hutter, Legg, Veness & Ortega 2022, "Neural
  ///   networks and the Chomsky hierarchy", section 4 and appendix A; google-deepmind/neural_networks_chomsky_hierarchy.
  public static let chomsky: [SymbolTask] = regular + deterministicContextFree + contextSensitive

  private static let regular: [SymbolTask] = [
    SymbolTask(
      "even-pairs", .regular, "1 if an odd number of neighbours differ, else 0", "words over {0, 1}", binary, binary,
      output: { _ in 1 }
    ) { input in [zip(input, input.dropFirst()).count { $0 != $1 } % 2] },
    SymbolTask(
      "modular-arithmetic", .regular, "the value of x_1 x_2 … mod 5, * before + and -",
      "numbers 0 … 4 with + - * between them; at an even length, one symbol less", Expression.operators,
      SymbolAlphabet(numbers: 5), input: { $0 % 2 == 0 ? $0 - 1 : $0 }, output: { _ in 1 },
      sampler: { length, generator in
        (0..<(length - 1) / 2 * 2 + 1).map { Int($0 % 2 == 0 ? generator.below(5) : 5 + generator.below(3)) }
      }
    ) { input in Expression.plainValue(input).map { [$0] } },
    SymbolTask(
      "parity-check", .regular, "(x_1 + x_2 + …) mod 2", "words over {0, 1}", binary, binary, output: { _ in 1 }
    ) { input in [input.reduce(0, +) % 2] },
    SymbolTask(
      "cycle-navigation", .regular, "(x_1 + x_2 + …) mod 5", "steps -1, 0, +1 on a circle of 5, from place 0",
      SymbolAlphabet(["-1", "0", "+1"]), SymbolAlphabet(numbers: 5), output: { _ in 1 }
    ) { input in [input.reduce(0) { ($0 + $1 + 4) % 5 }] },
  ]

  private static let deterministicContextFree: [SymbolTask] = [
    SymbolTask(
      "stack-manipulation", .deterministicContextFree, "the stack after all actions, top to bottom, then end",
      "a stack of 0 and 1, bottom to top, then actions; pop leaves an empty stack empty",
      SymbolAlphabet(["0", "1", "pop", "push 0", "push 1"]), ended, output: { $0 + 1 },
      sampler: { length, generator in
        guard length > 1 else { return generator.symbols(1, below: 2) }
        let stack = 1 + Int(generator.below(UInt64(length - 1)))
        return generator.symbols(stack, below: 2) + generator.symbols(length - stack, below: 3).map { $0 + 2 }
      }, rule: stackAfterActions),
    SymbolTask(
      "reverse-string", .deterministicContextFree, "x_n … x_2 x_1", "words over {0, 1}", binary, binary, output: { $0 }
    ) { input in input.reversed() },
    SymbolTask(
      "modular-arithmetic-brackets", .deterministicContextFree, "the value of x_1 x_2 … mod 5",
      "expressions d, -d, (d), (-d), (e+e), (e-e), (e*e)", Expression.brackets, SymbolAlphabet(numbers: 5),
      output: { _ in 1 },
      sampler: { length, generator in Expression.sample(length, .brackets, &generator) }
    ) { input in Expression.bracketValue(input, .brackets).flatMap { $0.slope == 0 ? [$0.constant] : nil } },
    SymbolTask(
      "solve-equation", .deterministicContextFree, "the x for which the equation holds mod 5",
      "expressions without * in which x stands for one digit, then = and a digit; 0s at lengths 1 and 2",
      Expression.equations, SymbolAlphabet(numbers: 5), output: { _ in 1 }, sampler: Expression.sampleEquation,
      rule: Expression.solution),
  ]

  private static let contextSensitive: [SymbolTask] = [
    SymbolTask(
      "duplicate-string", .contextSensitive, "x_1 … x_n x_1 … x_n", "words over {0, 1}", binary, binary,
      output: { 2 * $0 }
    ) { input in input + input },
    SymbolTask(
      "missing-duplicate", .contextSensitive, "the symbol that ? stands for",
      "a word over {0, 1} twice, one symbol of both replaced by ?; _ fills an odd length; length 1 is the word 1",
      SymbolAlphabet(["0", "1", "?", "_"]), binary, output: { _ in 1 }, sampler: sampleDuplicate, rule: missingSymbol),
    SymbolTask(
      "odds-first", .contextSensitive, "x_1 x_3 x_5 … x_2 x_4 x_6 …", "words over {0, 1}", binary, binary,
      output: { $0 }
    ) { input in
      input.indices.filter { $0 % 2 == 0 }.map { input[$0] } + input.indices.filter { $0 % 2 == 1 }.map { input[$0] }
    },
    SymbolTask(
      "binary-addition", .contextSensitive, "a + b in binary, lowest bit first, then end",
      "a+b in binary, lowest bit first, a and b at least 1; a word over {0, 1} at lengths 1 and 2",
      SymbolAlphabet(["0", "1", "+"]), ended, output: { $0 + 1 }, sampler: sampleOperands
    ) { input in operands(input).map { bits($0 + ($1 ?? 0)) + [2] } },
    SymbolTask(
      "binary-multiplication", .contextSensitive, "a * b in binary, lowest bit first, then end",
      "a*b in binary, lowest bit first, a and b at least 1; at length 1 the output is the end, at length 2 0 and the end",
      SymbolAlphabet(["0", "1", "*"]), ended, output: { $0 }, leastLearned: 3, sampler: sampleOperands
    ) { input in
      operands(input).map { a, b in b.map { bits(a * $0) + [2] } ?? Array([0, 2].suffix(input.count)) }
    },
    SymbolTask(
      "compute-sqrt", .contextSensitive, "the integer part of sqrt(x) in ceil(n/2) bits, highest first",
      "x in n bits, highest first, x at least 1", binary, binary, output: { ($0 + 1) / 2 },
      sampler: { length, generator in positive(length, &generator) }
    ) { input in
      let root = bits(value(lowBits: input.reversed()).squareRoot())
      return Array((root + Array(repeating: 0, count: input.count)).prefix((input.count + 1) / 2).reversed())
    },
    SymbolTask(
      "bucket-sort", .contextSensitive, "x_1 … x_n in order", "words over {0, …, 4}", SymbolAlphabet(numbers: 5),
      SymbolAlphabet(numbers: 5), output: { $0 }
    ) { input in input.sorted() },
  ]
}

// MARK: - Parts of the tasks

extension SymbolTask {
  static let binary = SymbolAlphabet(numbers: 2)
  private static let ended = SymbolAlphabet(["0", "1", "end"])

  /// A task of the suite; without a sampler its inputs are all words over the input alphabet, evenly.
  private init(
    _ name: String, _ kind: Kind, _ formula: String, _ summary: String, _ input: SymbolAlphabet,
    _ output: SymbolAlphabet, input inputLength: @escaping @Sendable (Int) -> Int = { $0 },
    output outputLength: @escaping @Sendable (Int) -> Int, leastLearned: Int = 1,
    sampler: (@Sendable (Int, inout SeededGenerator) -> [Int])? = nil, rule: @escaping @Sendable ([Int]) -> [Int]?
  ) {
    self.init(
      name: name, kind: kind, formula: formula, summary: summary, input: input, output: output,
      inputLength: inputLength, outputLength: outputLength,
      sampler: sampler ?? { length, generator in generator.symbols(length, below: input.count) }, rule: rule,
      leastLearned: leastLearned)
  }

  @Sendable private static func stackAfterActions(_ input: [Int]) -> [Int]? {
    var stack = Array(input.prefix { $0 < 2 })
    for action in input.dropFirst(stack.count) {
      switch action {
      case 2: _ = stack.popLast()
      case 3, 4: stack.append(action - 3)
      default: return nil
      }
    }
    return stack.reversed() + [2]
  }

  @Sendable private static func sampleDuplicate(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    guard length > 1 else { return [1] }
    let word = generator.symbols(length / 2, below: 2)
    var input = word + word
    input[Int(generator.below(UInt64(input.count)))] = 2
    return input + Array(repeating: 3, count: length % 2)
  }

  @Sendable private static func missingSymbol(_ input: [Int]) -> [Int]? {
    if input == [1] { return [1] }
    let half = input.count / 2
    let word = input.prefix(2 * half)
    let unequal = (0..<half).map { (input[$0], input[half + $0]) }.filter { $0.0 != $0.1 }
    guard input.dropFirst(2 * half).allSatisfy({ $0 == 3 }), !word.contains(3), word.count(where: { $0 == 2 }) == 1,
      unequal.count == 1
    else { return nil }
    return [min(unequal[0].0, unequal[0].1)]
  }
}

// MARK: - Binary numbers

extension SymbolTask {
  /// The bits of a number, the lowest first; a single 0 for 0.
  static func bits(_ number: BigInteger) -> [Int] {
    number.description(radix: 2).utf8.reversed().map { Int($0) - 48 }
  }

  /// The number of so many bits, the lowest first.
  static func value(lowBits bits: some BidirectionalCollection<Int>) -> BigInteger {
    BigInteger("0" + bits.reversed().map { $0 == 0 ? "0" : "1" }.joined(), radix: 2) ?? 0
  }

  /// So many bits, not all 0, each such word equally likely.
  static func positive(_ count: Int, _ generator: inout SeededGenerator) -> [Int] {
    while true {
      let bits = generator.symbols(count, below: 2)
      if bits.contains(1) { return bits }
    }
  }

  /// Two numbers with an operator between them: the first is 1 ... length - 2 bits long, evenly.
  @Sendable private static func sampleOperands(_ length: Int, _ generator: inout SeededGenerator) -> [Int] {
    guard length > 2 else { return generator.symbols(length, below: 2) }
    let first = 1 + Int(generator.below(UInt64(length - 2)))
    return positive(first, &generator) + [2] + positive(length - 1 - first, &generator)
  }

  /// The numbers around the one operator; no second number where a word of one or two bits has none.
  private static func operands(_ input: [Int]) -> (BigInteger, BigInteger?)? {
    guard let place = input.firstIndex(of: 2) else { return input.count < 3 ? (value(lowBits: input), nil) : nil }
    let second = input[(place + 1)...]
    guard place > 0, !second.isEmpty, !second.contains(2) else { return nil }
    return (value(lowBits: input[..<place]), value(lowBits: second))
  }
}
