internal import Grammars
internal import Randomness
public import Tasks

/// A change to a task that serves as a control: what a method scores there says how far its other scores can be trusted.
public enum TaskVariant: String, Hashable, Sendable, CaseIterable {
  /// Every label drawn anew, each value equally likely: nothing can be learnt, no code can be short.
  case random
  /// Inputs and labels renamed by one permutation of the values: π(f(π⁻¹ x, π⁻¹ y)). The task has lost no structure, but
  /// its formula: a learner without arithmetic notices nothing.
  case permuted
  /// One label in twenty, at least one, at random places, replaced by another value: no short program agrees with all labels.
  case noisy
}

extension TaskVariant {
  /// Of how many labels one is replaced in `noisy`.
  public static let noiseDenominator = 20

  /// What it does, in words.
  public var summary: String {
    switch self {
    case .random: "labels drawn at random"
    case .permuted: "values renamed by a permutation"
    case .noisy: "1 label in \(Self.noiseDenominator) replaced"
    }
  }

  /// Whether the labels still follow the task's formula, some exceptions aside.
  var keepsFormula: Bool { self == .noisy }

  /// The changed task: a function of the task's name, modulus and examples.
  ///
  /// - Throws: `TaskError` when the changed examples contradict each other; they do not for tables without repeats.
  public func applied(to task: TaskData) throws(TaskError) -> TaskData {
    let name = "\(task.name):\(rawValue)"
    var generator = SeededGenerator(seed: 0, name: "control/\(name)/\(task.modulus ?? 0)")
    let labels = task.labels
    var examples = task.distinctExamples
    switch self {
    case .random:
      examples = examples.map { Example(inputs: $0.inputs, output: labels[Int(generator.below(UInt64(labels.count)))]) }
    case .noisy:
      let count = max(1, examples.count / Self.noiseDenominator)
      let replaced = Self.places(count, of: examples.count, &generator)
      for place in replaced where labels.count > 1 {
        let example = examples[place]
        // One of the other values, each equally likely.
        let at = labels.firstIndex(of: example.output)!
        let other = (at + 1 + Int(generator.below(UInt64(labels.count - 1)))) % labels.count
        examples[place] = Example(inputs: example.inputs, output: labels[other])
      }
    case .permuted:
      var values = Array(Set(examples.flatMap { $0.inputs + [$0.output] })).sorted {
        ($0.sort.description, $0.word) < ($1.sort.description, $1.word)
      }
      let names = values
      // Values of a sort stay among themselves.
      for sort in Set(values.map(\.sort)).sorted(by: { $0.description < $1.description }) {
        let places = values.indices.filter { names[$0].sort == sort }
        var shuffled = places.map { names[$0] }
        generator.shuffle(&shuffled)
        for (place, value) in zip(places, shuffled) { values[place] = value }
      }
      let renamed = Dictionary(uniqueKeysWithValues: zip(names, values))
      examples = examples.map { Example(inputs: $0.inputs.map { renamed[$0]! }, output: renamed[$0.output]!) }
    }
    return try TaskData(
      name: name, parameters: task.parameters, outputSort: task.outputSort, examples: examples, modulus: task.modulus)
  }

  /// So many different places below a bound, in order.
  private static func places(_ count: Int, of bound: Int, _ generator: inout SeededGenerator) -> [Int] {
    var all = Array(0..<bound)
    generator.shuffle(&all)
    return all.prefix(count).sorted()
  }
}
