public import ExactArithmetic
public import Grammars
internal import Randomness

/// A task's examples in two parts: those that may be learnt from, and those kept unseen.
///
///     let task = try TaskFamily.named("mod-add").table(modulus: 113)
///     let split = try Split(of: task, size: .fraction(Rational(3, 10)), seed: 0)
///     split.training.count                // 3830 = ⌊12769 · 3/10⌋
///     split.unseen.count                  // 8939
///
/// A function of the task's name, modulus and examples, the size, the seed and the shuffle, and of nothing else.
/// Repeated examples count once, so no unseen example has the inputs of a training example.
public struct Split: Hashable, Sendable {
  /// How many examples are for training.
  public enum Size: Hashable, Sendable {
    /// ⌊fraction · n⌋ of `n` distinct examples, computed exactly.
    case fraction(Rational)
    /// Exactly this many distinct examples.
    case count(Int)
  }

  /// Which permutation of the examples is taken.
  public enum Shuffle: Hashable, Sendable {
    /// Fisher–Yates by `SeededGenerator(seed:, name: "split/<task>/<modulus>")` (`split/<task>` without a modulus).
    case seeded
    /// CPython's `random.seed(seed); random.shuffle(examples)`, the split of many published checkpoints.
    ///
    /// Those take `int(fraction * n)` in floating point; the sizes agree unless `fraction * n` is within rounding of
    /// an integer.
    case cpython
  }

  /// In shuffled order.
  public let training: [Example]
  /// In shuffled order.
  public let unseen: [Example]

  /// Splits a task's distinct examples: the first part of the shuffled order is for training.
  ///
  /// - Throws: `TaskError.splitOutOfRange` when the training part would be empty or more than there is. The unseen part
  ///   may be empty.
  /// - Complexity: linear in the number of examples.
  public init(of task: TaskData, size: Size, seed: UInt64, shuffle: Shuffle = .seeded) throws(TaskError) {
    var examples = task.distinctExamples
    let count = try size.count(of: examples.count, task: task.name)
    switch shuffle {
    case .seeded:
      let name = ["split", task.name] + (task.modulus.map { ["\($0)"] } ?? [])
      var generator = SeededGenerator(seed: seed, name: name.joined(separator: "/"))
      generator.shuffle(&examples)
    case .cpython:
      var generator = PythonRandom(seed: seed)
      generator.shuffle(&examples)
    }
    training = Array(examples[..<count])
    unseen = Array(examples[count...])
  }
}

extension Split.Size {
  /// The examples for training among so many.
  ///
  /// - Parameter task: what an error names.
  /// - Throws: `TaskError.splitOutOfRange` for none, or for more than there are.
  public func count(of total: Int, task: String) throws(TaskError) -> Int {
    let count =
      switch self {
      case .fraction(let fraction): (fraction * Rational(total)).floor()
      case .count(let count): BigInteger(count)
      }
    let isFractionAboveOne = if case .fraction(let fraction) = self { fraction > 1 } else { false }
    guard count >= 1, count <= BigInteger(total), !isFractionAboveOne else {
      throw .splitOutOfRange(task: task, asked: "\(self)", examples: total)
    }
    return Int(count)
  }
}

extension Split.Size: CustomStringConvertible {
  /// `3/10` or `3830`.
  public var description: String {
    switch self {
    case .fraction(let fraction): "\(fraction.numerator)/\(fraction.denominator)"
    case .count(let count): "\(count)"
    }
  }
}
