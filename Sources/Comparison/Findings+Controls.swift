import Documents
import ExactArithmetic

extension Findings {
  /// Standard deviations of chance that a method may be above it.
  private static let deviations = 4
  /// Bits that a code may save on random labels by luck: the chance of k bits is at most 2^-k.
  private static let luckyBits = 20.0

  /// What the controls say: whether anything beats chance where nothing can be learnt, and who wins elsewhere.
  var controlSentences: [String] {
    var random = RandomLabels()
    for task in results.tasks where task.hasSuffix(":\(TaskVariant.random.rawValue)") { measure(task, &random) }
    var sentences = [random.sentence].compactMap(\.self)
    guard let share = results.referenceShare else { return sentences }
    for variant in [TaskVariant.permuted, .noisy] {
      for task in results.tasks where task.hasSuffix(":\(variant.rawValue)") {
        let found = results.methods.filter { $0.kind != .baseline }.compactMap { method in
          results.learning(task, method, share).map { (method.title, $0.accuracy) }
        }
        guard let greatest = found.map(\.1).max() else { continue }
        let winners = found.filter { $0.1 == greatest }.map(\.0)
        let scores = found.map { "\($0.0) \(Numerals.percent($0.1))" }
        let chance = labels(task).map { Rational(1, BigInteger($0)) } ?? 0
        let verdict =
          if greatest <= chance {
            "; none is above chance, \(Numerals.percent(chance))"
          } else if winners.count > 1 {
            "; \(Self.list(winners)) are equal"
          } else {
            found.count > 1 ? "; \(winners[0]) wins" : ""
          }
        sentences.append("Control, \(variant.summary) (\(task)): \(Self.list(scores))\(verdict).")
      }
    }
    return sentences
  }

  /// How many different labels a task has, at least one.
  private func labels(_ task: String) -> Int? {
    results.data(task)?["labels"]?.integer(as: Int.self).flatMap { $0 > 0 ? $0 : nil }
  }

  /// What was measured where labels are random, and what of it beats chance, as texts.
  private struct RandomLabels {
    var hasAnswers = false
    var hasCodes = false
    var violations: [String] = []

    /// Nil when nothing was measured.
    var sentence: String? {
      if !violations.isEmpty { return "CONTROL VIOLATED, random labels: \(Findings.list(violations))." }
      var parts: [String] = []
      if hasAnswers {
        parts.append("no method is above chance by more than \(Findings.deviations) standard deviations")
      }
      if hasCodes {
        parts.append("no code is shorter than the uniform one by more than \(Int(Findings.luckyBits)) bits")
      }
      return parts.isEmpty ? nil : "Control, random labels: \(parts.joined(separator: ", and "))."
    }
  }

  /// Adds what a task with random labels says.
  ///
  /// Of m guesses with chance p the right ones have variance m p (1 − p); compared without square roots.
  private func measure(_ task: String, _ found: inout RandomLabels) {
    guard let labels = labels(task), labels > 1 else { return }
    let chance = Rational(1, BigInteger(labels))
    for method in results.methods {
      for share in results.fractions {
        for entry in results.cells(task, method.name, .learn(share)) {
          guard let unseen = entry.record["unseen"]?.integer(as: Int.self), unseen > 0,
            let right = entry.record["unseenRight"]?.string.flatMap({ Rational($0) })
          else { continue }
          found.hasAnswers = true
          let excess = right - chance * Rational(unseen)
          let variance = Rational(unseen) * chance * (1 - chance)
          if excess > 0, excess * excess > Rational(Self.deviations * Self.deviations) * variance {
            found.violations.append("\(method.title) with \(Numerals.percent(right / Rational(unseen))) on \(task)")
          }
        }
      }
    }
    guard let examples = results.data(task)?["examples"]?.integer(as: Int.self) else { return }
    let uniform = LabelCode.uniform(labels: examples, alphabet: labels)
    let codes = results.codes(task).filter { $0.name != uniform.name }
    if !codes.isEmpty { found.hasCodes = true }
    found.violations += codes.filter { $0.bits < uniform.bits - Self.luckyBits }.map {
      "\($0.title) with \(Numerals.bits($0.bits)) bits on \(task)"
    }
  }
}
