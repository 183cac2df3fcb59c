import ArgumentParser
import Comparison
import Documents
import Grammars
import Learner
import Networks
import Search

/// `levin bias GRAMMAR`: the functions of networks beside the prior of programs.
struct BiasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bias", _superCommandName: "levin",
    abstract: "Are the functions that networks compute those of short programs?",
    usage: "levin bias <grammar> [<options>]",
    discussion: """
      levin bias boolean --variables 3
                      random networks: how often each function, and its prior
      levin bias boolean --variables 3 --train-count 5 --targets 200
                      networks trained on 5 of the 8 inputs of 200 functions: which
                      function they take for the rest, and its posterior

      For languages with so few functions on their inputs that all are known, each
      with the total prior of its programs of every length. Beside programs stand
      two priors that know none: balance (the prior of so many inputs with each
      label, shared evenly among the functions that have it) and uniform. Bits are
      -log2 of a function's probability, on average over the networks.
      """)

  @OptionGroup var language: LanguageOptions
  @Option(help: "Kinds of networks: mlp, transformer, gru, lstm.")
  var networks = "mlp,transformer,gru,lstm"
  @Option(help: "Length of an embedding. (default: 16; transformer 32, in 4 heads)")
  var width: Int?
  @Option(help: "Hidden units, or the length of a recurrent state. (default: 64; gru and lstm 32)")
  var hidden: Int?
  @Option(help: "Multiply all initial parameters by so much.")
  var initialScale = 1.0
  @Option(help: "Networks of each kind; of each kind and target where they are trained. (default: 10000; trained 10)")
  var samples: Int?
  @Option(help: "Train each network on so many inputs of a target, until it has them right.")
  var trainCount: Int?
  @Option(help: "Train on until the mean loss is at most so many nats; else training ends with the last right answer.")
  var untilLoss: Double?
  @Option(help: "Targets: functions that networks are trained on. (default: 100)")
  var targets: Int?
  @Option(help: "Where targets come from: programs (drawn from their prior) or uniform (all functions alike).")
  var draw: BiasStudy.Draw?
  @Option(help: "Seed of networks, targets and inputs learned from.")
  var seed: UInt64 = 0
  @Option(help: "Threads: networks side by side; the result does not depend on it.")
  var threads = 1
  @Option(help: "Folder for the figure and its data: each function's prior and its share of the random networks.")
  var out: String?
  @Flag(help: "Print JSON Lines.")
  var json = false

  func validate() throws {
    _ = try kinds()
    let numbers: [(String, Int?, ClosedRange<Int>)] = [
      ("samples", samples, 1...10_000_000), ("train-count", trainCount, 1...4_096),
      ("targets", targets, 1...1_000_000), ("threads", threads, 1...64), ("width", width, 1...1_024),
      ("hidden", hidden, 1...4_096),
    ]
    for (name, value, range) in numbers {
      if let value, !range.contains(value) {
        throw ValidationError("--\(name) \(value) is outside \(range.lowerBound) … \(range.upperBound)")
      }
    }
    guard initialScale >= 1e-3, initialScale <= 1e3 else {
      throw ValidationError("--initial-scale \(initialScale) is outside 0.001 … 1000")
    }
    if trainCount == nil, targets != nil || draw != nil || untilLoss != nil {
      throw ValidationError("--targets, --draw and --until-loss go with --train-count")
    }
    if let untilLoss, !(untilLoss > 0 && untilLoss.isFinite) {
      throw ValidationError("--until-loss \(untilLoss) is not above 0")
    }
    if trainCount != nil, (targets ?? 100) * (samples ?? 10) > 1_000_000 {
      throw ValidationError("--targets times --samples is more than 1000000 trainings")
    }
    if trainCount != nil, out != nil {
      throw ValidationError("--out goes with random networks: --train-count has no figure")
    }
  }

  func kinds() throws -> [BiasStudy.Kind] {
    var kinds: [BiasStudy.Kind] = []
    for name in networks.split(separator: ",", omittingEmptySubsequences: false) {
      let kind: BiasStudy.Kind = try RecipeOptions.value(String(name), "network")
      if kinds.contains(kind) { throw ValidationError("--networks names '\(name)' twice") }
      kinds.append(kind)
    }
    return kinds
  }

  func run() throws {
    try Terminal.reporting {
      try BLASBackend.load()
      let (path, grammar) = try language.read()
      let line = LiveLine()
      defer { line.clear() }
      let study = try BiasStudy(
        grammar, path: path, sizes: .init(width: width, hidden: hidden, initialScale: initialScale), seed: seed,
        threads: threads, line)
      // Until here a signal ends the command as it does any: there is nothing to tidy up.
      Interruption.listen()
      let report: BiasReport
      if let trainCount {
        report = try study.trained(
          kinds(), count: trainCount, targets: targets ?? 100, samples: samples ?? 10, draw: draw ?? .programs,
          loss: untilLoss)
      } else {
        report = try study.random(kinds(), samples: samples ?? 10_000)
      }
      line.clear()
      if let out { try report.write(to: out) }
      Terminal.out(json ? report.records.map { JSONWriter.line($0) }.joined() : report.text)
    }
  }
}
