import ArgumentParser
import Circuits
import Documents
import Grammars
import Networks
import Randomness

/// `levin das`: learned rotations in networks that were trained on hierarchical equality.
struct DASCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "das", _superCommandName: "levin",
    abstract: "Learned rotations on hierarchical equality, (w = x) = (y = z) over random vectors.",
    usage: "levin das [<options>]",
    discussion: """
      levin das --seeds 0..4
                      five networks of 3 layers of 16 units: accuracy,
                      interchange accuracy by layer

      Trains a network for each seed on vectors drawn anew for every batch, then
      learns for each variable and layer the rotation whose first dimensions, taken
      from another input, best change the network's answer as they change the
      program's (distributed alignment search, Geiger et al. 2024). Variables:
      w = x and y = z of the program, and as a false program the first argument
      itself. All pairs of inputs count, so that chance is one half; for the first
      argument a base and its source are two inputs over the same vectors, so that
      w from there equals x here in half of the cases.
      """)

  @Option(help: "Seeds of the networks: 0, 0,3,5 or 0..4.")
  var seeds = "0..4"
  @Option(help: "Updates of a training, batches of 1,024 inputs.")
  var steps = 3000
  @Option(help: "Dimensions of the subspace, of 16.")
  var dimensions = 8
  @Option(help: "Steps of a learned rotation.")
  var rotationSteps = 300
  @Option(help: "Inputs, half to fit on and half to score on.")
  var inputs = 8192
  @Option(help: "Interchanges scored, and as many fitted on.")
  var pairs = 10_000
  @Option(help: "Threads: networks side by side.")
  var threads = 1
  @Flag(help: "Print JSON Lines: one record a network, keys sorted.")
  var json = false

  func validate() throws {
    _ = try SeedList.read(seeds)
    guard (1...15).contains(dimensions) else { throw ValidationError("--dimensions \(dimensions) is outside 1 … 15") }
    guard (1...1_000_000).contains(steps) else { throw ValidationError("--steps \(steps) is outside 1 … 1000000") }
    guard (1...100_000).contains(rotationSteps) else {
      throw ValidationError("--rotation-steps \(rotationSteps) is outside 1 … 100000")
    }
    guard (16...65_536).contains(inputs), inputs % 16 == 0 else {
      throw ValidationError("--inputs \(inputs) is no multiple of 16 in 16 … 65536: the false program takes runs of 16")
    }
    guard (1...10_000_000).contains(pairs) else { throw ValidationError("--pairs \(pairs) is outside 1 … 10000000") }
    guard (1...64).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 64") }
  }

  func run() throws {
    try Terminal.reporting {
      Interruption.listen()
      try BLASBackend.load()
      let seeds = try SeedList.read(seeds)
      let line = LiveLine()
      defer { line.clear() }
      let studies = try LearningSession.inParallel(seeds, threads: threads) { seed, _ in
        try EqualityStudy(seed: seed, self, line)
      }
      line.clear()
      let done = studies.compactMap(\.self)
      guard done.count == studies.count, Interruption.signalNumber == 0 else {
        throw ExitCode(128 + Interruption.signalNumber)
      }
      for study in done where json { Terminal.out(JSONWriter.line(study.record)) }
      if !json { Terminal.out(EqualityStudy.table(done, self)) }
    }
  }
}

/// One network's rotations.
struct EqualityStudy: Sendable {
  /// A variable of a program at a layer.
  struct Row: Sendable {
    let variable: String
    let isFalse: Bool
    let layer: Int
    let accuracy: Proportion
    let null: Double
  }

  let seed: UInt64
  let right: Proportion
  let rows: [Row]
  /// SHA-256 of what the network learnt.
  let weightsDigest: String
  /// All that decides the outcome beside the seed.
  let settings: JSONValue

  /// Nil when a signal came.
  init?(seed: UInt64, _ command: DASCommand, _ line: LiveLine) throws {
    let stop: () -> Bool = { Interruption.signalNumber != 0 }
    var training = EqualityNetwork.Settings()
    training.steps = command.steps
    let trained = EqualityNetwork(
      seed: seed, training,
      onStep: { step in
        line.show { "das seed \(seed): training, step \(Number.grouped(step)) of \(Number.grouped(training.steps))" }
      }, shouldStop: stop)
    guard let network = trained else { return nil }
    var generator = SeededGenerator(seed: seed, name: "equality/study")
    let fresh = try network.subject(HierarchicalEquality(count: command.inputs, using: &generator))
    let runs = try network.subject(HierarchicalEquality(runs: command.inputs / 16, using: &generator))
    let grammar = try HierarchicalEquality.grammar()
    // (program, the variables that are sought in it, whether it is the false one)
    let questions = [
      ("(= (= w x) (= y z))", ["(= w x)", "(= y z)"], false), ("(= (= (+ w 0) x) (= y z))", ["(+ w 0)"], true),
    ]
    var (rows, right): ([Row], Proportion?) = ([], nil)
    for (text, variables, isFalse) in questions {
      let subject = isFalse ? runs : fresh
      let program = try StudiedProgram(SyGuSReader.term(text, in: grammar), in: grammar, on: subject.inputs)
      for layer in 0..<3 {
        if stop() { return nil }
        var options = Self.options(layer, variables, seed, command)
        if isFalse { options.drawing = .within(16) }
        let agreement = try Agreement(
          program, subject, options: options,
          watch: { text in line.show { "das seed \(seed): layer \(layer + 1), \(text())" } })
        if !isFalse { right = agreement.behaviour.alike }
        rows += agreement.variables.map {
          Row(variable: $0.variable, isFalse: isFalse, layer: layer + 1, accuracy: $0.accuracy, null: $0.null)
        }
      }
    }
    (self.seed, self.right, self.rows, weightsDigest) = (seed, right!, rows, network.digest)
    settings = Self.settings(command, training)
  }

  private static func settings(_ command: DASCommand, _ training: EqualityNetwork.Settings) -> JSONValue {
    [
      "steps": .integer(training.steps), "batch": .integer(training.batch),
      "learningRate": .real(training.learningRate), "class": .string(AlignmentClass.rotation.rawValue),
      "dimensions": .integer(command.dimensions), "rotationSteps": .integer(command.rotationSteps),
      "rotationBatch": .integer(rotationBatch), "inputs": .integer(command.inputs), "pairs": .integer(command.pairs),
    ]
  }

  /// Interchanges of one update of a rotation.
  private static let rotationBatch = 1024

  private static func options(
    _ layer: Int, _ variables: [String], _ seed: UInt64, _ command: DASCommand
  ) -> Agreement.Options {
    var options = Agreement.Options()
    options.alignment = .rotation
    options.sites = [Site("layers.\(layer).hook_post")]
    options.variables = variables
    options.drawing = .all
    options.maxDimensions = command.dimensions
    (options.pairs, options.fittingPairs) = (command.pairs, command.pairs)
    (options.rotationSteps, options.rotationBatch) = (command.rotationSteps, rotationBatch)
    options.dataParameters = EqualityNetwork.dataParameters
    options.ignoresBehaviour = true
    options.seed = seed
    return options
  }
}

extension EqualityStudy {
  private static func name(_ row: Row) -> String { row.isFalse ? "w itself (false)" : row.variable }

  static func table(_ studies: [EqualityStudy], _ command: DASCommand) -> String {
    let accuracies = studies.map(\.right)
    let mean = accuracies.reduce(0.0) { $0 + $1.share } / Double(studies.count)
    let least = accuracies.min { $0.share < $1.share }!
    let isLess = studies.contains { $0.rows.contains { $0.accuracy.count < command.pairs } }
    var lines = [
      "task       (w = x) = (y = z) over vectors of \(HierarchicalEquality.width) numbers; networks of 3 layers of 16 units, \(Number.grouped(command.steps)) updates",
      "networks   \(studies.count), seeds \(command.seeds); new inputs right: mean \(FourierReport.percent(mean)), least \(FourierReport.percent(least))",
      "class      rotation, \(command.dimensions) of 16 dimensions; \(isLess ? "at most " : "")\(Number.grouped(command.pairs)) interchanges scored on inputs that were not fitted on, all pairs",
      "", row(["variable", "layer", "mean IIA", "greatest", "least", "greatest null"]),
    ]
    for (place, first) in studies[0].rows.enumerated() {
      let found = studies.map { $0.rows[place] }
      let shares = found.map(\.accuracy.share)
      lines.append(
        row(
          [name(first), "\(first.layer)"]
            + [shares.reduce(0, +) / Double(shares.count), shares.max()!, shares.min()!, found.map(\.null).max()!].map {
              Number.rounded($0, 3)
            }))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func row(_ cells: [String]) -> String {
    cells.enumerated().map { column, cell in
      let space = String(repeating: " ", count: max((column == 0 ? 18 : 14) - cell.count, 0))
      return column == 0 ? cell + space : space + cell
    }.joined()
  }

  var record: JSONValue {
    func cells(_ rows: [Row]) -> JSONValue {
      .object(
        Dictionary(
          grouping: rows, by: { "layer\($0.layer)" }
        ).mapValues { rows in
          [
            "iia": .real(rows.reduce(0) { $0 + $1.accuracy.share } / Double(rows.count)),
            "least": .real(rows.map(\.accuracy.share).min()!), "null": .real(rows.map(\.null).max()!),
          ]
        })
    }
    return [
      "type": "das", "version": .string(Levin.version), "seed": .integer(seed), "right": right.record,
      "task": [
        "name": "hierarchical-equality", "arguments": .integer(HierarchicalEquality.arguments),
        "width": .integer(HierarchicalEquality.width),
      ],
      "weightsSHA256": .string(weightsDigest), "settings": settings,
      "equalities": cells(rows.filter { !$0.isFalse }), "false": cells(rows.filter(\.isFalse)),
      "rows": .array(
        rows.map {
          [
            "variable": .string($0.variable), "layer": .integer($0.layer), "iia": $0.accuracy.record,
            "null": .real($0.null),
          ]
        }),
    ]
  }
}
