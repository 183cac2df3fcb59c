internal import Grammars
internal import Networks
internal import Randomness

/// One network under study: its sites with their activations, and the two halves of the inputs.
struct AgreementStudy {
  let subject: Subject
  let runner: Runner
  let options: Agreement.Options
  let fittingHalf: [Int]
  let scoringHalf: [Int]
  private let sites: [SiteActivations]

  init(_ subject: Subject, _ options: Agreement.Options) throws(CircuitError) {
    try self.init(subject, Runner(subject), options)
  }

  init(_ subject: Subject, _ runner: Runner, _ options: Agreement.Options) throws(CircuitError) {
    (self.subject, self.runner, self.options) = (subject, runner, options)
    var order = Array(0..<subject.inputs.count)
    var generator = SeededGenerator(seed: options.seed, name: "circuits/halves")
    generator.shuffle(&order)
    fittingHalf = order[..<(order.count / 2)].sorted()
    scoringHalf = order[(order.count / 2)...].sorted()
    guard fittingHalf.count > 0 else { throw .misfit("one input cannot be cut into two halves") }
    sites = try Self.sites(subject, runner, options).map { site throws(CircuitError) in
      try SiteActivations(runner, at: site)
    }
  }

  /// The sites asked for, or all of one row for each input that the class is defined at; the logits hold the answer itself.
  private static func sites(_ subject: Subject, _ runner: Runner, _ options: Agreement.Options) throws(CircuitError)
    -> [Site]
  {
    if let asked = options.sites {
      for site in asked { _ = try runner.width(of: site) }
      return asked
    }
    var found: [Site] = []
    for name in runner.siteNames
    where name != "logits" && !name.hasSuffix("hook_pattern") && !name.hasSuffix("hook_attn_scores") {
      let site = Site(name)
      if options.alignment == .fourier || options.alignment == .multiplicative {
        // A dead end has no directions to read; what is not linear none that hold everywhere.
        guard let read = try? ReadDirections(subject, runner, at: site), read.weights.squaredNorm > 0 else { continue }
      }
      found.append(site)
    }
    guard found.isEmpty else { return found }
    let logits = try runner.run(Array(0..<subject.inputs.count)).logits
    let first = logits.row(0)
    guard !(1..<logits.rows).allSatisfy({ logits.row($0).elementsEqual(first) }) else {
      throw .notDefined("the network answers the same whatever the input: there is no activation to look at")
    }
    throw .notLinear("every activation")
  }

  func pairs(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, scoring: Bool
  ) throws(CircuitError) -> InterchangePairs {
    var generator = SeededGenerator(seed: options.seed, name: "circuits/pairs/\(scoring ? "scoring" : "fitting")")
    return try InterchangePairs(
      program, variable, from: scoring ? scoringHalf : fittingHalf,
      count: scoring ? options.pairs : options.fittingPairs, drawing: options.drawing, using: &generator)
  }

  /// The best subspace of each site, on the fitting half; of that size alone where one is given.
  func fits(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, dimensions: Int? = nil
  ) throws(CircuitError) -> [FittedSubspace] {
    let pairs = try pairs(program, variable, scoring: false)
    return try sites.map { site throws(CircuitError) in
      try AlignmentFit(activations: site, half: fittingHalf, pairs: pairs, options: options, dimensions: dimensions)
        .fitted(options.alignment)
    }
  }

  static func best(_ fits: [FittedSubspace]) -> FittedSubspace {
    fits.enumerated().min { x, y in
      (-x.element.fit.share, x.element.subspace.dimensions, x.offset)
        < (-y.element.fit.share, y.element.subspace.dimensions, y.offset)
    }!.element
  }

  private func activations(at site: Site) -> SiteActivations { sites.first { $0.site == site }! }

  /// The accuracy on the scoring half of what is fitted here in the same way and size.
  private func refitted(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ dimensions: Int
  ) throws(CircuitError) -> Proportion {
    let fitted = Self.best(try fits(program, variable, dimensions: dimensions))
    return try activations(at: fitted.site).accuracy(try pairs(program, variable, scoring: true), in: fitted.subspace)
  }
}

// MARK: - One variable

extension AgreementStudy {
  func agreement(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, twin: AgreementStudy,
    decoys: [(name: String, program: StudiedProgram)]
  ) throws(CircuitError) -> VariableAgreement {
    let tried = try fits(program, variable)
    let fitted = Self.best(tried)
    let site = activations(at: fitted.site)
    let pairs = try pairs(program, variable, scoring: true)
    let observed = try site.answers(pairs.bases, pairs.sources, in: fitted.subspace)
    let discriminating = pairs.expected.indices.filter { pairs.expected[$0] != program.answers[pairs.sources[$0]] }
    func right(_ places: some Collection<Int>) -> Proportion {
      Proportion(places.count { observed[$0] == pairs.expected[$0] }, of: places.count)
    }
    let alignmentBits =
      binaryLogarithm(Double(tried.count)) + bits(of: fitted)
    let plain = try runner.run(Array(0..<subject.inputs.count)).answers
    let code = AgreementBits(
      observed: observed, expected: pairs.expected, base: pairs.bases.map { plain[$0] },
      source: variable.isAnswer ? pairs.expected : pairs.sources.map { plain[$0] }, answers: subject.network.outputs)
    return VariableAgreement(
      variable: variable.text, isAnswer: variable.isAnswer, fitted: fitted, tried: tried,
      accuracy: right(pairs.expected.indices), discriminating: right(discriminating),
      nulls: try nulls(program, variable, fitted, site, pairs, twin, decoys),
      bitsGained: code.rival - code.program - alignmentBits - binaryLogarithm(Double(pairs.count)) / 2,
      alignmentBits: alignmentBits, sufficiency: try sufficiency(program, variable, site, fitted.subspace))
  }

  private func bits(of fitted: FittedSubspace) -> Double {
    let frequencies = (try? subject.inputs.basis(of: options.alignment)?.blocks.count) ?? 0
    return options.alignment.bits(
      dimensions: fitted.subspace.dimensions, width: fitted.subspace.width,
      frequencies: (fitted.frequencies.count, frequencies))
  }

  private func nulls(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ fitted: FittedSubspace, _ site: SiteActivations,
    _ pairs: InterchangePairs, _ twin: AgreementStudy, _ decoys: [(name: String, program: StudiedProgram)]
  ) throws(CircuitError) -> [(name: String, accuracy: Proportion)] {
    let k = fitted.subspace.dimensions
    var generator = SeededGenerator(seed: options.seed, name: "circuits/nulls")
    var best = Proportion(0, of: pairs.count)
    for _ in 0..<options.randomSubspaces {
      let random = Subspace.random(k, of: site.width, using: &generator)
      let found = try site.accuracy(pairs, in: random)
      if found.successes > best.successes { best = found }
    }
    let rows = site.rows.selecting(fittingHalf).matrix
    let principal = Subspace.principal(k, of: rows, using: &generator)
    var found = [
      ("\(options.randomSubspaces) random subspaces", best),
      ("principal components", try site.accuracy(pairs, in: principal)),
      ("untrained network", try twin.refitted(program, variable, k)),
    ]
    for decoy in decoys {
      // The rival's counterpart: its answer for the answer, else its best variable.
      let rivals = variable.isAnswer ? [decoy.program.variables.last!] : decoy.program.variables
      var greatest = Proportion(0, of: 1)
      for rival in rivals {
        do throws(CircuitError) {
          let reached = try refitted(decoy.program, rival, k)
          if reached.share > greatest.share { greatest = reached }
        } catch {
          // A variable that never changes the rival's answer is no rival.
          guard case .noEffectivePairs = error, rivals.count > 1 else { throw error }
        }
      }
      found.append((decoy.name, greatest))
    }
    return found
  }

  /// Losses on the scoring half, each input with another one drawn for it.
  private func sufficiency(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ site: SiteActivations, _ subspace: Subspace
  ) throws(CircuitError) -> Sufficiency {
    var generator = SeededGenerator(seed: options.seed, name: "circuits/resampling")
    let bases = scoringHalf.filter { program.answers[$0] != nil }
    let others = bases.map { _ in scoringHalf[Int(generator.below(UInt64(scoringHalf.count)))] }
    let targets = bases.map { program.answers[$0]! }
    func loss(_ rows: FloatRows?) throws(CircuitError) -> Double {
      try runner.run(bases, targets: targets, patches: rows.map { [Patch(.add, at: site.site, $0)] } ?? []).loss.mean
    }
    let inside = site.difference(bases, others, in: subspace)
    var alike: [Value?: [Int]] = [:]
    for input in scoringHalf { alike[variable.values[input], default: []].append(input) }
    let equivalent = bases.map { base in
      let choices = alike[variable.values[base]]!
      return choices[Int(generator.below(UInt64(choices.count)))]
    }
    let all = site.rows.selecting(others).adding(-1, site.rows.selecting(bases))
    return Sufficiency(
      original: try loss(nil), outsideResampled: try loss(all.adding(-1, inside)),
      scrubbed: try loss(all.adding(-1, inside).adding(1, site.difference(bases, equivalent, in: subspace))),
      insideResampled: try loss(inside),
      allResampled: try loss(all))
  }
}
