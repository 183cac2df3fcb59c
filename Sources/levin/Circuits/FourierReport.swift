import Circuits
import Comparison
import Documents
import ExactArithmetic
import Figures
import Learner
import Networks
import Tasks

/// A Fourier reading of a network that should compute a + b or a − b, for people and as a record.
struct FourierReport {
  let studied: StudiedNetwork
  let reading: FourierReading

  /// - Throws: `CircuitError.notDefined` for tasks with other answers.
  init(_ studied: StudiedNetwork, _ task: TaskData, hidden: Site?, share: Double) throws(CircuitError) {
    let subject = studied.subject
    let p = try subject.pairModulus
    guard let numbering = try? CyclicNumbering(of: subject.inputs, answers: studied.answers(of: task)),
      numbering.modulus == p
    else {
      throw .notDefined(
        "the answers of '\(task.name)' are neither a + b nor a - b modulo \(p): --multiplicative reads products and quotients, --extract writes them as programs, --progress takes all tasks in which every residue answers equally many pairs"
      )
    }
    self.studied = studied
    reading = try FourierReading(subject, numbering.operation, hidden: hidden, share: share)
  }

  static func percent(_ share: Double) -> String { Number.rounded(100 * share, 2) + " %" }

  /// A share of counted cases: 100.00 % are all of them and 0.00 % none, never a rounded number.
  static func percent(_ part: Proportion) -> String {
    guard 0 < part.successes, part.successes < part.count else { return percent(part.share) }
    return Numerals.percent(Rational(BigInteger(part.successes), BigInteger(part.count)))
  }

  /// What the network should compute.
  var formula: String { reading.operation.formula }

  /// Units by frequency; only those mostly at one.
  private var clusters: [(frequency: Int, units: [Int])] { reading.clusters() }

  var text: String {
    let (key, logits) = (reading.keyFrequencies, reading.logits)
    let shown = key.count <= 16 ? key.map(String.init).joined(separator: " ") : "\(key.count) of \(reading.modulus / 2)"
    var lines = [
      "network    \(studied.name): \(studied.configuration.summary)",
      "inputs     all \(Number.grouped(reading.modulus * reading.modulus)) pairs modulo \(reading.modulus); \(Self.percent(reading.right)) answered with \(formula)",
      key.isEmpty
        ? "key        no frequency: the logits hold nothing of cos 2πk(\(formula) - c)/p"
        : "key        frequencies \(shown) (the fewest that hold \(Self.percent(reading.share)) of what all hold of the logits)",
      "logits     cos 2πk(\(formula) - c)/p of these \(key.count) explain \(Self.percent(logits.direct.share(key))) of the variance, of all frequencies \(Self.percent(logits.direct.share(Array(1...logits.direct.power.count))))",
      "           what depends on \(formula) through these frequencies explains \(Self.percent(logits.ofSum.share(key)))",
    ]
    for embedding in reading.embeddings {
      lines.append(
        "embedding  \(embedding.name): these frequencies hold \(Self.percent(embedding.spectrum.share(key))), Gini \(Number.rounded(embedding.spectrum.gini, 3))"
      )
    }
    let live = reading.neurons.filter { $0.frequency > 0 }
    let clustered = clusters.reduce(0) { $0 + $1.units.count }
    lines.append(
      "units      \(reading.hiddenSite): \(clustered) of \(reading.neurons.count) work at one frequency (at least 85 % of their variance), \(reading.neurons.count - live.count) never vary"
    )
    if key.count <= 16 { lines += table }
    return (studied.notes.map { "note       \($0)" } + lines).map { $0 + "\n" }.joined()
  }

  /// One row for each key frequency; several embeddings have a column each.
  private var table: [String] {
    func line(_ cells: [String]) -> String {
      cells.map { String(repeating: " ", count: max(12 - $0.count, 1)) + $0 }.joined()
    }
    let embeddings = reading.embeddings.count == 1 ? ["embedding"] : reading.embeddings.map(\.name)
    var lines = ["", line(["frequency", "logits"] + embeddings + ["units", "phase error"])]
    for frequency in reading.keyFrequencies {
      let units = clusters.first { $0.frequency == frequency }?.units ?? []
      let shares = [reading.logits.direct.share(frequency)] + reading.embeddings.map { $0.spectrum.share(frequency) }
      let error = phaseError(units).map { Number.rounded($0, 3) } ?? ""
      lines.append(line(["\(frequency)"] + shares.map { Self.percent($0) } + ["\(units.count)", error]))
    }
    lines.append("phase error: turns between a unit's phase in \(formula) and that of its readout, root mean square")
    return lines
  }

  /// Root mean square of (phase in the right answer − phase of the readout), in turns; nil without a readout.
  private func phaseError(_ units: [Int]) -> Double? {
    let errors = units.compactMap { unit -> Double? in
      let phases = reading.neurons[unit].phases
      guard let answer = phases.answer else { return nil }
      let difference = phases.sum - answer
      return difference - difference.rounded()
    }
    guard !errors.isEmpty else { return nil }
    return (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
  }

  var record: JSONValue {
    let key = reading.keyFrequencies
    return studied.record(
      "circuits",
      [
        "modulus": .integer(reading.modulus), "accuracy": .real(reading.accuracy),
        "keyFrequencies": .array(key.map { .integer($0) }), "keyShare": .real(reading.share),
        "logits": [
          "explainedByKey": .real(reading.logits.direct.share(key)),
          "explainedBySumOfKey": .real(reading.logits.ofSum.share(key)),
          "shares": .array(reading.logits.direct.power.indices.map { .real(reading.logits.direct.share($0 + 1)) }),
        ],
        "embeddings": .array(
          reading.embeddings.map {
            ["name": .string($0.name), "keyShare": .real($0.spectrum.share(key)), "gini": .real($0.spectrum.gini)]
          }),
        "clusters": .array(
          clusters.map { ["frequency": .integer($0.frequency), "units": .array($0.units.map { .integer($0) })] }),
        "units": .integer(reading.neurons.count),
      ])
  }
}

extension CyclicNumbering.Operation {
  /// The operation as reports write it.
  var formula: String {
    switch self {
    case .sum: "a + b"
    case .difference: "a - b"
    case .product: "a * b"
    case .quotient: "a / b"
    }
  }
}
