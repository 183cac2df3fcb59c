/// One search of a suite: a task, and what it is searched with there.
struct SuiteJob: Sendable {
  let task: String
  /// Nil for the language that the command names, or that the task is meant for.
  var grammar: String?
  /// Nil for the command's.
  var modulus: Int64?
  /// Whether the task has a modulus.
  var takesModulus = true
  /// Examples to learn from where the command says nothing; nil for the task's own share.
  var trainingCount: Int?

  func assignment(_ data: TaskOptions, grammar named: String? = nil) throws -> Assignment {
    var options = data
    options.modulus = takesModulus ? modulus ?? data.modulus : nil
    if let trainingCount, data.trainFraction == nil, data.trainCount == nil { options.trainCount = trainingCount }
    return try Assignment(task, options, grammar: grammar ?? named)
  }

  /// What tells it from the other searches of its suite.
  var name: String {
    [task, grammar, modulus.map { "p = \($0)" }].compactMap(\.self).joined(separator: ", ")
  }
}
