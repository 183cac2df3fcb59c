import Circuits
import Documents
import Figures

/// Tables of agreements as files.
struct AgreementFiles {
  let session: AgreementSession
  let results: [AgreementResult]

  init(_ session: AgreementSession, _ results: [AgreementResult]) {
    self.session = session
    self.results = results
  }

  func write(to folder: String) throws {
    try makeFolder(folder)
    try replaceFile("\(folder)/agreement.jsonl", with: results.map { JSONWriter.line($0.record) }.joined())
    try sizes.write(to: "\(folder)/sizes")
  }

  /// Interchange accuracy by size of the subspace, as it was fitted.
  private var sizes: LineChart {
    let series = results.flatMap { result in
      result.agreement.variables.map { variable in
        Series(
          result.studied.shortName, xs: variable.fitted.curve.map { Double($0.dimensions) },
          ys: variable.fitted.curve.map(\.fit.share))
      }
    }
    return LineChart(
      title: "\(session.programText): interchange accuracy by size of the subspace", x: Axis("dimensions"),
      y: Axis("interchange accuracy, fitting half", format: .percent, range: 0...1), series: series)
  }
}
