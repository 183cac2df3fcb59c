import ArgumentParser
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Learner
import Networks
import Randomness
import Search

/// Networks and programs on the functions of a language with few inputs.
struct BiasStudy {
  /// A kind of network.
  enum Kind: String, CaseIterable { case mlp, transformer, gru, lstm }

  /// Where targets come from.
  enum Draw: String, ExpressibleByArgument, CaseIterable { case programs, uniform }

  /// What all networks of a study have in common.
  struct Sizes {
    /// Of embeddings, and of hidden units or states; nil for those of each kind.
    var width: Int?
    var hidden: Int?
    /// What the initial parameters are multiplied by.
    var initialScale = 1.0
  }

  let grammar: Grammar
  let path: String
  let sizes: Sizes
  let seed: UInt64
  let threads: Int
  let inputs: [[Value]]
  let priors: FunctionPriors
  /// Labels by number.
  let labels: [Value]
  /// The functions with a label on every input, the likeliest first.
  let said: [(function: FunctionPriors.Function, labels: [Int])]
  let bias: FunctionBias
  private let line: LiveLine

  init(_ grammar: Grammar, path: String, sizes: Sizes, seed: UInt64, threads: Int, _ line: LiveLine) throws {
    (self.grammar, self.path, self.sizes, self.seed) = (grammar, path, sizes, seed)
    (self.threads, self.line) = (threads, line)
    do {
      inputs = try FunctionPriors.allInputs(of: grammar)
      priors = try FunctionPriors(grammar, inputs: inputs, counting: .everyFunction)
      labels = try FunctionPriors.allValues(of: grammar.resultSort, modulus: grammar.modulus, name: "the result")
    } catch {
      throw InputError(
        file: path, message: error.description,
        hint: "'levin prior' --functions lists the likeliest; fewer inputs: --variables or --modulus")
    }
    guard !grammar.parameters.isEmpty else { throw InputError(file: path, message: "the language has no inputs") }
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let inputs = inputs.count
    said = priors.functions.compactMap { function in
      let labels = function.values.compactMap { $0.flatMap { numbers[$0] } }
      return labels.count == inputs ? (function, labels) : nil
    }
    guard said.contains(where: { $0.function.mass > 0 }) else {
      throw InputError(file: path, message: "no function of the language has a label on every input")
    }
    let masses = Dictionary(uniqueKeysWithValues: said.map { ($0.labels, $0.function.mass) })
    bias = FunctionBias(masses, open: priors.open, labels: labels.count)
  }

  /// A small network of a kind for these inputs.
  func configuration(_ kind: Kind) -> NetworkConfiguration {
    let vocabulary = FunctionSampler.vocabulary(of: inputs).count
    switch kind {
    case .mlp:
      var mlp = EmbeddingMLP.Configuration(vocabulary: vocabulary, outputs: labels.count)
      (mlp.positions, mlp.tied) = (inputs[0].count, false)
      (mlp.width, mlp.hidden) = (sizes.width ?? 16, sizes.hidden ?? 64)
      return .embeddingMLP(mlp)
    case .transformer:
      var transformer = DecoderTransformer.Configuration(
        vocabulary: vocabulary + 1, outputs: labels.count, context: inputs[0].count + 1)
      let width = sizes.width ?? 32
      (transformer.width, transformer.hidden) = (width, sizes.hidden ?? 64)
      (transformer.heads, transformer.headWidth) = (4, (width + 3) / 4)
      return .transformer(transformer)
    case .gru, .lstm:
      var recurrent = RecurrentNetwork.Configuration(
        cell: kind == .gru ? .gru : .lstm, vocabulary: vocabulary + 1, outputs: labels.count)
      (recurrent.width, recurrent.hidden) = (sizes.width ?? 16, sizes.hidden ?? 32)
      return .recurrent(recurrent)
    }
  }

  private static let block = 64

  /// What `body` makes of blocks of 0 ..< count, side by side, each with a sampler of its own.
  private func sampled<Found: Sendable>(
    _ kind: Kind, _ count: Int, _ what: String, _ body: @Sendable (FunctionSampler, Range<Int>) throws -> Found
  ) throws -> [Found] {
    let configuration = configuration(kind)
    let (inputs, labels, scale, line) = (inputs, labels.count, sizes.initialScale, line)
    let blocks = stride(from: 0, to: count, by: Self.block).map { $0..<min($0 + Self.block, count) }
    return try LearningSession.inParallel(blocks, threads: threads) { range, _ in
      if Interruption.signalNumber != 0 { throw ExitCode(128 + Interruption.signalNumber) }
      line.show { "bias \(kind.rawValue): \(what) \(Number.grouped(range.lowerBound)) of \(Number.grouped(count))" }
      return try body(
        FunctionSampler(configuration, inputs: inputs, labels: labels, initialScale: scale), range)
    }
  }

  /// A seed for one of many.
  private func seed(_ number: Int) -> UInt64 {
    var generator = SeededGenerator(seed: seed, name: "bias/\(number)")
    return generator.next()
  }
}

extension BiasStudy {
  /// Random networks by their functions.
  func random(_ kinds: [Kind], samples: Int) throws -> BiasReport {
    var rows: [BiasReport.Random] = []
    for kind in kinds {
      let blocks = try sampled(kind, samples, "network") { sampler, range in
        var counts: [[Int]: Int] = [:]
        for number in range { counts[sampler.random(seed: seed(number)), default: 0] += 1 }
        return counts
      }
      let counts = blocks.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
      rows.append(.init(kind: kind, counts: counts, survey: bias.survey(counts, seed: seed)))
    }
    return BiasReport(study: self, random: rows, trained: nil)
  }

  /// A function to be learned, and the inputs that are learned from.
  private struct Target: Sendable {
    let labels: [Int]
    let known: [Int: Int]
  }

  /// Networks trained on some inputs of targets.
  func trained(
    _ kinds: [Kind], count: Int, targets: Int, samples: Int, draw: Draw, loss: Double?
  ) throws -> BiasReport {
    guard count < inputs.count else {
      throw ValidationError("--train-count \(count) leaves none of the \(inputs.count) inputs unseen")
    }
    let drawn = self.targets(targets, count: count, draw)
    let posteriors = try LearningSession.inParallel(drawn, threads: threads) { target, _ in bias.given(target.known) }
    var rows: [BiasReport.TrainedKind] = []
    for kind in kinds {
      let found = try sampled(kind, targets * samples, "training") { sampler, range in
        try range.map { number in
          if Interruption.signalNumber != 0 { throw ExitCode(128 + Interruption.signalNumber) }
          return sampler.trained(on: drawn[number / samples].known, loss: loss, seed: seed(number))
        }
      }.flatMap { $0 }
      let trials = drawn.enumerated().map { place, target in
        FunctionBias.Trial(
          posterior: posteriors[place], target: target.labels,
          networks: found[place * samples..<(place + 1) * samples].compactMap { $0?.labels })
      }
      rows.append(
        .init(
          kind: kind, unfitted: found.count { $0 == nil }, steps: found.compactMap { $0?.steps }.sorted(),
          summary: bias.summary(trials)))
    }
    return BiasReport(
      study: self, random: [],
      trained: .init(count: count, targets: targets, samples: samples, draw: draw, loss: loss, rows: rows))
  }

  private func targets(_ targets: Int, count: Int, _ draw: Draw) -> [Target] {
    var generator = SeededGenerator(seed: seed, name: "bias/targets")
    let wheel = Wheel(said.map(\.function.mass))
    return (0..<targets).map { _ in
      let labels =
        draw == .uniform
        ? inputs.map { _ in Int(generator.below(UInt64(self.labels.count))) } : said[wheel.draw(&generator)].labels
      var places = Array(inputs.indices)
      generator.shuffle(&places)
      return Target(
        labels: labels, known: Dictionary(uniqueKeysWithValues: places.prefix(count).map { ($0, labels[$0]) }))
    }
  }
}
