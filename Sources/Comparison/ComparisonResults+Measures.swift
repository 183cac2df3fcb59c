internal import Documents
internal import ExactArithmetic

/// The estimate of a method's local learning coefficient on a task at a share, over seeds.
public struct CoefficientSummary: Sendable {
  /// The task's reference as text, such as `mod-add@113`.
  public let task: String
  /// The method whose networks were trained.
  public let method: ComparisonResults.Method
  /// Training examples, by the record of the first seed.
  public let training: Int
  /// The estimate of the seed with the median one; nil when a seed has none.
  public let estimate: Double?
  /// Over the chains of that seed.
  public let standardError: Double?
  /// Why the first seed without an estimate has none.
  public let fault: String?
  private let record: JSONValue

  init?(_ task: String, _ method: ComparisonResults.Method, _ entries: [RunFolder.Entry]) {
    let found = entries.compactMap { $0.record["learningCoefficient"] }
    guard let first = found.first else { return nil }
    self.task = task
    self.method = method
    training = entries[0].record["data"]?["training"]?.integer(as: Int.self) ?? 0
    if let faulty = found.first(where: { $0["estimate"]?.double == nil }) {
      (estimate, standardError, record) = (nil, nil, faulty)
      fault = faulty["fault"]?.string ?? "no reason is recorded"
    } else {
      let sorted = found.sorted { ($0["estimate"]?.double ?? 0) < ($1["estimate"]?.double ?? 0) }
      record = sorted.isEmpty ? first : sorted[(sorted.count - 1) / 2]
      (estimate, standardError) = (record["estimate"]?.double, record["standardError"]?.double)
      fault = nil
    }
  }

  /// `111.3 ± 2.0`, or a dash.
  public var value: String {
    guard let estimate else { return "–" }
    return Numerals.rounded(estimate, 1) + (standardError.map { " ± \(Numerals.rounded($0, 1))" } ?? "")
  }

  /// The estimates of the first and the second half of the draws: chains that drift have two different ones. A dash where
  /// no chain gave any.
  public var halves: String {
    let halves = record["byHalfOfDraws"]?.array ?? []
    if halves.isEmpty || record["byChain"]?.array?.isEmpty == true { return "–" }
    return halves.map { $0.double.map { Numerals.rounded($0, 1) } ?? "–" }.joined(separator: ", ")
  }

  /// What the estimate depends on beside the network.
  public var sampler: String {
    func number(_ name: String) -> String { record[name].map { JSONWriter.text($0) } ?? "–" }
    let temperature = record["inverseTemperature"]?.double.map { Numerals.rounded($0, 1) } ?? "–"
    return
      "nβ \(temperature), ε \(number("stepSize")), γ \(number("localization")), \(number("chains")) × \(number("draws")) draws after \(number("burnIn"))"
      + (record["perpendicular"]?.bool == true ? ", perpendicular to the gradient" : "")
  }
}

/// What the cells of a method and a question took, over seeds.
public struct CostSummary: Sendable {
  /// The task's reference as text, such as `mod-add@113`.
  public let task: String
  /// The question as records write it: `learn 3/10`, or `code` with the code's name.
  public let question: String
  /// The method that was asked.
  public let method: ComparisonResults.Method
  /// Median CPU seconds of a cell; of an even number of seeds the lower of the middle two.
  public let cpuSeconds: Double
  /// Counted operations of the first seed as tables print them; empty where none are counted.
  public let work: String
  /// The greatest of the seeds' counted bytes; nil where the method counts none.
  public let bytes: Int?
  /// The greatest resident memory of the process at the end of one of the cells.
  public let processBytes: Int?
}

extension ComparisonResults {
  /// The estimates, task by task, in the order of methods and of shares; none where none was asked for.
  public var coefficients: [CoefficientSummary] {
    tasks.flatMap { task in
      methods.flatMap { method in
        fractions.sorted().compactMap { share in
          CoefficientSummary(task, method, cells(task, method.name, .learn(share)))
        }
      }
    }
  }

  /// The cost of each question of each method.
  public var costs: [CostSummary] {
    tasks.flatMap { task in
      methods.flatMap { method -> [CostSummary] in
        let own = entries.filter {
          !$0.isFailure && $0.record["task"]?.string == task && $0.record["method"]?.string == method.name
        }
        var questions: [String] = []
        for entry in own {
          if let question = entry.record["question"]?.string, !questions.contains(question) {
            questions.append(question)
          }
        }
        return questions.map { question in
          let cells = own.filter { $0.record["question"]?.string == question }
          return CostSummary(
            task: task, question: question, method: method,
            cpuSeconds: LearningSummary.median(cells.compactMap { $0.times["cpuSeconds"]?.double }),
            work: cells[0].workText, bytes: cells.compactMap { $0.record["bytes"]?.integer(as: Int.self) }.max(),
            processBytes: cells.compactMap { $0.times["processPeakBytes"]?.integer(as: Int.self) }.max())
        }
      }
    }
  }
}
