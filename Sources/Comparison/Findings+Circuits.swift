extension Findings {
  /// How many networks compute the variables of the programs found for their splits; nil when none was compared.
  var circuitSentence: String? {
    let cells = results.examined
    guard !cells.isEmpty else { return nil }
    let scores = cells.compactMap { $0.examination.agreement.value?.interchange.value?.score }.sorted()
    guard let least = scores.first, let greatest = scores.last else {
      return
        "Of \(Self.networks(cells.count)) read after training none could be compared with a program; the table of networks has the reasons."
    }
    let range =
      scores.count == 1
      ? "A = \(Numerals.rounded(least, 4))"
      : "A from \(Numerals.rounded(least, 4)) to \(Numerals.rounded(greatest, 4))"
    return
      "Inside, \(scores.count) of \(Self.networks(cells.count)) read after training could be compared with the program of the same split by interchange: \(range) (1: the network answers an interchange as the program does, always; 0: no more often than rivals)."
  }

  private static func networks(_ count: Int) -> String { Numerals.counted(count, "network") }
}
