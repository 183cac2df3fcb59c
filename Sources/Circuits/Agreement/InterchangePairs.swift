public import Randomness

/// Pairs of inputs, a base and a source, on which setting a variable to its value on the source changes the program's answer.
public struct InterchangePairs: Hashable, Sendable {
  public let bases: [Int]
  public let sources: [Int]
  /// The program's answer on the base with the variable from the source.
  public let expected: [Int32]

  public var count: Int { bases.count }

  /// Pairs drawn with replacement from some inputs until `count` are effective, at most 64 draws for each.
  ///
  /// - Throws: `CircuitError.noEffectivePairs` when none is found.
  public init(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, from inputs: [Int], count: Int,
    using generator: inout SeededGenerator
  ) throws(CircuitError) {
    var (bases, sources, expected) = ([Int](), [Int](), [Int32]())
    for _ in 0..<count * 64 where bases.count < count {
      let base = inputs[Int(generator.below(UInt64(inputs.count)))]
      let source = inputs[Int(generator.below(UInt64(inputs.count)))]
      guard let before = program.answers[base],
        let after = program.answer(on: base, setting: variable, from: source), after != before
      else { continue }
      bases.append(base)
      sources.append(source)
      expected.append(after)
    }
    guard !bases.isEmpty else { throw .noEffectivePairs(variable.text) }
    (self.bases, self.sources, self.expected) = (bases, sources, expected)
  }

  init(bases: [Int], sources: [Int], expected: [Int32]) {
    (self.bases, self.sources, self.expected) = (bases, sources, expected)
  }

  /// Some of the pairs.
  func selecting(_ numbers: [Int]) -> InterchangePairs {
    InterchangePairs(
      bases: numbers.map { bases[$0] }, sources: numbers.map { sources[$0] }, expected: numbers.map { expected[$0] })
  }
}
