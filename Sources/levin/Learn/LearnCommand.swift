import ArgumentParser
import Documents
import ExactArithmetic
import Learner
import Networks
import Tasks

/// `levin learn TASK`.
struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn", _superCommandName: "levin",
    abstract: "Train a network on a task, or evaluate one.",
    discussion: """
      levin learn mod-add --modulus 113 --recipe fast --seeds 0..9
                      ten runs, a table, curves and networks
      levin learn --suite power2022
                      the tasks of Power et al. 2022, one table
      levin learn mod-add --evaluate model.safetensors
                      accuracy and margins over all inputs

      Recipes: fast (embedding MLP, perpendicular gradient), delayed (the same
      MLP, plain AdamW: fits first and generalises much later), published (the
      one-layer transformer of Nanda et al. 2023), transformer (that network,
      faster). A run leaves its files in a folder: per seed the network
      (safetensors and config.json), metrics.jsonl, curves and result.json, and a
      checkpoint while it is not finished. A folder with files of other settings
      is refused.
      """)

  @Argument(help: "The task: a built-in name or a file.")
  var task: String?
  @Option(name: .customLong("task"), help: "The same as TASK.")
  var taskOption: String?
  @OptionGroup(title: "Data") var data: TaskOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions
  @OptionGroup(title: "Local learning coefficient") var coefficient: CoefficientOptions
  @Option(help: "Evaluate the network in this file (.safetensors, .pt, .pth) instead of training one.")
  var evaluate: String?
  @Option(help: "The configuration of that network, where its file has none.")
  var config: String?
  @Option(help: "The state in a PyTorch file that holds several, such as model or state_dicts.-1.")
  var entry: String?
  @Flag(help: "Write the weights down by formula instead of training (mod-add; Gromov 2023), and evaluate them.")
  var analytic = false
  @Option(help: "Train on every task of a suite and print its table: power2022.")
  var suite: SuiteName?
  @Option(help: "Seeds of initial parameters and batches: 0, 0,3,5 or 0..9.")
  var seeds = "0"
  @Flag(help: "Each of the seeds is that of its split too, in place of one split (--seed) for all.")
  var splitPerSeed = false
  @Option(help: "Folder of the files (default: learn-TASK-RECIPE).")
  var out: String?
  @Option(help: "Keep the network as it is every so many updates, and at the end (snapshots/ in each run's folder).")
  var snapshotEvery: Int?
  @Flag(
    help:
      "Go on with the unfinished runs in the folder; finished ones stay as they are (with --llc they run again). With --suite: go on behind the rows that are done."
  )
  var resume = false
  @Option(help: "Threads: seeds run side by side; one seed spreads its batch.")
  var threads = 1
  @Flag(help: "Print JSON Lines: one record a seed, keys sorted.")
  var json = false
  @Flag(help: "Say on stderr which matrix library and kernels are used.")
  var verbose = false

  enum SuiteName: String, ExpressibleByArgument, CaseIterable { case power2022 }

  func validate() throws {
    if task != nil, taskOption != nil { throw ValidationError("TASK and --task exclude each other") }
    if task == nil, taskOption == nil, suite == nil {
      throw ValidationError("a task or --suite is needed; 'levin tasks' lists the tasks")
    }
    if task ?? taskOption != nil, suite != nil { throw ValidationError("a task and --suite exclude each other") }
    if evaluate != nil, suite != nil { throw ValidationError("--evaluate and --suite exclude each other") }
    if evaluate == nil, config != nil || entry != nil {
      throw ValidationError("--config and --entry go with --evaluate")
    }
    if coefficient.llc, evaluate != nil || suite != nil || analytic {
      throw ValidationError("--llc goes with the training of one task")
    }
    try refuseUnused()
    if analytic, evaluate != nil || suite != nil { throw ValidationError("--analytic excludes --evaluate and --suite") }
    if let snapshotEvery, !(1...100_000_000).contains(snapshotEvery) {
      throw ValidationError("--snapshot-every \(snapshotEvery) is outside 1 … 100000000")
    }
    if splitPerSeed {
      if data.givenSeed != nil { throw ValidationError("--split-per-seed and --seed exclude each other") }
      if evaluate != nil || suite != nil || analytic {
        throw ValidationError("--split-per-seed goes with the training of one task")
      }
    }
    guard (1...64).contains(threads) else { throw ValidationError("--threads \(threads) is outside 1 … 64") }
    _ = try seedList()
  }

  /// Refuses what a network at hand, or a suite, does not take.
  private func refuseUnused() throws {
    guard let kind = evaluate != nil ? "--evaluate" : analytic ? "--analytic" : suite != nil ? "--suite" : nil else {
      return
    }
    var unused = [("--snapshot-every", snapshotEvery != nil)]
    if suite == nil { unused.append(("--resume", resume)) }
    if !analytic { unused.append(("--out", out != nil)) }
    if suite == nil { unused += [("--seeds", seeds != "0"), ("--threads", threads != 1)] + recipe.changed }
    if let (flag, _) = unused.first(where: \.1) { throw ValidationError("\(kind) does not take \(flag)") }
  }

  private func seedList() throws -> [UInt64] { try SeedList.read(seeds) }

  func run() throws {
    try Terminal.reporting {
      let products = try BLASBackend.load()
      if verbose { Terminal.error("levin: \(products)\n") }
      if suite != nil {
        try LearningSuite(
          data: data, options: recipe, seeds: seedList(), threads: threads, json: json, resumes: resume
        ).run()
        return
      }
      let name = (task ?? taskOption)!
      let source = try SplitTask(name, data)
      guard !source.isOnSequences else {
        throw InputError(
          file: name,
          message:
            "a task on sequences; networks learn functions of single inputs here, and sequences with levin compare",
          hint: "levin search takes it")
      }
      if analytic {
        Terminal.out(try NetworkEvaluation(analytic: source, savingTo: out).text(json: json))
        return
      }
      if let evaluate {
        Terminal.out(
          try NetworkEvaluation(evaluate, source, NetworkFile.Options(configurationFile: config, entry: entry)).text(
            json: json))
        return
      }
      if splitPerSeed, source.split == SplitTask.whole {
        throw ValidationError("--split-per-seed needs a split: add --train-fraction or --train-count")
      }
      let seeds = try seedList()
      let sources = try splitPerSeed ? seeds.map { try SplitTask(name, data.with(seed: $0)) } : [source]
      try LearningSession(
        sources, recipe, coefficient, seeds: seeds, splitsPerSeed: splitPerSeed, threads: threads,
        folder: out ?? "learn-\(fileName(source.name))-\(recipe.recipe.rawValue)",
        snapshotEvery: snapshotEvery, resumes: resume, json: json
      ).run()
    }
  }
}

/// Flags that say how a network is trained.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: "The recipe: fast, delayed, published or transformer. (default: fast)",
    transform: { try RecipeOptions.value($0, "recipe") })
  var recipe: Recipe.Name = .fast
  @Option(
    help:
      "Another network than the recipe's: mlp (tied where the training pairs commute), tied-mlp, untied-mlp, transformer, gru, lstm."
  )
  var network: NetworkName?
  @Option(help: "Attention of a transformer: softmax, or constant (1 on every position; Zhong et al. 2023).")
  var attention: AttentionName = .softmax
  @Option(
    help:
      "First parameters of a transformer: nanda (matrices of variance 1/width), or zhong (W_in of variance 1/hidden), as in the code of the two papers."
  )
  var initialization: InitializationName = .nanda
  @Flag(help: "A transformer reads its answer at the last argument: there is no token '='.")
  var omitEquals = false
  @Option(
    help:
      "Another optimizer than the recipe's, with its rate, decay and schedule: adamw, perpendicular (AdamW along the gradient perpendicular to each array) or muon.",
    transform: { try RecipeOptions.value($0, "optimizer") })
  var optimizer: Recipe.Method.Kind?
  @Option(help: "Most updates.")
  var steps: Int?
  @Option(help: "End at the first evaluation with this share of the unseen inputs right; 'none' never does.")
  var untilTestAccuracy = "0.99"
  @Option(help: "Rows per update (default: the recipe's; all of them in those that come with Levin).")
  var batchSize: Int?
  @Option(help: "The greatest learning rate.")
  var learningRate: Double?
  @Option(help: "Decoupled weight decay.")
  var weightDecay: Double?
  @Option(help: "Unseen inputs are evaluated every so many updates.")
  var evaluateEvery: Int?

  /// Each option, and whether it is another than by default.
  var changed: [(String, Bool)] {
    [
      ("--recipe", recipe != .fast), ("--network", network != nil), ("--attention", attention != .softmax),
      ("--optimizer", optimizer != nil),
      ("--initialization", initialization != .nanda), ("--omit-equals", omitEquals), ("--steps", steps != nil),
      ("--until-test-accuracy", untilTestAccuracy != "0.99"), ("--batch-size", batchSize != nil),
      ("--learning-rate", learningRate != nil), ("--weight-decay", weightDecay != nil),
      ("--evaluate-every", evaluateEvery != nil),
    ]
  }

  /// The value that a word names.
  static func value<Value: RawRepresentable & CaseIterable>(_ word: String, _ what: String) throws -> Value
  where Value.RawValue == String {
    if let value = Value(rawValue: word) { return value }
    let names = Value.allCases.map(\.rawValue)
    let near = nearestMatch(to: word, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("unknown \(what) '\(word)'; expected \(names.joined(separator: ", "))\(near)")
  }

  enum NetworkName: String, ExpressibleByArgument, CaseIterable {
    case mlp
    case tiedMLP = "tied-mlp"
    case untiedMLP = "untied-mlp"
    case transformer, gru, lstm
  }

  enum AttentionName: String, ExpressibleByArgument, CaseIterable { case softmax, constant }
  enum InitializationName: String, ExpressibleByArgument, CaseIterable { case nanda, zhong }

  func validate() throws {
    for (name, value) in [("steps", steps), ("batch-size", batchSize), ("evaluate-every", evaluateEvery)] {
      if let value, !(1...100_000_000).contains(value) {
        throw ValidationError("--\(name) \(value) is outside 1 … 100000000")
      }
    }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate \(learningRate) is not above 0")
    }
    if let weightDecay, !(weightDecay >= 0 && weightDecay.isFinite) {
      throw ValidationError("--weight-decay \(weightDecay) is not 0 or more")
    }
    _ = try target
  }

  /// The share asked for, exactly.
  var target: AccuracyTarget? {
    get throws {
      if untilTestAccuracy == "none" { return nil }
      guard let share = Rational(untilTestAccuracy), share >= 0, share <= 1, let top = Int(exactly: share.numerator),
        let bottom = Int(exactly: share.denominator), bottom <= 1_000_000
      else {
        throw ValidationError(
          "--until-test-accuracy '\(untilTestAccuracy)' is not a share such as 0.99, 99/100 or none")
      }
      return AccuracyTarget(top, of: bottom)
    }
  }
}
