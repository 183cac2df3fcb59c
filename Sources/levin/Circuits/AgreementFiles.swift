import Circuits
import Documents
import Figures
import Grammars

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
    if let elsewhere { try elsewhere.write(to: "\(folder)/elsewhere") }
    try writeSubspaces("\(folder)/subspaces")
    try drawStates(into: folder)
    guard results.count > 1, session.options.alignment == .fourier,
      results.allSatisfy({ $0.agreement.variables.contains(where: \.isAnswer) })
    else { return }
    let exchange = try FrequencyExchange(results.map(\.agreement), results.map(\.studied.subject))
    try matrix("Answers alike after the same interchange", exchange.answersAlike, "network", "network", "share")
      .write(to: "\(folder)/answers-alike")
    let terms = GroupReport.reads(results[0].studied) ? "representations" : "frequencies"
    try matrix(
      "Interchange accuracy with another network's \(terms)", exchange.accuracies, "\(terms) of", "in network",
      "interchange accuracy"
    ).write(to: "\(folder)/frequencies-exchanged")
    try frequencies().write(to: "\(folder)/frequencies")
  }

  /// `subspaces/NETWORK-VARIABLE.csv`, both by number from 0: the orthonormal basis of what was fitted, a row for each dimension.
  private func writeSubspaces(_ folder: String) throws {
    try makeFolder(folder)
    for (network, result) in results.enumerated() {
      for (number, variable) in result.agreement.variables.enumerated() {
        let basis = variable.fitted.subspace.basis
        let rows = (0..<basis.rows).map { row in
          basis.elements[row * basis.columns..<(row + 1) * basis.columns].map(\.description).joined(separator: ",")
            + "\n"
        }
        try replaceFile("\(folder)/\(network)-\(number).csv", with: rows.joined())
      }
    }
  }

  /// `states-NETWORK-VARIABLE`, both by number from 0: sequences in the subspace, by the values of the state that answer alike.
  private func drawStates(into folder: String) throws {
    for (network, result) in results.enumerated() {
      for (number, variable) in result.agreement.variables.enumerated() {
        guard let states = variable.states else { continue }
        let series = states.groups.map { group in
          let shown = group.values.prefix(8).map(\.description).joined(separator: " ")
          return Series(
            group.values.count > 8 ? shown + " …" : shown, xs: group.points.map(\.x), ys: group.points.map(\.y))
        }
        try ScatterChart(
          title: "\(result.studied.shortName): \(variable.variable)",
          x: Axis("first axis of the subspace at \(variable.fitted.site)"), y: Axis("second axis"), series: series,
          width: 520, height: 520
        ).write(to: "\(folder)/states-\(network)-\(number)")
      }
    }
  }

  private func matrix(
    _ title: String, _ rows: [[Double]], _ rowLabel: String, _ columnLabel: String, _ colour: String
  ) -> HeatMap {
    let names = results.map(\.studied.shortName)
    return HeatMap(
      title: title, columnLabel: columnLabel, rowLabel: rowLabel,
      colour: Axis(colour, format: .percent, range: 0...1), rows: rows, columnNames: names, rowNames: names)
  }

  /// Which frequencies, or representations, each network uses: shares of functions of the program's answer in its logits.
  private func frequencies() throws -> HeatMap {
    let basis = try results[0].studied.subject.inputs.answerBasis
    let spectra = try results.map { result throws -> Spectrum in
      let subject = result.studied.subject
      let logits = try Runner(subject).run(Array(0..<subject.inputs.count)).logits.matrix.firstColumns(basis.count)
      return basis.shares(of: logits, answers: result.agreement.program.answers)
    }
    let used = (1...basis.blocks.count).filter { block in spectra.contains { $0.share(block) >= 0.01 } }
    let isPermutations = GroupReport.reads(results[0].studied)
    return HeatMap(
      title:
        "One program, \(results.count) networks: \(isPermutations ? "representations" : "frequencies") of \(session.programText)",
      columnLabel: "\(isPermutations ? "representation" : "frequency") (those with 1 % in some network)",
      rowLabel: "network",
      colour: Axis("share of the logits' variance", format: .percent),
      rows: spectra.map { spectrum in used.map { spectrum.share($0) } },
      columnNames: used.map { basis.blocks[$0 - 1].name }, rowNames: results.map(\.studied.shortName), width: 760,
      height: 320)
  }

  /// Interchange accuracy of states in one subspace by the symbols read before it; nil without states.
  private var elsewhere: LineChart? {
    let series = results.flatMap { result in
      result.agreement.variables.filter { !$0.elsewhere.isEmpty }.map { variable in
        Series(
          "\(result.studied.shortName): \(variable.variable)", xs: variable.elsewhere.map { Double($0.after) },
          ys: variable.elsewhere.map(\.accuracy.share))
      }
    }
    guard !series.isEmpty else { return nil }
    return LineChart(
      title: "\(session.programText): one subspace, after all numbers of symbols", x: Axis("symbols read"),
      y: Axis("interchange accuracy, scoring half", format: .percent, range: 0...1), series: series)
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
