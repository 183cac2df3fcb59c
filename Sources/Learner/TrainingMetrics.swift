public import Documents

/// What one evaluation of a training run measured, after `step` updates.
public struct TrainingMetrics: Hashable, Sendable {
  /// Updates made so far.
  public let step: Int
  /// Mean cross-entropy of the training examples in nats. For minibatches: of the batch of this step.
  public let trainLoss: Double
  /// Training examples answered rightly, of `trainCount`.
  public let trainCorrect: Int
  /// Training examples evaluated: all of them, or those of the batch of this step.
  public let trainCount: Int
  /// The same for the unseen examples; nil when there are none.
  public let testLoss: Double?
  /// Unseen examples answered rightly, of `testCount`.
  public let testCorrect: Int
  /// Unseen examples; 0 when there are none.
  public let testCount: Int
  /// Euclidean norm of all parameters.
  public let parameterNorm: Double

  /// The share of the training examples answered rightly, 0 to 1.
  public var trainAccuracy: Double { Double(trainCorrect) / Double(max(1, trainCount)) }
  /// The share of the unseen examples answered rightly, 0 to 1; nil when there are none.
  public var testAccuracy: Double? { testCount == 0 ? nil : Double(testCorrect) / Double(testCount) }

  /// Metrics from their parts; losses in nats. What is not a number loses its sign, which says nothing.
  public init(
    step: Int, trainLoss: Double, trainCorrect: Int, trainCount: Int, testLoss: Double?, testCorrect: Int,
    testCount: Int,
    parameterNorm: Double
  ) {
    self.step = step
    self.trainLoss = trainLoss.isNaN ? .nan : trainLoss
    self.trainCorrect = trainCorrect
    self.trainCount = trainCount
    self.testLoss = testLoss.map { $0.isNaN ? Double.nan : $0 }
    self.testCorrect = testCorrect
    self.testCount = testCount
    self.parameterNorm = parameterNorm.isNaN ? .nan : parameterNorm
  }
}

extension TrainingMetrics {
  /// One line of `metrics.jsonl`.
  public var record: JSONValue {
    [
      "step": .integer(step), "trainLoss": .real(trainLoss), "trainCorrect": .integer(trainCorrect),
      "trainCount": .integer(trainCount), "testLoss": .real(testLoss),
      "testCorrect": .integer(testCorrect), "testCount": .integer(testCount), "parameterNorm": .real(parameterNorm),
    ]
  }

  /// Reads a record; nil when it is not one, or counts more right answers than examples.
  public init?(_ record: JSONValue) {
    func integer(_ name: String) -> Int? { record[name]?.integer(as: Int.self) }
    // As `JSONValue.real` writes them.
    func real(_ name: String) -> Double? {
      switch record[name]?.string {
      case "nan": return Double.nan
      case "inf": return Double.infinity
      case "-inf": return -Double.infinity
      default: return record[name]?.double
      }
    }
    guard let step = integer("step"), let trainLoss = real("trainLoss"),
      let trainCorrect = integer("trainCorrect"),
      let trainCount = integer("trainCount"), let testCorrect = integer("testCorrect"),
      let testCount = integer("testCount"),
      let norm = real("parameterNorm"), step >= 0,
      [(trainCorrect, trainCount), (testCorrect, testCount)].allSatisfy({ 0 <= $0 && $0 <= $1 && $1 <= Int(Int32.max) })
    else { return nil }
    self.init(
      step: step, trainLoss: trainLoss, trainCorrect: trainCorrect, trainCount: trainCount,
      testLoss: real("testLoss"), testCorrect: testCorrect, testCount: testCount, parameterNorm: norm)
  }
}
