internal import Networks
internal import Randomness

/// Whether a network's circuit computes what a program computes, variable by variable.
///
///     let agreement = try Agreement(program, subject, decoys: [("a - b", difference)])
///     agreement.behaviour.share       // how often the network answers as the program does
///     agreement.variables[0].score    // A_v = (IIA_v − null)/(1 − null)
///     agreement.overall               // the least of the scores
///
/// Of a program on streams the variables are its states after some symbols, looked for behind the last of these.
/// For each variable of the program a subspace of a declared class is fitted on interchanges within one half of the inputs
/// and scored on the other half. The null is the best that is reached without the claim: by random subspaces and principal
/// components of equal size, and by an untrained network and rival programs fitted in the same way and size.
/// A rival's interchanges are counted where it has values itself. On those where program and rival say the same a network that
/// computes the program is right for the rival too, so the null of a rival that differs from the program on few inputs is near
/// 1 by itself: the score then rests on the few interchanges that tell the two apart, and moves by their number when one of
/// them is missed. A rival that no interchange tells apart is an error, not a null of 1; one that nobody named is left
/// out.
/// When the network does not answer as the program does, nothing else is measured.
public struct Agreement: Sendable {
  /// What decides the outcome beside program, network and decoys.
  public struct Options: Hashable, Sendable {
    /// The class that subspaces are taken from.
    public var alignment = AlignmentClass.fourier
    /// The sites to try; nil tries every activation that the class is defined at, at the last position, the logits apart.
    /// An activation with two names, or a site that is given twice, is one.
    public var sites: [Site]?
    /// The greatest subspace, in dimensions.
    public var maxDimensions = 12
    /// The variables to look for, as the language writes them; nil takes the states of a stream, where there are some that
    /// change an answer, else all.
    public var variables: [String]?
    /// Interchanges that are scored for each variable.
    public var pairs = 20_000
    /// Which pairs of inputs are interchanged.
    public var drawing = InterchangePairs.Drawing.effective
    /// Interchanges of the other half that are fitted on; nil for 4,000, or for a rotation at least as many as are scored: it has
    /// thousands of angles, and on few interchanges it learns these and not the others.
    public var fittingPairs: Int?
    /// The accuracy at which no larger subspace is tried.
    public var goal = 0.99
    /// The least share of answers alike.
    public var leastBehaviour = 0.99
    /// Whether a network that does not answer alike is measured nevertheless.
    public var ignoresBehaviour = false
    /// Random subspaces tried for the null; the best of them counts.
    public var randomSubspaces = 5
    /// Seed of the halves, the pairs, the random subspaces, the rotations and the untrained network.
    public var seed: UInt64 = 0
    /// Sizes of learned rotations in rising order, the first of 1, at all sites together until one reaches the goal; nil learns
    /// those of `maxDimensions` alone.
    public var rotationSizes: [Int]?
    /// Updates of one learned rotation.
    public var rotationSteps = 200
    /// Interchanges of each update; all fitting pairs where these are fewer.
    public var rotationBatch = 512
    /// The first step in radians; a cosine lowers it to 0.
    public var rotationRate = 0.3
    /// Parameters that are data and not learnt, by name; the untrained network has the same.
    public var dataParameters: [String] = []

    /// The standard options.
    public init() {}

    /// 1, 2, 4, … and the limit: sizes of learned rotations where the least that will do is of interest.
    public static func doublingSizes(upTo limit: Int) -> [Int] {
      (0..<Int.bitWidth - 1).lazy.map { 1 << $0 }.prefix { $0 < limit } + [max(limit, 1)]
    }

    /// `fittingPairs`, or what stands for nil.
    public var usedFittingPairs: Int { fittingPairs ?? (alignment == .rotation ? max(4000, pairs) : 4000) }
  }

  /// How the network answers beside the program.
  public struct Behaviour: Hashable, Sendable {
    /// Inputs with the program's answer, of those on which it has a value.
    public let alike: Proportion
    /// The least of (logit of the program's answer − greatest other logit).
    public let leastMargin: Double
  }

  /// The program that the network is compared with.
  public let program: StudiedProgram
  /// The options that it was measured with.
  public let options: Options
  /// How the network answers beside the program, over all inputs.
  public let behaviour: Behaviour
  /// Empty when the behaviour differs.
  public let variables: [VariableAgreement]
  /// States that nobody named and that change no answer: nothing can be counted with them.
  public let idleStates: [String]

  /// The least score of the variables; nil when the behaviour differs.
  public var overall: Double? { variables.map(\.score).min() }
}

extension Agreement {
  /// Is called, often, with what is fitted now, in words for people who wait.
  public typealias Watch = (_ text: () -> String) -> Void

  /// - Parameters:
  ///   - decoys: rival programs with their names, on the same inputs.
  ///   - defaultDecoys: rivals that nobody named: where nothing tells one from the program, the null does without it.
  /// - Throws: `CircuitError` for sites, classes and programs that do not go together; `.noRival` for a decoy that differs from
  ///   the program nowhere, or on no interchange that is scored.
  public init(
    _ program: StudiedProgram, _ subject: Subject, decoys: [(name: String, program: StudiedProgram)] = [],
    defaultDecoys: [(name: String, program: StudiedProgram)] = [],
    options: Options = Options(), watch: @escaping Watch = { _ in }
  ) throws(CircuitError) {
    self.program = program
    self.options = options
    guard program.answers.contains(where: { $0 != nil }) else {
      throw .notDefined("the program '\(program.text)' has no value on any of the \(program.answers.count) inputs")
    }
    for decoy in decoys where !program.differs(from: decoy.program) {
      throw .noRival("'\(decoy.name)' answers as the program does wherever both have a value: it is no rival of it")
    }
    let runner = Runner(subject)
    behaviour = try Self.behaviour(program, runner)
    guard behaviour.alike.share >= options.leastBehaviour || options.ignoresBehaviour else {
      (variables, idleStates) = ([], [])
      return
    }
    let study = try AgreementStudy(subject, runner, options, watch: watch)
    let untrained = subject.untrained(seed: options.seed, keeping: options.dataParameters)
    let twin = try AgreementStudy(untrained, Runner(untrained), options, watch: watch)
    let rivals =
      defaultDecoys.map { AgreementStudy.Decoy(name: $0.name, program: $0.program, isDispensable: true) }
      + decoys.map { AgreementStudy.Decoy(name: $0.name, program: $0.program, isDispensable: false) }
    let (asked, idle) = try Self.asked(program, options, study)
    var found: [VariableAgreement] = []
    for variable in asked {
      found.append(try study.agreement(program, variable, twin: twin, decoys: rivals))
    }
    (variables, idleStates) = (found, idle)
  }

  /// The variables to look for, and the states among those of the program that change no answer.
  private static func asked(
    _ program: StudiedProgram, _ options: Options, _ study: AgreementStudy
  ) throws(CircuitError) -> (variables: [StudiedProgram.Variable], idle: [String]) {
    guard let names = options.variables else {
      let states = program.variables.filter { $0.after != nil }
      guard !states.isEmpty else { return (program.variables, []) }
      var (kept, idle) = ([StudiedProgram.Variable](), [String]())
      var fault: CircuitError?
      for state in states {
        do throws(CircuitError) {
          for scoring in [false, true] { _ = try study.pairs(program, state, scoring: scoring) }
          kept.append(state)
        } catch {
          guard case .noEffectivePairs = error else { throw error }
          (fault, idle) = (error, idle + [state.text])
        }
      }
      if let fault, kept.isEmpty { throw fault }
      return (kept, idle)
    }
    return (
      try names.map { name throws(CircuitError) in
        guard let variable = program.variables.first(where: { $0.text == name }) else {
          throw .notDefined(
            "the program '\(program.text)' has no variable '\(name)'; it has \(program.variables.map(\.text).joined(separator: ", "))"
          )
        }
        return variable
      }, []
    )
  }

  static func behaviour(_ program: StudiedProgram, _ runner: Runner) throws(CircuitError) -> Behaviour {
    let result = try runner.run(
      Array(program.answers.indices), targets: program.answers.map { $0 ?? Batch.ignored })
    return Behaviour(
      alike: Proportion(result.loss.correct, of: result.loss.counted), leastMargin: result.loss.leastMargin)
  }
}

/// What was found for one variable.
public struct VariableAgreement: Sendable {
  /// The variable as the program's language writes it.
  public let variable: String
  /// Whether it is the program's answer.
  public let isAnswer: Bool
  /// The subspace with the greatest accuracy on the fitting half; of equals the one with fewer dimensions.
  public let fitted: FittedSubspace
  /// Everything that was fitted, a site each.
  public let tried: [FittedSubspace]
  /// On the scoring half: interchanges that give the program's intervened answer.
  public let accuracy: Proportion
  /// Of these pairs those whose expected answer is not the source's own; none when the variable is the answer.
  public let discriminating: Proportion
  /// Interchange accuracies without the claim, each in a subspace of the same size: of random subspaces, principal
  /// components, the untrained network and the rival programs, by name.
  public let nulls: [(name: String, accuracy: Proportion)]
  /// Of a state of a stream: the accuracy of as many principal components, which are no null of it. All that a recurrent network
  /// knows of the past goes through that activation, so that what varies most there is the state where nothing else is kept; nil
  /// for other variables.
  public let principalComponents: Proportion?
  /// Bits saved on the interchanges by the program's account, less those of the alignment and ½ log2 n.
  public let bitsGained: Double
  /// Bits that choose the site among those tried and the subspace in its class.
  public let alignmentBits: Double
  /// The network's losses when parts of the activation are resampled.
  public let sufficiency: Sufficiency
  /// Of a state of a stream, fitted after k symbols: the same subspace after each number of symbols, k too, of long streams after
  /// some of them, where setting the state changes answers; empty for other variables.
  public let elsewhere: [Elsewhere]
  /// Of a state of a stream: where its values lie in the subspace; nil for other variables and for states of very many values.
  public let states: StateMap?

  /// How often the coordinates of a state after k symbols of one stream, put in the place of those after `after` symbols of
  /// another, give the program's answer: whether one code serves at all times.
  public struct Elsewhere: Hashable, Sendable {
    /// The symbols of the base that were read.
    public let after: Int
    /// Interchanges of the scoring half, drawn for this place.
    public let accuracy: Proportion
  }

  /// The greatest null.
  public var null: Double { nulls.map(\.accuracy.share).max() ?? 0 }
  /// A_v = (IIA_v − null)/(1 − null); 0 where the null reaches 1. It has no least value: just below 1 the null divides by
  /// little.
  public var score: Double { null < 1 ? (accuracy.share - null) / (1 - null) : 0 }
  /// Whether some interchange tells the variable from the program's answer: what carries the answer alone gives the source's
  /// own on all others.
  public var isToldFromAnswer: Bool { isAnswer || discriminating.count > 0 }
  /// Whether `verdict` is that the network computes the variable.
  public var isImplemented: Bool { verdict == .implemented }

  /// What the interchanges say, decided in whole numbers but for the bits.
  public enum Verdict: Hashable, Sendable {
    /// A_v ≥ 0.95, and bits are gained; of a variable that is not the answer also 95 % of the discriminating interchanges.
    case implemented
    /// The accuracy, in all or of the discriminating interchanges, is below 95 %.
    case refuted
    /// No interchange wants another answer than the source's own: it may be the answer that is there.
    case isLikeAnswer
    /// The accuracy is 95 % or more, and A_v is less than 0.95 by the null of this name, the greatest: what reaches it makes
    /// no claim, so the accuracy is no evidence for this one.
    case isReached(by: String)
    /// All but that the interchanges that were scored save fewer bits than the alignment costs.
    case isUnpaid
  }

  /// What the interchanges say.
  public var verdict: Verdict {
    let (hits, n) = (accuracy.successes, accuracy.count)
    guard n > 0, 20 * hits >= 19 * n else { return isToldFromAnswer ? .refuted : .isLikeAnswer }
    guard isToldFromAnswer else { return .isLikeAnswer }
    guard isAnswer || 20 * discriminating.successes >= 19 * discriminating.count else { return .refuted }
    // 20 (IIA − null) ≥ 19 (1 − null) for each null.
    let reached = nulls.filter { $0.accuracy.count > 0 }.filter { null in
      let (reached, m) = (null.accuracy.successes, null.accuracy.count)
      return reached == m || 20 * (hits * m - reached * n) < 19 * n * (m - reached)
    }
    if let greatest = reached.max(by: { $0.accuracy.share < $1.accuracy.share }) {
      return .isReached(by: greatest.name)
    }
    return bitsGained > 0 ? .implemented : .isUnpaid
  }
}

/// Losses against the program's answers, in nats, when parts of the site's activation come from another input.
public struct Sufficiency: Hashable, Sendable {
  /// Nothing is changed.
  public let original: Double
  /// Everything outside the subspace is resampled.
  public let outsideResampled: Double
  /// The same, and the subspace comes from an input on which the program's variable has the same value: causal scrubbing
  /// of the claim that the subspace holds the variable and nothing else matters (Chan et al. 2022).
  public let scrubbed: Double
  /// The subspace alone is resampled.
  public let insideResampled: Double
  /// The whole activation is resampled.
  public let allResampled: Double

  /// The share of the loss between `allResampled` and `original` that the subspace alone keeps.
  public var recovered: Double { share(allResampled - outsideResampled) }
  /// The share of it that is kept under scrubbing: the recovered loss (L_all − L_scrubbed)/(L_all − L_original).
  public var recoveredByScrubbing: Double { share(allResampled - scrubbed) }
  /// The share of it that is lost without the subspace.
  public var necessary: Double { share(insideResampled - original) }

  private func share(_ part: Double) -> Double { allResampled != original ? part / (allResampled - original) : 0 }
}
