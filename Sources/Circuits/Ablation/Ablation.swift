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
    /// All of the activation at one site.
    case whole
    /// All of the activation at these sites together: the positions of one name.
    case positions([Site])
    /// Its projection on a subspace, with the name that tables give it.
    case subspace(String, Subspace)

    /// How tables name it.
    public var name: String {
      switch self {
      case .whole: "all"
      case .positions(let sites): "all \(sites.count) positions"
      case .subspace(let name, _): name
      }
    }
  }

  /// The activation that was changed; of several positions together the name alone.
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
  /// What is taken away at a site without a position is the last position's. Positions together are all taken from the same
  /// other input where they are resampled.
  ///
  /// - Parameters:
  ///   - targets: the right answer of each input.
  ///   - seed: of the inputs that are resampled from.
  public static func all(
    _ parts: [Part], at site: Site, _ runner: Runner, targets: [Int32], seed: UInt64 = 0
  ) throws(CircuitError) -> [Ablation] {
    let count = runner.subject.inputs.count
    precondition(targets.count == count, "\(targets.count) targets for \(count) inputs")
    var generator = SeededGenerator(seed: seed, name: "circuits/ablation")
    let others = (0..<count).map { _ in Int(generator.below(UInt64(count))) }
    var found: [Ablation] = []
    for part in parts {
      var places = [site]
      if case .positions(let sites) = part { places = sites }
      let rows = try places.map { place throws(CircuitError) -> FloatRows in
        try runner.activations(at: place, of: Array(0..<count))
      }
      for kind in Kind.allCases {
        let patches = zip(places, rows).map { place, rows in
          Self.patch(part, at: place, rows, by: kind.substitute(for: rows, others))
        }
        let loss = try runner.run(Array(0..<count), targets: targets, patches: patches).loss
        found.append(
          Ablation(
            site: site, part: part, kind: kind, loss: loss.mean, right: Proportion(loss.correct, of: loss.counted)))
      }
    }
    return found
  }

  /// What puts the part of `other` in the place of that of `rows`.
  private static func patch(_ part: Part, at site: Site, _ rows: FloatRows, by other: FloatRows) -> Patch {
    // Where the mask hides a key scores are -inf, and no difference of them is a number.
    guard case .subspace(_, let subspace) = part else { return Patch(.replace, at: site, other) }
    precondition(subspace.width == rows.columns, "a subspace of \(subspace.width) dimensions at \(site)")
    let basis = FloatRows(subspace.basis)
    return Patch(.add, at: site, other.adding(-1, rows).times(basis, otherTransposed: true).times(basis))
  }

  /// What can be taken away whole at a name: each position, and all of them together where there are several.
  public static func wholes(
    named name: String, _ runner: Runner
  ) throws(CircuitError) -> [(site: Site, part: Part)] {
    let sites = try runner.sites(named: name)
    var found: [(site: Site, part: Part)] = sites.map { (site: $0, part: Part.whole) }
    if sites.count > 1 { found.append((site: Site(name), part: Part.positions(sites))) }
    return found
  }

  /// The subspaces that frequencies, or representations, of the answers read at a site, one part for each, where what follows is
  /// linear.
  ///
  /// - Parameter frequencies: blocks of the answers' basis, from 1.
  /// - Throws: `CircuitError.notLinear`, also at the scores and the pattern of attention.
  public static func frequencies(_ frequencies: [Int], at site: Site, _ runner: Runner) throws(CircuitError) -> [Part] {
    guard !site.isAttentionBetweenPositions else { throw .notLinear(site.description) }
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

extension Ablation.Kind {
  /// What takes the place of rows, one for each input; `others` are the inputs that are resampled from.
  fileprivate func substitute(for rows: FloatRows, _ others: [Int]) -> FloatRows {
    switch self {
    case .zero: FloatRows(rows: rows.rows, columns: rows.columns)
    case .mean: FloatRows(repeating: rows.matrix.columnMeans, rows: rows.rows)
    case .resample: rows.selecting(others)
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
