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
  /// Those without a position are at that of the variable.
  private let sites: [Site]
  private let seen: SeenActivations
  private let watch: Agreement.Watch

  init(_ subject: Subject, _ options: Agreement.Options) throws(CircuitError) {
    try self.init(subject, Runner(subject), options)
  }

  init(
    _ subject: Subject, _ runner: Runner, _ options: Agreement.Options, watch: @escaping Agreement.Watch = { _ in }
  ) throws(CircuitError) {
    (self.subject, self.runner, self.options, self.watch) = (subject, runner, options, watch)
    var order = Array(0..<subject.inputs.count)
    var generator = SeededGenerator(seed: options.seed, name: "circuits/halves")
    generator.shuffle(&order)
    fittingHalf = order[..<(order.count / 2)].sorted()
    scoringHalf = order[(order.count / 2)...].sorted()
    guard fittingHalf.count > 0 else { throw .misfit("one input cannot be cut into two halves") }
    seen = SeenActivations(runner)
    sites = try Self.sites(subject, runner, options)
  }

  /// The sites to try for a variable: for a state after k symbols at the k-th position, for others at the last one.
  ///
  /// Where nobody named sites, those that have seen no more than one symbol can hold no state and are left out.
  private func sites(for variable: StudiedProgram.Variable) throws(CircuitError) -> [SiteActivations] {
    guard let after = variable.after else {
      return try sites.map { site throws(CircuitError) in try seen.activations(at: site) }
    }
    let there = sites.map { $0.position == nil ? Site($0.name, position: after - 1) : $0 }
    let found = try runner.distinct(there).map { site throws(CircuitError) in try seen.activations(at: site) }
    guard options.sites == nil else { return found }
    let holding = found.filter { !$0.isFunctionOfToken(at: after - 1) }
    guard !holding.isEmpty else {
      throw .notDefined(
        "no activation behind symbol \(after) says more than that symbol: there is no state to look for")
    }
    return holding
  }

  /// The sites asked for, or all that the class is defined at, at the last position; the logits hold the answer itself, and
  /// attention between positions is no row of one of them. Two names of one activation are one site; a step of a state,
  /// `rnn.hook_hidden.0`, is another position of it.
  private static func sites(_ subject: Subject, _ runner: Runner, _ options: Agreement.Options) throws(CircuitError)
    -> [Site]
  {
    if let asked = options.sites { return try runner.distinct(asked) }
    var found: [Site] = []
    let names = runner.siteNames
    let named = names.filter { $0 != "logits" && !isStep($0, among: names) }.map { Site($0) }
    for site in try runner.distinct(named.filter { !$0.isAttentionBetweenPositions }) {
      if options.alignment == .fourier || options.alignment == .multiplicative {
        // A dead end has no directions to read; what is not linear none that hold everywhere.
        guard (try? ReadDirections(subject, runner, at: site)) != nil else { continue }
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

  /// Whether a name is another one's and a number: one step of that activation.
  private static func isStep(_ name: String, among names: [String]) -> Bool {
    guard let dot = name.lastIndex(of: "."), Int(name[name.index(after: dot)...]) != nil else { return false }
    return names.contains(String(name[..<dot]))
  }

  func pairs(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, scoring: Bool
  ) throws(CircuitError) -> InterchangePairs {
    let half = scoring ? scoringHalf : fittingHalf
    var generator = SeededGenerator(seed: options.seed, name: "circuits/pairs/\(scoring ? "scoring" : "fitting")")
    do throws(CircuitError) {
      return try InterchangePairs(
        program, variable, from: half, count: scoring ? options.pairs : options.usedFittingPairs,
        drawing: options.drawing, using: &generator)
    } catch {
      guard case .noEffectivePairs(let variable, _) = error else { throw error }
      throw .noEffectivePairs(
        variable, within: "the half of \(half.count) inputs that is \(scoring ? "scored" : "fitted") on")
    }
  }

  /// The best subspace of each site, on the fitting half; of that size alone where one is given.
  ///
  /// - Parameter claim: whose the fit is, for `watch`.
  func fits(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, dimensions: Int? = nil,
    claim: String = "the program"
  ) throws(CircuitError) -> [FittedSubspace] {
    let pairs = try pairs(program, variable, scoring: false)
    let fits = try sites(for: variable).map { site throws(CircuitError) in
      AlignmentFit(
        activations: site, half: fittingHalf, pairs: pairs, options: options, dimensions: dimensions,
        watch: { [watch] text in watch { "\(variable.text), \(claim): \(site.site)\(text())" } })
    }
    guard options.alignment == .rotation, dimensions == nil, let sizes = options.rotationSizes else {
      return try fits.map { fit throws(CircuitError) in try fit.fitted(options.alignment) }
    }
    // Rotations are dear to learn: sizes rise at all sites together, so that none is larger than the claim needs anywhere.
    var found = [FittedSubspace?](repeating: nil, count: fits.count)
    var generators = fits.map(\.rotationGenerator)
    for size in sizes {
      for place in fits.indices {
        found[place] = try fits[place].rotated(size, after: found[place], using: &generators[place])
      }
      if found.contains(where: { ($0?.fit.share ?? 0) >= options.goal }) { break }
    }
    return found.compactMap(\.self)
  }

  static func best(_ fits: [FittedSubspace]) -> FittedSubspace {
    fits.enumerated().min { x, y in
      (-x.element.fit.share, x.element.subspace.dimensions, x.offset)
        < (-y.element.fit.share, y.element.subspace.dimensions, y.offset)
    }!.element
  }

  /// The accuracy on the scoring half of what is fitted here in the same way and size.
  private func refitted(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ dimensions: Int, claim: String
  ) throws(CircuitError) -> Proportion {
    let fitted = Self.best(try fits(program, variable, dimensions: dimensions, claim: claim))
    return try seen.activations(at: fitted.site)
      .accuracy(try pairs(program, variable, scoring: true), in: fitted.subspace)
  }
}

// MARK: - One variable

extension AgreementStudy {
  /// A rival program, fitted for a variable's null.
  struct Decoy {
    let name: String
    let program: StudiedProgram
    /// Whether it is left out, and no error, where no interchange tells it from the program.
    let isDispensable: Bool
  }

  func agreement(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, twin: AgreementStudy, decoys: [Decoy]
  ) throws(CircuitError) -> VariableAgreement {
    let tried = try fits(program, variable)
    let fitted = Self.best(tried)
    let site = try seen.activations(at: fitted.site)
    let pairs = try pairs(program, variable, scoring: true)
    let observed = try site.answers(pairs.bases, pairs.sources, in: fitted.subspace)
    let discriminating = pairs.expected.indices.filter { pairs.expected[$0] != program.answers[pairs.sources[$0]] }
    func right(_ places: some Collection<Int>) -> Proportion {
      Proportion(places.count { observed[$0] == pairs.expected[$0] }, of: places.count)
    }
    let nulls = try nulls(program, variable, fitted, site, pairs, twin, decoys)
    let alignmentBits =
      binaryLogarithm(Double(tried.count)) + bits(of: fitted)
    let plain = try runner.run(Array(0..<subject.inputs.count)).answers
    let code = AgreementBits(
      observed: observed, expected: pairs.expected, base: pairs.bases.map { plain[$0] },
      source: pairs.sources.map { plain[$0] }, answers: subject.network.outputs, isAnswer: variable.isAnswer)
    return VariableAgreement(
      variable: variable.text, isAnswer: variable.isAnswer, fitted: fitted, tried: tried,
      accuracy: right(pairs.expected.indices), discriminating: right(discriminating),
      nulls: nulls.found, principalComponents: nulls.principal,
      bitsGained: code.rival - code.program - alignmentBits - binaryLogarithm(Double(pairs.count)) / 2,
      alignmentBits: alignmentBits, sufficiency: try sufficiency(program, variable, site, fitted.subspace),
      elsewhere: try elsewhere(program, variable, site, fitted.subspace),
      states: states(program, variable, site, fitted.subspace))
  }

  /// Where the values of a state lie in the subspace, on the scoring half.
  private func states(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ site: SiteActivations, _ subspace: Subspace
  ) -> StateMap? {
    guard variable.after != nil else { return nil }
    var generator = SeededGenerator(seed: options.seed, name: "circuits/states")
    let coordinates = site.rows.selecting(scoringHalf).times(FloatRows(subspace.basis), otherTransposed: true)
    return StateMap(program, variable, scoringHalf, coordinates.matrix, using: &generator)
  }

  /// The subspace of a state at all positions: its coordinates after other numbers of symbols are those of the source after as many
  /// as it was fitted at.
  private func elsewhere(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ source: SiteActivations, _ subspace: Subspace
  ) throws(CircuitError) -> [VariableAgreement.Elsewhere] {
    guard let after = variable.after, source.site.position == after - 1, let length = subject.inputs.streamLength
    else { return [] }
    var found: [VariableAgreement.Elsewhere] = []
    let step = (length - 2) / Self.placesElsewhere + 1
    for other in Set(stride(from: 1, to: length, by: step)).union([after]).sorted() {
      var generator = SeededGenerator(seed: options.seed, name: "circuits/elsewhere/\(other)")
      let state = try program.state(variable, after: other)
      let drawn: InterchangePairs
      do throws(CircuitError) {
        drawn = try InterchangePairs(
          program, state, sources: variable, from: scoringHalf, count: min(options.pairs, Self.pairsElsewhere),
          drawing: options.drawing, using: &generator)
      } catch {
        guard case .noEffectivePairs = error else { throw error }
        continue
      }
      let site = try SiteActivations(runner, at: Site(source.site.name, position: other - 1))
      let answers = try runner.run(
        drawn.bases,
        patches: [Patch(.add, at: site.site, site.difference(drawn.bases, drawn.sources, of: source, in: subspace))]
      ).answers
      found.append(
        .init(
          after: other,
          accuracy: Proportion(zip(answers, drawn.expected).count { $0 == $1 }, of: drawn.count)))
    }
    return found
  }

  /// Other positions at most, evenly spread, and interchanges at each.
  private static let (placesElsewhere, pairsElsewhere) = (15, 2000)

  private func bits(of fitted: FittedSubspace) -> Double {
    let frequencies = (try? subject.inputs.basis(of: options.alignment)?.blocks.count) ?? 0
    return options.alignment.bits(
      dimensions: fitted.subspace.dimensions, width: fitted.subspace.width,
      frequencies: (fitted.frequencies.count, frequencies))
  }

  private func nulls(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ fitted: FittedSubspace, _ site: SiteActivations,
    _ pairs: InterchangePairs, _ twin: AgreementStudy, _ decoys: [Decoy]
  ) throws(CircuitError) -> (found: [(name: String, accuracy: Proportion)], principal: Proportion?) {
    let k = fitted.subspace.dimensions
    var generator = SeededGenerator(seed: options.seed, name: "circuits/nulls")
    func best(of draw: () -> Subspace) throws(CircuitError) -> Proportion {
      var best = Proportion(0, of: pairs.count)
      for _ in 0..<options.randomSubspaces {
        let found = try site.accuracy(pairs, in: draw())
        if found.successes > best.successes { best = found }
      }
      return best
    }
    let random = try best { Subspace.random(k, of: site.width, using: &generator) }
    let rows = site.rows.selecting(fittingHalf).matrix
    let principal = try site.accuracy(pairs, in: Subspace.principal(k, of: rows, using: &generator))
    let isState = variable.after != nil
    var found = [("\(options.randomSubspaces) random subspaces", random)]
    if !isState { found.append(("principal components", principal)) }
    found.append(
      ("untrained network", try twin.refitted(program, variable, k, claim: "untrained network")))
    if options.alignment == .neurons, k < site.width {
      // The class holds neither of the first two; of a few neurons a draw may well be those of the claim.
      let claimed = fitted.subspace.coordinates
      var units = Array(0..<site.width)
      let sets = try best {
        repeat { generator.shuffle(&units) } while Set(units[..<k]) == claimed
        return Subspace(units: Array(units[..<k]), of: site.width)
      }
      found.insert(("\(options.randomSubspaces) random sets of neurons", sets), at: 0)
    }
    for decoy in decoys {
      do throws(CircuitError) {
        found.append((decoy.name, try null(program, variable, k, decoy)))
      } catch {
        switch error {
        case .noRival where decoy.isDispensable, .noEffectivePairs where decoy.isDispensable: continue
        default: throw error
        }
      }
    }
    return (found, isState ? principal : nil)
  }

  /// The accuracy of a rival's counterpart of a variable: its answer for the answer, else the best of its variables.
  private func null(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ dimensions: Int, _ decoy: Decoy
  ) throws(CircuitError) -> Proportion {
    let rivals = variable.isAnswer ? [decoy.program.variables.last!] : decoy.program.variables
    if variable.isAnswer {
      let pairs = try pairs(decoy.program, rivals[0], scoring: true)
      let isToldApart = (0..<pairs.count).contains { pairs.expected[$0] != program.answers[pairs.sources[$0]] }
      guard isToldApart else {
        throw .noRival(
          "none of the \(pairs.count) interchanges that are scored tells '\(decoy.name)' from the program: it is no rival there"
        )
      }
    }
    var greatest: Proportion?
    var fault: CircuitError?
    for rival in rivals {
      do throws(CircuitError) {
        let reached = try refitted(decoy.program, rival, dimensions, claim: decoy.name)
        if greatest.map({ reached.share > $0.share }) ?? true { greatest = reached }
      } catch {
        // A variable that never changes the rival's answer is no rival.
        guard case .noEffectivePairs = error else { throw error }
        fault = error
      }
    }
    if let greatest { return greatest }
    // There is at least one variable, and it failed.
    throw fault!
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
