internal import Randomness

/// Whether networks that agree with one program agree with each other, and where they differ.
///
/// All networks get the same interchanges, drawn from all inputs, those that subspaces were fitted on included. In the first
/// matrix each network is intervened on in the subspace of its own frequencies, and an entry says how often two networks
/// then answer alike. In the second, network `column` is intervened on in the subspace that the frequencies of network `row`
/// read in it: high where both use the same ones.
public struct FrequencyExchange: Sendable {
  /// `[network][network]`: share of interchanges after which both answer alike.
  public let answersAlike: [[Double]]
  /// `[owner of the frequencies][network intervened on]`: interchange accuracy.
  public let accuracies: [[Double]]

  /// - Parameters:
  ///   - agreements: of one program and its answer, fitted in the class of Fourier directions, none stopped at its behaviour.
  /// - Throws: `CircuitError.notDefined` for other agreements.
  public init(_ agreements: [Agreement], _ subjects: [Subject]) throws(CircuitError) {
    precondition(agreements.count == subjects.count, "a network for each agreement")
    let answers = agreements.compactMap { $0.variables.first(where: \.isAnswer) }
    guard let first = agreements.first, let answer = first.program.variables.last, answers.count == agreements.count,
      agreements.allSatisfy({ $0.options.alignment == .fourier && $0.program.text == first.program.text })
    else {
      throw .notDefined(
        "frequencies are compared between networks that all answer as the program does, in the class 'fourier', by what was fitted for the answer"
      )
    }
    var generator = SeededGenerator(seed: first.options.seed, name: "circuits/exchange")
    let pairs = try InterchangePairs(
      first.program, answer, from: Array(0..<subjects[0].inputs.count),
      count: first.options.pairs, using: &generator)
    let fits = answers.map(\.fitted)
    var (own, accuracies) = ([[Int32]](), fits.map { _ in [Double]() })
    for (column, subject) in subjects.enumerated() {
      let runner = Runner(subject)
      let site = try SiteActivations(runner, at: fits[column].site)
      let read = try ReadDirections(subject, runner, at: fits[column].site)
      let basis = try subject.inputs.answerBasis
      for row in fits.indices {
        let directions = fits[row].frequencies.flatMap { read.directions(of: $0, basis).rowsOfElements }
        let subspace = try Subspace(spannedBy: Matrix(directions), at: fits[column].site.description)
        let found = try site.answers(pairs.bases, pairs.sources, in: subspace)
        accuracies[row].append(Proportion(zip(found, pairs.expected).count { $0 == $1 }, of: pairs.count).share)
        if row == column { own.append(found) }
      }
    }
    self.accuracies = accuracies
    answersAlike = own.map { a in own.map { b in Double(zip(a, b).count { $0 == $1 }) / Double(pairs.count) } }
  }
}
