import ExactArithmetic
public import Grammars

extension LevinLog {
  /// Why no search by cost over `grammar` can have left this log, or nil when nothing says so.
  ///
  /// Whether the parts of the unfinished phase are those of its walk only the walk tells: `LevinSearch.run` compares them
  /// when it goes on.
  public func fault(over grammar: Grammar) -> String? {
    for (index, phase) in phases.enumerated() {
      if phase.number != index + 1 { return "phase \(phase.number) stands in the place of phase \(index + 1)" }
      if phase.tally.total != 1 { return "phase \(phase.number) met programs of prior \(phase.tally.total) and not 1" }
      if !phase.tally.solutions.isEmpty, index + 1 < phases.count || !shards.isEmpty {
        return "phase \(phase.number) found a program, and another phase follows"
      }
      if phase.tally.open.isZero, index + 1 < phases.count || !shards.isEmpty {
        return "phase \(phase.number) left nothing open, and another phase follows"
      }
    }
    let parts = phases.map { ($0.number, $0.tally) } + shards.map { (phases.count + 1, $0) }
    for (phase, tally) in parts {
      if let fault = tally.fault(inPhase: phase) { return "phase \(phase): \(fault)" }
    }
    for (name, counter) in [("steps", \WalkTally.steps), ("programs", \.programs), ("prefixes", \.prefixes)] {
      let sum = parts.reduce(BigInteger(0)) { $0 + BigInteger($1.1[keyPath: counter]) }
      if sum >= BigInteger(1) << 63 { return "\(sum) \(name) in all" }
    }
    let bound = Rational(BigInteger(1) << (phases.count + (shards.isEmpty ? 1 : 2)))
    guard Rational(BigInteger(steps)) <= bound * grammar.terminationMass()[0].upper else {
      return "\(steps) steps in all, more than the phases have"
    }
    return nil
  }

  /// Why the parts of the unfinished phase are not those of its walk.
  func fault(inPhase phase: Int, spine: WalkTally, shards walked: [DerivationShard], _ grammar: Grammar) -> String? {
    guard let first = shards.first else { return nil }
    guard shards.count <= walked.count + 1 else {
      return "phase \(phase) has \(shards.count) parts, of \(walked.count + 1)"
    }
    guard first.counts(as: spine) else { return "the first part of phase \(phase) is of another walk" }
    for (index, (tally, shard)) in zip(shards.dropFirst(), walked).enumerated()
    where tally.total != shard.prior(in: grammar) {
      return "part \(index + 2) of phase \(phase) is of another walk"
    }
    return nil
  }
}

extension WalkTally {
  fileprivate func fault(inPhase phase: Int) -> String? {
    let share = BigInteger(1) << phase
    if BigInteger(steps) > share { return "\(steps) steps, more than 2^\(phase)" }
    if solutions.isEmpty != right.isZero { return "programs that are right, and none of them kept, or the reverse" }
    if !zip(solutions, solutions.dropFirst()).allSatisfy(Self.precedes) { return "programs out of order" }
    guard let last = solutions.first(where: { Rational(BigInteger($0.steps)) > Rational(share) * $0.probability })
    else { return nil }
    return "a program with \(last.steps) steps exceeds its share"
  }

  /// Whether both counted the same.
  fileprivate func counts(as other: WalkTally) -> Bool {
    prefixes == other.prefixes && programs == other.programs && steps == other.steps && solutions == other.solutions
      && Fate.allCases.allSatisfy { self[keyPath: $0.sum].total == other[keyPath: $0.sum].total }
  }
}
