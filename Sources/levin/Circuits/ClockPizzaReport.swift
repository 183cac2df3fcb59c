import Circuits
import Documents
import Learner
import Networks

/// The measures that tell clocks from pizzas, for people and as a record.
struct ClockPizzaReport {
  private let studied: StudiedNetwork
  private let measures: ClockPizza

  init(_ studied: StudiedNetwork) throws {
    self.studied = studied
    measures = try ClockPizza(studied.subject)
  }

  func text(json: Bool) -> String {
    if json { return JSONWriter.line(record) }
    return """
      network    \(studied.name): \(studied.configuration.summary)
      gradient symmetricity  \(Number.rounded(measures.gradientSymmetricity, 4)) ± \(Number.rounded(measures.gradientError, 4))
      distance irrelevance   \(Number.rounded(measures.distanceIrrelevance, 4))
      circularity            \(Number.rounded(measures.circularity, 4))

      """
  }

  private var record: JSONValue {
    [
      "type": "clock-pizza", "version": .string(Levin.version), "network": studied.configuration.json,
      "gradientSymmetricity": .real(measures.gradientSymmetricity),
      "gradientSymmetricityError": .real(measures.gradientError),
      "distanceIrrelevance": .real(measures.distanceIrrelevance), "circularity": .real(measures.circularity),
    ]
  }
}
