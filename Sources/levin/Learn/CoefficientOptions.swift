import ArgumentParser
import Learner
import Networks

/// Flags of the local learning coefficient.
struct CoefficientOptions: ParsableArguments {
  @Flag(help: "Estimate the local learning coefficient of the trained network (Lau et al. 2023): no code, no bits.")
  var llc = false
  @Option(help: "nβ, training examples times inverse temperature (default: n / ln n).")
  var llcInverseTemperature: Double?
  @Option(help: "ε, the step size (default: \(CoefficientOptions.standard.stepSize)).")
  var llcStepSize: Double?
  @Option(
    help:
      "γ, how strongly chains are held at the trained parameters (default: \(CoefficientOptions.standard.localization))."
  )
  var llcLocalization: Double?
  @Option(help: "Draws of a chain (default: \(CoefficientOptions.standard.draws)).")
  var llcDraws: Int?
  @Option(help: "Steps of a chain before its draws (default: \(CoefficientOptions.standard.burnIn)).")
  var llcBurnIn: Int?
  @Option(help: "Chains (default: \(CoefficientOptions.standard.chains)).")
  var llcChains: Int?
  @Option(help: "Examples of a step (default: \(NetworkLoss.standardBatchSize)).")
  var llcBatchSize: Int?
  @Flag(help: "Chains stay perpendicular to the gradient at the trained parameters.")
  var llcPerpendicular = false

  /// What is taken where nothing is asked for.
  private static let standard = LearningCoefficient.Settings(inverseTemperature: 1)

  func validate() throws {
    let numbers: [(String, Double?, isPositive: Bool)] = [
      ("llc-inverse-temperature", llcInverseTemperature, true), ("llc-step-size", llcStepSize, true),
      ("llc-localization", llcLocalization, false),
    ]
    let counts: [(String, Int?, least: Int)] = [
      ("llc-draws", llcDraws, 2), ("llc-burn-in", llcBurnIn, 0), ("llc-chains", llcChains, 1),
      ("llc-batch-size", llcBatchSize, 1),
    ]
    for (name, value, isPositive) in numbers {
      guard let value else { continue }
      guard value.isFinite, isPositive ? value > 0 : value >= 0 else {
        throw ValidationError("--\(name) \(value) is not \(isPositive ? "above 0" : "0 or more")")
      }
    }
    for (name, value, least) in counts {
      if let value, !(least...10_000_000).contains(value) {
        throw ValidationError("--\(name) \(value) is outside \(least) … 10000000")
      }
    }
    let isSaid =
      numbers.contains { $0.1 != nil } || counts.contains { $0.1 != nil } || llcPerpendicular
    if isSaid, !llc { throw ValidationError("the flags --llc-… go with --llc") }
  }

  /// The estimate for a run that has ended; nil when it was not asked for, or stopped.
  func estimate(_ run: TrainingRun, threads: Int, shouldStop: () -> Bool) -> LearningCoefficient? {
    guard llc else { return nil }
    let examples = run.dataset.training.shape.rows
    var settings = LearningCoefficient.Settings(
      inverseTemperature: llcInverseTemperature
        ?? LearningCoefficient.Settings.usualInverseTemperature(examples: max(2, examples)))
    if let llcStepSize { settings.stepSize = llcStepSize }
    if let llcLocalization { settings.localization = llcLocalization }
    if let llcDraws { settings.draws = llcDraws }
    if let llcBurnIn { settings.burnIn = llcBurnIn }
    if let llcChains { settings.chains = llcChains }
    settings.isPerpendicular = llcPerpendicular
    return run.learningCoefficient(
      settings, batchSize: llcBatchSize ?? NetworkLoss.standardBatchSize, threads: threads, shouldStop: shouldStop)
  }
}

extension LearningCoefficient {
  /// The estimate in a line, with what it depends on.
  var text: String {
    let value: String
    if let estimate {
      value = "\(Number.rounded(estimate, 1))\(standardError.map { " ± \(Number.rounded($0, 1))" } ?? "")"
    } else {
      value = "no estimate: \(fault.map { "\($0)" } ?? "")"
    }
    let measured = halves.filter(\.isFinite).map { Number.rounded($0, 1) }
    return
      "\(value); nβ \(Number.rounded(settings.inverseTemperature, 1)), ε \(settings.stepSize), γ \(settings.localization), \(Number.counted(settings.chains, "chain")) of \(Number.counted(settings.draws, "draw")) after \(settings.burnIn)\(settings.isPerpendicular ? ", perpendicular to the gradient" : "")"
      + (measured.isEmpty ? "" : "; halves of the draws \(measured.joined(separator: ", "))")
  }
}
