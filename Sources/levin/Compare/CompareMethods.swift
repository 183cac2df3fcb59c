import Comparison
import Learner

/// The methods that `levin compare` has, by name.
enum CompareMethods {
  /// All of them, for a plan, in the order in which tables list them.
  static func all(_ plan: ComparisonPlan) -> [any ComparedMethod] {
    let (steps, measures) = (plan.networkSteps, plan.learningCoefficients)
    return [
      ProgramSearchMethod(maxPrograms: plan.maxPrograms, grammar: plan.grammar),
      ProgramMixtureMethod(maxPrograms: plan.maxPrograms, grammar: plan.grammar),
      NetworkMethod(
        name: "mlp", title: "MLP", recipe: .fast, network: nil, learningRate: nil, steps: steps, measures: measures),
      NetworkMethod(
        name: "transformer", title: "transformer", recipe: .transformer, network: nil, learningRate: nil, steps: steps,
        measures: measures),
      NetworkMethod(
        name: "lstm", title: "LSTM", recipe: .fast, network: .lstm, learningRate: 0.003, steps: steps,
        measures: measures),
      NetworkMethod(
        name: "gru", title: "GRU", recipe: .fast, network: .gru, learningRate: 0.003, steps: steps, measures: measures),
      LabelSequenceMethod(predictor: .ctw), LabelSequenceMethod(predictor: .kt), UniformMethod(), LookupMethod(),
    ]
  }

  static var names: [String] {
    all(ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])).map(\.name)
  }

  /// Those that a plan names, in its order.
  static func named(_ plan: ComparisonPlan) -> [any ComparedMethod] {
    let known = all(plan)
    return plan.methods.compactMap { name in known.first { $0.name == name } }
  }
}
