import Documents
import ExactArithmetic

extension Findings {
  /// Standard deviations of chance that a method may be above it.
  private static let deviations = 4
  /// Bits that a code may save on random labels by luck: the chance of k bits is at most 2^-k.
  private static let luckyBits = 20.0

  /// What the controls say: whether anything beats chance where nothing can be learnt, and who wins elsewhere.
  var controlSentences: [String] {
    var sentences: [String] = []
    let random = results.tasks.filter { $0.hasSuffix(":\(TaskVariant.random.rawValue)") }
    if !random.isEmpty {
      let violations = random.flatMap(violations)
      sentences.append(
        violations.isEmpty
          ? "Control, random labels: no method is above chance by more than \(Self.deviations) standard deviations, and no code is shorter than the uniform one by more than \(Int(Self.luckyBits)) bits."
          : "CONTROL VIOLATED, random labels: \(Self.list(violations)).")
    }
    guard let share = results.referenceShare else { return sentences }
    for variant in [TaskVariant.permuted, .noisy] {
      for task in results.tasks where task.hasSuffix(":\(variant.rawValue)") {
        let found = results.methods.filter { $0.kind != .baseline }.compactMap { method in
          results.learning(task, method, share).map { (method.title, $0.accuracy) }
        }
        guard let greatest = found.map(\.1).max() else { continue }
        let winners = found.filter { $0.1 == greatest }.map(\.0)
        let scores = found.map { "\($0.0) \(Numerals.percent($0.1))" }
        sentences.append(
          "Control, \(variant.summary) (\(task)): \(Self.list(scores)); "
            + (winners.count == 1 ? "\(winners[0]) wins." : "\(Self.list(winners)) are equal."))
      }
    }
    return sentences
  }

  /// What beats chance on random labels, as texts.
  ///
  /// Of m guesses with chance p the right ones have variance m p (1 − p); compared without square roots.
  private func violations(_ task: String) -> [String] {
    var found: [String] = []
    guard let labels = results.data(task)?["labels"]?.integer(as: Int.self), labels > 1 else { return [] }
    let chance = Rational(1, BigInteger(labels))
    for method in results.methods {
      for share in results.fractions {
        for entry in results.cells(task, method.name, .learn(share)) {
          guard let unseen = entry.record["unseen"]?.integer(as: Int.self),
            let right = entry.record["unseenRight"]?.string.flatMap({ Rational($0) })
          else { continue }
          let excess = right - chance * Rational(unseen)
          let variance = Rational(unseen) * chance * (1 - chance)
          if excess > 0, excess * excess > Rational(Self.deviations * Self.deviations) * variance {
            found.append("\(method.title) with \(Numerals.percent(right / Rational(unseen))) on \(task)")
          }
        }
      }
    }
    let codes = results.codes(task)
    if let examples = results.data(task)?["examples"]?.integer(as: Int.self) {
      let uniform = LabelCode.uniform(labels: examples, alphabet: labels).bits
      found += codes.filter { $0.bits < uniform - Self.luckyBits }.map {
        "\($0.name) with \(Numerals.bits($0.bits)) bits on \(task)"
      }
    }
    return found
  }
}
