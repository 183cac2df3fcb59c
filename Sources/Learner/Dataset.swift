public import Grammars
public import Networks

/// A task as token sequences: the arguments in order, and behind them `=` where the network reads its answer there.
public struct Dataset: Sendable {
  /// Which value is which token, and which output which logit.
  public let vocabulary: TaskVocabulary
  /// `[rows, positions]` tokens of the training examples, one target each.
  public let training: Batch
  /// The same for the unseen examples; nil when there are none.
  public let test: Batch?
  /// Whether each sequence ends in the token `=`, number `vocabulary.inputs.count`.
  public let endsInEquals: Bool

  /// - Precondition: `training` is not empty, and all values occur in `vocabulary`.
  public init(training: [Example], unseen: [Example], vocabulary: TaskVocabulary, endsInEquals: Bool) {
    precondition(!training.isEmpty, "no training examples")
    self.vocabulary = vocabulary
    self.endsInEquals = endsInEquals
    self.training = Self.batch(training, vocabulary, endsInEquals)
    test = unseen.isEmpty ? nil : Self.batch(unseen, vocabulary, endsInEquals)
  }

  /// Tokens of a sequence.
  public var positions: Int { training.shape.positions }

  /// Examples as a batch whose last position is read, `[rows, arguments (+ 1)]`.
  public static func batch(_ examples: [Example], _ vocabulary: TaskVocabulary, _ endsInEquals: Bool) -> Batch {
    var tokens: [Int32] = []
    var targets: [Int32] = []
    for example in examples {
      for value in example.inputs {
        guard let token = vocabulary.token(of: value) else { preconditionFailure("\(value) is not in the vocabulary") }
        tokens.append(token)
      }
      if endsInEquals { tokens.append(Int32(vocabulary.inputs.count)) }
      guard let target = vocabulary.output(of: example.output) else {
        preconditionFailure("\(example.output) is not in the vocabulary")
      }
      targets.append(target)
    }
    let positions = tokens.count / examples.count
    return Batch(shape: BatchShape(rows: examples.count, positions: positions), tokens: tokens, targets: targets)
  }

  /// Whether two arguments may be exchanged as far as the training examples say: no example contradicts its mirror image,
  /// and there are mirror images to look at. The unseen examples are not asked.
  public static func commutes(_ training: [Example]) -> Bool {
    var outputs: [[Value]: Value] = [:]
    for example in training where example.inputs.count == 2 { outputs[example.inputs] = example.output }
    var mirrored = 0
    for (inputs, output) in outputs where inputs[0] != inputs[1] {
      guard let other = outputs[[inputs[1], inputs[0]]] else { continue }
      if other != output { return false }
      mirrored += 1
    }
    return mirrored > 0
  }
}
