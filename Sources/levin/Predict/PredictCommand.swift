import ArgumentParser
import Documents
import Induction
import Tasks

/// `levin predict SYMBOLS...`.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Exact probabilities of a sequence and of its next symbol.",
    discussion: """
      levin predict 0 1 1 0 1 0 0 --depth 3 --past 0,1,0     context-tree weighting
      levin predict 0,1,1,0 --method kt                      Krichevsky-Trofimov
      levin predict --file dna.txt --alphabet A,C,G,T --online

      ctw mixes all trees of contexts up to a depth, kt all memoryless sources;
      uniform knows nothing. The mixture over programs is not there yet.
      Probabilities are exact fractions; bits are their logarithms, rounded.
      """)

  @Argument(help: "The sequence; symbols apart by blanks or commas. None is the empty sequence.")
  var symbols: [String] = []
  @Option(help: "Read the sequence from a file instead.")
  var file: String?
  @Option(help: "ctw, kt or uniform.")
  var method: Method = .ctw
  @Option(help: "Greatest length of a context of ctw, 0 to 48. (default: 8)")
  var depth: Int?
  @Option(help: "Symbols before the sequence, for ctw; missing ones are the alphabet's first.")
  var past: String?
  @Option(help: "The symbols there are: names with commas (A,C,G,T) or a range of integers (0..9).")
  var alphabet = "0,1"
  @Flag(help: "Show every position: what it was given by those before, and its log-loss.")
  var online = false
  @Flag(help: "Print JSON Lines.")
  var json = false

  enum Method: String, ExpressibleByArgument, CaseIterable { case ctw, kt, uniform }

  func validate() throws {
    if file != nil, !symbols.isEmpty { throw ValidationError("SYMBOLS and --file exclude each other") }
    if let depth, !(0...48).contains(depth) { throw ValidationError("--depth \(depth) is outside 0 … 48") }
    if method != .ctw {
      if depth != nil { throw ValidationError("--depth belongs to --method ctw; \(method.rawValue) has no contexts") }
      if past != nil { throw ValidationError("--past belongs to --method ctw; \(method.rawValue) has no contexts") }
    }
    _ = try readAlphabet()
  }

  private func readAlphabet() throws -> Alphabet {
    do { return try Alphabet(parsing: alphabet) } catch { throw ValidationError("--alphabet: \(error.message)") }
  }

  func run() throws {
    try Terminal.reporting {
      let alphabet = try readAlphabet()
      let typed = Array(symbols.joined(separator: " ").utf8)
      let bytes = try file.map { try readFile($0, limit: 64 << 20) } ?? typed
      let sequence = try AlphabetReader.read(bytes, file: file ?? "SYMBOLS", alphabet: alphabet)
      let before = try AlphabetReader.read(Array((past ?? "").utf8), file: "--past", alphabet: alphabet)
      let report = PredictionReport(
        alphabet: alphabet, sequence: sequence, method: method.rawValue, depth: method == .ctw ? depth ?? 8 : nil,
        past: before, json: json)
      switch method {
      case .ctw:
        report.run(ContextTree(depth: report.depth!, alphabetSize: alphabet.count, past: before), online: online)
      case .kt: report.run(KrichevskyTrofimovEstimator(alphabetSize: alphabet.count), online: online)
      case .uniform: report.run(UniformPredictor(alphabetSize: alphabet.count), online: online)
      }
    }
  }
}
