internal import Networks
internal import Randomness

/// What a network loses when a part of an activation is taken away, over all inputs.
public struct Ablation: Sendable {
  /// What takes the part's place.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Zeros.
    case zero
    /// The mean over all inputs.
    case mean
    /// The part of another input, drawn for each.
    case resample
  }

  /// The part of an activation.
  public enum Part: Hashable, Sendable {
    /// All of the activation.
    case whole
    /// Its projection on a subspace, with the name that tables give it.
    case subspace(String, Subspace)

    /// How tables name it.
    public var name: String {
      switch self {
      case .whole: "all"
      case .subspace(let name, _): name
      }
    }
  }

  /// The activation that was changed.
  public let site: Site
  /// What of it was taken away.
  public let part: Part
  /// What took its place.
  public let kind: Kind
  /// Mean cross-entropy against the right answers, in nats.
  public let loss: Double
  /// Inputs answered rightly, of all.
  public let right: Proportion
}

extension Ablation {
  /// Ablations of parts at a site, each of every kind, exhaustive over the inputs.
  ///
  /// - Parameters:
  ///   - targets: the right answer of each input.
  ///   - seed: of the inputs that are resampled from.
  public static func all(
    _ parts: [Part], at site: Site, _ runner: Runner, targets: [Int32], seed: UInt64 = 0
  ) throws(CircuitError) -> [Ablation] {
    let count = runner.subject.inputs.count
    precondition(targets.count == count, "\(targets.count) targets for \(count) inputs")
    let rows = try runner.activations(at: site, of: Array(0..<count))
    var generator = SeededGenerator(seed: seed, name: "circuits/ablation")
    let others = (0..<count).map { _ in Int(generator.below(UInt64(count))) }
    let mean = FloatRows(repeating: rows.matrix.columnMeans, rows: count)
    var found: [Ablation] = []
    for part in parts {
      for kind in Kind.allCases {
        let other: FloatRows =
          switch kind {
          case .zero: FloatRows(rows: count, columns: rows.columns)
          case .mean: mean
          case .resample: rows.selecting(others)
          }
        var change = other.adding(-1, rows)
        if case .subspace(_, let subspace) = part {
          precondition(subspace.width == rows.columns, "a subspace of \(subspace.width) dimensions at \(site)")
          let basis = FloatRows(subspace.basis)
          change = change.times(basis, otherTransposed: true).times(basis)
        }
        let loss = try runner.run(
          Array(0..<count), targets: targets, patches: [Patch(.add, at: site, change)]
        ).loss
        found.append(
          Ablation(
            site: site, part: part, kind: kind, loss: loss.mean, right: Proportion(loss.correct, of: loss.counted)))
      }
    }
    return found
  }

  /// The subspaces that frequencies, or representations, of the answers read at a site, one part for each, where what follows is
  /// linear.
  ///
  /// - Parameter frequencies: blocks of the answers' basis, from 1.
  public static func frequencies(_ frequencies: [Int], at site: Site, _ runner: Runner) throws(CircuitError) -> [Part] {
    let read = try ReadDirections(runner.subject, runner, at: site)
    let basis = try runner.subject.inputs.answerBasis
    return try frequencies.map { frequency throws(CircuitError) -> Part in
      let name = basis.blocks[frequency - 1].name
      return .subspace(
        "\(Int(name) == nil ? "representation" : "frequency") \(name)",
        try Subspace(spannedBy: read.directions(of: frequency, basis), at: site.description))
    }
  }
}

extension FloatRows {
  /// The same row again and again.
  init(repeating row: [Double], rows: Int) {
    self.init(rows: rows, columns: row.count)
    let part = row.map { Float($0) }
    for place in 0..<rows { elements.replaceSubrange(place * columns..<(place + 1) * columns, with: part) }
  }
}
