/// All inputs' activations at one site, and interchanges of parts of them.
public struct SiteActivations {
  /// The runner that gave the activations and gives the answers after interchanges.
  public let runner: Runner
  /// Where the activations are.
  public let site: Site
  /// `[inputs, width]`
  public let rows: FloatRows

  /// Runs all inputs of the runner's subject once and keeps their activations at a site.
  ///
  /// - Throws: `CircuitError.noSite`, `.noPosition`, or `.notFinite`.
  public init(_ runner: Runner, at site: Site) throws(CircuitError) {
    self.runner = runner
    self.site = site
    rows = try runner.finiteActivations(at: site, of: Array(0..<runner.subject.inputs.count))
  }

  /// Elements of an input's activation.
  public var width: Int { rows.columns }

  /// For each pair: (h_source − h_base) B Bᵀ, what an interchange adds to the base's activation.
  ///
  /// - Parameter other: where the sources' activations are; nil for here.
  func difference(
    _ bases: [Int], _ sources: [Int], of other: SiteActivations? = nil, in subspace: Subspace
  ) -> FloatRows {
    precondition(subspace.width == width, "a subspace of \(subspace.width) dimensions at \(site), which has \(width)")
    let basis = FloatRows(subspace.basis)
    let coordinates = rows.times(basis, otherTransposed: true)
    let theirs = other?.rows.times(basis, otherTransposed: true) ?? coordinates
    let change = theirs.selecting(sources).adding(-1, coordinates.selecting(bases))
    return change.times(basis)
  }

  /// Whether equal tokens at a position have equal activations, whatever stands elsewhere.
  func isFunctionOfToken(at position: Int) -> Bool {
    let inputs = runner.subject.inputs
    var first: [Int32: Int] = [:]
    return (0..<inputs.count).allSatisfy { input in
      let token = inputs.tokens[input * inputs.positions + position]
      guard let known = first[token] else {
        first[token] = input
        return true
      }
      return rows.row(known).elementsEqual(rows.row(input))
    }
  }

  /// Runs the network on the bases with the sources' coordinates in the subspace.
  public func run(_ bases: [Int], _ sources: [Int], in subspace: Subspace) throws(CircuitError) -> RunResult {
    try runner.run(bases, patches: [Patch(.add, at: site, difference(bases, sources, in: subspace))])
  }

  /// The network's answers on the bases with the sources' coordinates in the subspace.
  public func answers(_ bases: [Int], _ sources: [Int], in subspace: Subspace) throws(CircuitError) -> [Int32] {
    try run(bases, sources, in: subspace).answers
  }

  /// How often the interchange gives the program's intervened answer: the interchange intervention accuracy.
  ///
  /// - Source: Geiger, Lu, Icard & Potts 2021, "Causal abstractions of neural networks".
  public func accuracy(_ pairs: InterchangePairs, in subspace: Subspace) throws(CircuitError) -> Proportion {
    let found = try answers(pairs.bases, pairs.sources, in: subspace)
    return Proportion(zip(found, pairs.expected).count { $0 == $1 }, of: pairs.count)
  }
}

/// Activations of a runner's inputs by site, each computed once.
final class SeenActivations {
  private let runner: Runner
  private var found: [Site: SiteActivations] = [:]

  init(_ runner: Runner) { self.runner = runner }

  func activations(at site: Site) throws(CircuitError) -> SiteActivations {
    if let known = found[site] { return known }
    let new = try SiteActivations(runner, at: site)
    found[site] = new
    return new
  }
}

extension Sequence {
  func count(where matches: (Element) -> Bool) -> Int { reduce(0) { $0 + (matches($1) ? 1 : 0) } }
}
