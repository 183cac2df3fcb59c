public import Grammars

/// A finite domain on which a network is studied: every input, once as values of programs and once as tokens.
public struct Inputs: Hashable, Sendable {
  /// The arguments of each input.
  public let values: [[Value]]
  /// `[count, positions]` tokens.
  public let tokens: [Int32]
  /// Tokens of an input.
  public let positions: Int
  /// The network's number of each answer.
  public let answers: [Value: Int32]
  /// Tokens that the network must have, `=` included: no more, no less.
  public let vocabulary: Int
  /// How many logits the network may have.
  public let outputs: ClosedRange<Int>

  /// - Parameters:
  ///   - vocabulary: tokens that there are, `=` included.
  ///   - outputs: how many logits the network may have.
  public init(
    values: [[Value]], tokens: [Int32], positions: Int, answers: [Value: Int32], vocabulary: Int,
    outputs: ClosedRange<Int>
  ) {
    precondition(
      !values.isEmpty && tokens.count == values.count * positions, "\(tokens.count) tokens for \(values.count) inputs")
    (self.values, self.tokens, self.positions, self.answers) = (values, tokens, positions, answers)
    (self.vocabulary, self.outputs) = (vocabulary, outputs)
  }

  /// Inputs of the domain.
  public var count: Int { values.count }
  /// Arguments of an input.
  public var arity: Int { values[0].count }

  /// The symbols of an input where each is one list, all of one length; nil for other inputs.
  ///
  /// A symbol is a token, at the position of its place in the list.
  public var streamLength: Int? {
    guard arity == 1, values[0][0].sort == .list else { return nil }
    let length = values[0][0].elements.count
    return length <= positions && values.allSatisfy { $0[0].elements.count == length } ? length : nil
  }

  /// The input as people write it: `(3, 5)`.
  public func text(_ input: Int) -> String {
    "(\(values[input].map(\.description).joined(separator: ", ")))"
  }
}

extension Inputs {
  /// All pairs (a, b) of residues modulo p, a slowest; residues are their own tokens and answers.
  ///
  /// - Parameter endsInEquals: whether the token `=`, number p, stands behind the pair.
  public static func pairs(modulus: Int, endsInEquals: Bool) -> Inputs {
    let residues = (0..<Int64(modulus)).map { Value.int($0) }
    var tokens: [Int32] = []
    var values: [[Value]] = []
    for a in 0..<modulus {
      for b in 0..<modulus {
        tokens += [Int32(a), Int32(b)]
        if endsInEquals { tokens.append(Int32(modulus)) }
        values.append([residues[a], residues[b]])
      }
    }
    return Inputs(
      values: values, tokens: tokens, positions: endsInEquals ? 3 : 2,
      answers: Dictionary(uniqueKeysWithValues: residues.enumerated().map { ($1, Int32($0)) }),
      vocabulary: endsInEquals ? modulus + 1 : modulus, outputs: modulus...modulus + (endsInEquals ? 1 : 0))
  }
}
