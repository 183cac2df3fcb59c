import ExactArithmetic
import Grammars
import Search
import Tasks

extension SearchOutcome {
  /// The outcome for people.
  var text: String {
    var lines = run.assignment.lines
    for index in report.solutions.indices {
      if index > 0 { lines.append(("", "")) }
      lines += solution(index)
    }
    lines.append(("", ""))
    lines.append(("covered", covered))
    if let complete { lines.append(("complete", complete)) }
    if let audited = report.auditedLevels {
      lines.append(
        ("audit", "class masses of \(Number.grouped(audited)) stored levels equal the counting recurrence exactly"))
    }
    lines.append(("stop", stop))
    lines.append(
      (
        "time",
        Self.time(seconds, cpuSeconds, beyond, bytes: report.bytes)
      ))
    return ProgramMeasure.text(lines)
  }

  /// Time that passed, time computed, what belongs to them, and the greatest size of tables.
  static func time(_ seconds: Double, _ cpuSeconds: Double, _ beyond: String = "", bytes: Int) -> String {
    "\(Number.rounded(seconds, 2)) s (\(Number.rounded(cpuSeconds, 2)) s of CPU)\(beyond), "
      + "\(Number.rounded(Double(bytes) / 1_048_576, 1)) MB of tables"
  }

  /// The time that is in no count: the complete levels did not take it.
  private var beyond: String {
    report.timeBeyondLevels > .zero
      ? ", \(Number.rounded(report.timeBeyondLevels.seconds, 2)) s of it looking for longer programs" : ""
  }

  private func solution(_ index: Int) -> [(String, String)] {
    let solution = report.solutions[index]
    var lines = ProgramMeasure.heading(
      solution.program, solution.probability, run.assignment.grammar,
      name: index == 0 ? "program" : "program \(index + 1)")
    if !report.isShortest {
      lines.append(("length", "not proven least: found beyond the levels that are complete"))
    }
    lines += measures[index].lines(run.assignment)
    if let mass = solution.mass {
      lines.append(("mass", "\(Self.short(mass)) of the prior, found so far, equals it on \(signature)"))
    }
    if let posterior = solution.posterior {
      let (lower, upper) = (Self.lowerBound(posterior.lower), Self.decimal(posterior.upper, up: true))
      lines.append(("posterior", "between \(lower) and \(upper), there"))
    }
    return lines
  }

  /// The inputs on which functions are told apart.
  private var signature: String {
    let (known, probes) = (report.signature.count, report.probes)
    if isToldApartEverywhere {
      return "all \(Number.grouped(known + probes)) inputs"
    }
    return probes == 0 ? "\(known) examples" : "\(known) examples and \(probes) unseen inputs"
  }

  /// Whether functions are told apart on every input of the task.
  var isToldApartEverywhere: Bool {
    report.signature.count == run.assignment.training.count && report.probes == run.assignment.unseen.count
  }

  private var covered: String {
    let programs = report.programs
    return "\(Number.grouped(programs)) programs: \(Number.grouped(report.candidates)) candidates stored in "
      + "\(Number.grouped(report.classes)) classes, the rest by \(Number.grouped(report.lookups)) lookups and "
      + "\(Number.grouped(report.filtered)) filtered"
  }

  private var complete: String? {
    guard let probability = report.completeProbability else { return nil }
    let bits = -probability.log2
    // Bits are rounded as those of a program are, so the prior itself says what is covered.
    let exact = bits == bits.rounded() ? "" : " (prior \(Self.short(probability)) or more)"
    return "every program of up to \(ProgramMeasure.bits(probability)) bits\(exact), "
      + "\(Self.decimal(report.resolvedMass, up: false)) of the prior"
  }

  private var stop: String {
    switch report.stop {
    case .found where report.solutions.count >= run.configuration.top: "found"
    case .found where run.assignment.unseen.isEmpty && isToldApartEverywhere:
      "found \(report.solutions.count) of \(run.configuration.top) functions; without unseen inputs all programs that agree are one"
    case .found: "found \(report.solutions.count) of \(run.configuration.top) functions; more work was not asked for"
    case .noOtherFunction where report.solutions.isEmpty: "no program of the language agrees, of any length"
    case .noOtherFunction:
      "found \(report.solutions.count) of \(run.configuration.top) functions; every program of the language that agrees equals one of them on \(signature)"
    default: report.solutions.isEmpty ? "\(report.stop), nothing found" : "\(report.stop), best result kept"
    }
  }

  /// An exact fraction, or 2^-k for long powers of two, or its size when it is too long to read.
  static func short(_ value: Rational) -> String {
    let text = value.description
    if text.utf8.count <= 40 { return text }
    return "\(text.prefix(18))…\(text.suffix(8)) (\(text.utf8.count - 1) digits) ≈ 2^\(Number.rounded(value.log2, 3))"
  }

  /// A number rounded down: six digits, or the power of two below a small one.
  static func lowerBound(_ value: Rational) -> String {
    if value == 0 || value * 1000 >= 1 { return decimal(value, up: false) }
    var bits = 0
    while value * Rational(BigInteger(1) << bits) < 1 { bits += 1 }
    return "2^-\(bits)"
  }

  /// Rounded to the side that keeps a bound a bound.
  static func decimal(_ value: Rational, up: Bool, digits: Int = 6) -> String {
    let scale = BigInteger(10).power(digits)
    let scaled = value * Rational(scale, 1)
    let rounded = up && !scaled.isInteger ? scaled.floor() + 1 : scaled.floor()
    return Rational(rounded, scale).decimalString(digits: digits)
  }
}
