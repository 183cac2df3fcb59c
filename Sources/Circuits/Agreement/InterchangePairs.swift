public import Randomness

/// Pairs of inputs, a base and a source, and the program's answer on the base with a variable from the source.
public struct InterchangePairs: Hashable, Sendable {
  /// Which pairs are drawn.
  public enum Drawing: Hashable, Sendable {
    /// Those on which setting the variable changes the program's answer: copying the base's answer gets none right.
    case effective
    /// All on which the program has answers, as published figures of interchange accuracy count them.
    case all
    /// The same, source and base two inputs of one of the runs of so many into which the inputs fall by their numbers: in a
    /// short run an input would often be its own source, and the base's answer right for nothing.
    case within(Int)
  }

  /// For each pair the number of the base, the input that the network is run on.
  public let bases: [Int]
  /// For each pair the number of the source, the input that the variable's value is taken from.
  public let sources: [Int]
  /// The program's answer on the base with the variable from the source.
  public let expected: [Int32]

  /// Pairs.
  public var count: Int { bases.count }

  /// All pairs of the kind from some inputs, each once, where these have no more than `count` pairs; else pairs drawn with
  /// replacement until `count` are of the kind, at most 64 draws for each.
  ///
  /// - Throws: `CircuitError.noEffectivePairs` when none is found.
  public init(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, from inputs: [Int], count: Int,
    drawing: Drawing = .effective, using generator: inout SeededGenerator
  ) throws(CircuitError) {
    try self.init(
      program, variable, sources: variable, from: inputs, count: count, drawing: drawing, using: &generator)
  }

  /// The same, the variable set to the value that another one has on the source.
  init(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, sources other: StudiedProgram.Variable,
    from inputs: [Int], count: Int, drawing: Drawing, using generator: inout SeededGenerator
  ) throws(CircuitError) {
    var (bases, sources, expected) = ([Int](), [Int](), [Int32]())
    var groups: [Int: [Int]] = [:]
    if case .within(let size) = drawing {
      precondition(size > 0, "runs of \(size) inputs")
      groups = Dictionary(grouping: inputs) { $0 / size }
    }
    func choices(for base: Int) -> [Int] {
      if case .within(let size) = drawing { return groups[base / size]!.filter { $0 != base } }
      return inputs
    }
    func take(_ base: Int, _ source: Int) {
      guard let before = program.answers[base], let value = other.values[source],
        let after = program.answer(on: base, setting: variable, to: value), drawing != .effective || after != before
      else { return }
      bases.append(base)
      sources.append(source)
      expected.append(after)
    }
    let sizes = groups.isEmpty ? [inputs.count] : groups.values.map(\.count)
    if sizes.reduce(0, { $0 + $1 * $1 }) <= count {
      for base in inputs { for source in choices(for: base) { take(base, source) } }
    } else {
      for _ in 0..<count * 64 where bases.count < count {
        let base = inputs[Int(generator.below(UInt64(inputs.count)))]
        let choices = choices(for: base)
        if choices.isEmpty { continue }
        take(base, choices[Int(generator.below(UInt64(choices.count)))])
      }
    }
    guard !bases.isEmpty else { throw .noEffectivePairs(variable.text, within: "\(inputs.count) inputs") }
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
