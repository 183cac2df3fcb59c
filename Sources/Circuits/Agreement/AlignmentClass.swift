/// The class of maps from a program's variable to a part of an activation, declared before the search.
///
/// Maps without restriction align anything with anything (Sutter et al. 2025), so the class is part of the claim and the
/// bits that choose a member are charged.
public enum AlignmentClass: String, Hashable, Sendable, CaseIterable {
  /// The directions that blocks of functions on the answers' group read: m of the ⌊p/2⌋ frequencies of Z/p, two dimensions
  /// each; m of the non-trivial irreducible representations of a symmetric group, d² dimensions each.
  case fourier
  /// The directions that characters of the multiplicative group of Z/p read: m of the (p − 1)/2 characters and zero, two
  /// dimensions each or one.
  case multiplicative
  /// k of the d units.
  case neurons
  /// Any k-dimensional subspace, by gradient (distributed alignment search; Geiger et al. 2024).
  case rotation

  /// Bits that choose a member: log2 C(blocks, m), log2 C(d, k), or 8 bits for each of the k(2d − k − 1)/2 free angles.
  public func bits(dimensions k: Int, width d: Int, frequencies: (chosen: Int, of: Int)?) -> Double {
    switch self {
    case .fourier, .multiplicative: frequencies.map { bitsToChoose($0.chosen, of: $0.of) } ?? 0
    case .neurons: bitsToChoose(k, of: d)
    case .rotation: Double(k) * Double(2 * d - k - 1) / 2 * 8
    }
  }
}

/// A subspace that was fitted to a variable, on one half of the inputs.
public struct FittedSubspace: Hashable, Sendable {
  /// The activation that the subspace is a part of.
  public let site: Site
  /// The subspace, as wide as the site.
  public let subspace: Subspace
  /// Interchange accuracy on the pairs that it was fitted on.
  public let fit: Proportion
  /// The blocks that span it, from 1, for the class of Fourier directions: of Z/p these are frequencies.
  public let frequencies: [Int]
  /// Their names.
  public let terms: [String]
  /// What was tried at this site: dimensions, and accuracy on the fitting pairs.
  public let curve: [(dimensions: Int, fit: Proportion)]

  public static func == (x: Self, y: Self) -> Bool {
    x.site == y.site && x.subspace == y.subspace && x.fit == y.fit && x.frequencies == y.frequencies
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(site) }
}
