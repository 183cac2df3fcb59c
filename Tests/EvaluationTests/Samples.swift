import Evaluation
import Grammars
import Randomness
import Testing

/// Records a failure with its values; cheap when the claim holds, so loops may call it often.
func check(
  _ holds: Bool, _ message: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) {
  if !holds { Issue.record(Comment(rawValue: message()), sourceLocation: sourceLocation) }
}

enum Samples {
  static let widths = [1, 2, 3, 4, 7, 8, 16, 31, 32, 33, 63, 64]
  static let degrees = [1, 2, 3, 5, 8, 15]
  static let sorts: [Sort] =
    [.int, .bool] + widths.map { .bitVector(width: $0) } + degrees.map { .permutation(degree: $0) }

  /// Values of a sort crowded at its limits, then `random` more; repeatable, without repeats.
  static func values(_ sort: Sort, random count: Int = 8) -> [Value] {
    var generator = SeededGenerator(seed: 1, name: "\(sort)")
    var values: [Value]
    switch sort {
    case .int: values = integers
    case .bool: return [.bool(false), .bool(true)]
    case .bitVector(let width): values = bitVectors(width)
    case .permutation(let degree): values = permutations(degree)
    case .list, .pair, .function: values = []
    }
    for _ in 0..<count { values.append(random(sort, &generator)) }
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  static func random(_ sort: Sort, _ generator: inout SeededGenerator) -> Value {
    switch sort {
    case .int: return .int(Int64(bitPattern: generator.next() | 1) >> Int64(generator.below(63)))
    case .bool: return .bool(generator.next() & 1 == 1)
    case .bitVector(let width): return .bitVector(generator.next() >> generator.below(UInt64(width)), width: width)
    case .permutation(let degree):
      var images = Array(0..<degree)
      generator.shuffle(&images)
      return .permutation(images)!
    case .list: return .list((0..<Int(generator.below(8))).map { _ in random(.int, &generator).word })
    case .pair, .function: preconditionFailure("no task has values of \(sort)")
    }
  }

  /// Integers at 0, at the limits of the range, and where kernels change their method (2^31, 2^51).
  private static let integers: [Value] = {
    let centres: [Int64] = [0, 7, 1 << 31, 1 << 32, 3_037_000_500, 1 << 51, 1 << 53, 1 << 62]
    let near = centres.flatMap { [$0 - 1, $0, $0 + 1] } + [2, .max, .max - 1]
    return near.flatMap { [.int($0), .int(-$0)] }
  }()

  private static func bitVectors(_ width: Int) -> [Value] {
    let high: UInt64 = 1 << UInt64(width - 1)
    let counts = [width - 1, width, width + 1].map { UInt64($0) }
    let words: [UInt64] =
      [0, 1, 2, 3, .max, .max - 1, high, high &- 1, high &+ 1, 63, 64, 65, 1 << 32, 1 << 51] + counts
    return words.map { .bitVector($0, width: width) }
  }

  private static func permutations(_ degree: Int) -> [Value] {
    let identity = Array(0..<degree)
    return [identity, identity.reversed(), identity.map { ($0 + 1) % degree }].map { .permutation($0)! }
  }

  /// All lists with one value for each sort.
  static func product(_ sorts: [Sort], random count: Int = 8) -> [[Value]] {
    sorts.reduce([[]]) { lists, sort in
      let values = values(sort, random: count)
      return lists.flatMap { list in values.map { list + [$0] } }
    }
  }

  /// Operators with an index that make sense for bit vectors of `width` bits.
  static func indexed(_ width: Int) -> [Operator] {
    var operators: [Operator] = []
    let places = Set([0, 1, width / 2, width - 2, width - 1]).filter { (0..<width).contains($0) }.sorted()
    for low in places { for high in places where low <= high { operators.append(.extract(high: high, low: low)) } }
    for count in [0, 1, 3, 31, 64 - width] { operators += [.zeroExtend(count), .signExtend(count)] }
    for count in [0, 1, width - 1, width, width + 1, 63, 64, 129] {
      operators += [.rotateLeft(count), .rotateRight(count)]
    }
    for count in [1, 2, 3, 64 / width] { operators.append(.repeat(count)) }
    var seen: Set<Operator> = []
    return operators.filter { $0.resultSort(of: [.bitVector(width: width)]) != nil && seen.insert($0).inserted }
  }

  /// Every list of argument sorts of `Samples.sorts` that an operator takes.
  static func signatures(_ op: Operator) -> [[Sort]] {
    let lists: [[Sort]]
    switch op.arity {
    case 1: lists = sorts.map { [$0] }
    case 2: lists = sorts.flatMap { first in sorts.map { [first, $0] } }
    default: lists = sorts.map { [.bool, $0, $0] }
    }
    return lists.filter { op.resultSort(of: $0) != nil }
  }
}

/// A grammar that only names parameters, definitions and the modulus: what evaluation reads of it.
func language(_ sorts: [Sort], definitions: [Grammar.Definition] = [], modulus: Int64? = nil) -> Grammar {
  Grammar(
    name: "f", parameters: sorts.enumerated().map { .init(name: "x\($0.offset)", sort: $0.element) },
    nonterminals: [], productions: [], definitions: definitions, modulus: modulus)
}

/// The operator applied to variables 0, 1, ….
func applied(_ op: Operator) -> Term { .operation(op, (0..<op.arity).map { .variable($0) }) }

/// What a row of kernels holds for an outcome.
func word(_ outcome: EvaluationOutcome) -> Int64 { outcome.value?.word ?? Value.noValueWord }

/// Checks that kernels and interpreter give the same words for `term` on `inputs`.
func checkAgreement(
  _ term: Term, _ grammar: Grammar, _ inputs: [[Value]], sourceLocation: SourceLocation = #_sourceLocation
) {
  let interpreter = Interpreter(grammar)
  let words = BatchEvaluator(grammar, inputs: inputs).words(of: term)
  check(words.count == inputs.count, "\(words.count) words for \(inputs.count) inputs", sourceLocation: sourceLocation)
  for (input, found) in zip(inputs, words) {
    let expected = word(interpreter.run(term, on: input))
    check(
      found == expected, "\(term) on \(input): kernel \(found), interpreter \(expected)", sourceLocation: sourceLocation
    )
  }
}
