import ArgumentParser
import Comparison
import ExactArithmetic
import Tasks

/// Tasks with shares, seeds and methods that belong together.
///
/// In short form power2022 and controls take minutes on two cores, chomsky some twenty, sequences an hour or two; the full forms
/// take hours.
enum ComparisonSuite: String, ExpressibleByArgument, CaseIterable {
  /// The operations of Power et al. 2022 modulo 97 and on S5.
  case power2022
  /// The tasks of Delétang et al. 2022.
  case chomsky
  /// The integer sequences of the suite, 20 terms to learn from and 20 to answer.
  case sequences
  /// Random labels, renamed values and noise beside the plain task.
  case controls

  func apply(to plan: inout ComparisonPlan, full: Bool) throws {
    plan.seeds = full ? [0, 1, 2, 3, 4] : [0]
    plan.learningCoefficients = full
    switch self {
    case .power2022: power2022(&plan, full: full)
    case .chomsky: chomsky(&plan, full: full)
    case .sequences: try sequences(&plan, full: full)
    case .controls: controls(&plan, full: full)
    }
  }

  private static func references(_ texts: [String]) -> [TaskReference] {
    // The names are built in; one that is none is a fault of this file.
    texts.map { text in
      guard let reference = try? TaskReference(text) else { preconditionFailure("'\(text)' names no task") }
      return reference
    }
  }

  private static func shares(permille: [Int]) -> [Rational] { permille.map { Rational(BigInteger($0), 1000) } }

  private func power2022(_ plan: inout ComparisonPlan, full: Bool) {
    let names = TaskFamily.all.map(\.name)
    plan.tasks = Self.references(
      names.filter { $0.hasPrefix("mod-") }.map { $0 + "@97" } + names.filter { $0.hasPrefix("s5-") })
    plan.codes = full
    plan.fractions = Self.shares(
      permille: full
        ? [5, 10, 20] + stride(from: 50, through: 900, by: 50) : [5, 20, 50, 100, 200, 300, 500, 700])
    plan.methods =
      full
      ? ["search", "mixture", "mlp", "transformer", "lstm", "kt", "uniform", "lookup"]
      : ["search", "mlp", "uniform", "lookup"]
    if !full { plan.networkSteps = 400 }
  }

  private func chomsky(_ plan: inout ComparisonPlan, full: Bool) {
    plan.tasks = Self.references(SymbolTask.all.filter { $0.kind != .stream }.map(\.name))
    plan.methods =
      full
      ? ["search", "lstm", "gru", "transformer", "ctw", "kt", "uniform", "lookup"]
      : ["search", "lstm", "ctw", "kt", "uniform", "lookup"]
    // Each of these tasks has a program within as many, in one of the languages.
    plan.maxPrograms = 30_000_000
    if !full {
      plan.networkSteps = 300
      plan.codedSequences = 500
      plan.testLengths = [10, 20, 40, 60, 100, 200, 500]
    } else {
      plan.networkSteps = 10_000
      plan.sequenceExamples = 100_000
    }
  }

  private func sequences(_ plan: inout ComparisonPlan, full: Bool) throws {
    plan.tasks = Self.references(try SequenceTask.read(path: TasksCommand.suitePath()).map(\.number))
    plan.codes = full
    plan.fractions = [Rational(1, 2)]
    plan.methods =
      full
      ? ["search", "mixture", "lstm", "gru", "transformer", "ctw", "kt", "uniform", "lookup"]
      : ["search", "lstm", "lookup"]
    // Where nothing is found most of the time goes into loops, which are none of these.
    plan.maxPrograms = 300_000
    if !full { plan.networkSteps = 400 }
  }

  private func controls(_ plan: inout ComparisonPlan, full: Bool) {
    plan.tasks = Self.references(["mod-add@97", "mod-add@97:random", "mod-add@97:permuted", "mod-add@97:noisy"])
    plan.fractions = [Rational(1, 2)]
    plan.methods = ["search", "mixture", "mlp", "kt", "uniform", "lookup"]
    plan.codes = full
    if !full { plan.networkSteps = 400 }
  }
}
