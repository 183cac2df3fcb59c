import Foundation
import Testing

@testable import Networks

/// Whole networks against values that PyTorch computed in float64 (Reference/README.md).
@Suite struct NetworksAgreeWithPyTorch {
  struct Document: Decodable { var cases: [Case] }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    struct Tensor: Decodable { var name: String, shape: [Int], offset: Int, scale: Double, shift: Double }
    struct Summary: Decodable { var shape: [Int], norm: Double, projection: Double, indices: [Int], values: [Double] }
    enum Setting: Decodable {
      case flag(Bool)
      case number(Int)
      case text(String)
      case nothing

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
          self = .nothing
        } else if let flag = try? value.decode(Bool.self) {
          self = .flag(flag)
        } else if let number = try? value.decode(Int.self) {
          self = .number(number)
        } else {
          self = .text(try value.decode(String.self))
        }
      }
    }

    var name: String, kind: String, read: String
    var configuration: [String: Setting]
    var parameters: [Tensor]
    var inputs: [[Int32]], targets: [[Int32]]
    var loss: Double, correct: Int
    var logits: Summary
    var activations: [String: Summary], gradient: [String: Summary]

    var testDescription: String { name }

    func number(_ key: String) -> Int { if case .number(let number) = configuration[key] { number } else { 0 } }
    func text(_ key: String) -> String { if case .text(let text) = configuration[key] { text } else { "" } }
    func flag(_ key: String) -> Bool { if case .flag(let flag) = configuration[key] { flag } else { false } }

    var network: any Network {
      switch kind {
      case "mlp":
        var c = EmbeddingMLP.Configuration(vocabulary: number("d_vocab"), outputs: number("d_vocab_out"))
        (c.positions, c.width, c.hidden) = (number("n_inputs"), number("d_model"), number("d_mlp"))
        (c.tied, c.hiddenBias) = (flag("tied"), flag("mlp_bias"))
        c.activation = Activation(rawValue: text("act_fn"))!
        return EmbeddingMLP(c)
      case "transformer":
        var c = DecoderTransformer.Configuration(
          vocabulary: number("d_vocab"), outputs: number("d_vocab_out"), context: number("n_ctx"))
        (c.layers, c.width, c.heads) = (number("n_layers"), number("d_model"), number("n_heads"))
        (c.headWidth, c.hidden) = (number("d_head"), number("d_mlp"))
        c.activation = Activation(rawValue: text("act_fn"))!
        c.normalization = parameters.contains { $0.name == "ln_final.w" } ? .layerNorm : .none
        c.attentionBiases = parameters.contains { $0.name == "blocks.0.attn.b_Q" }
        c.unembeddingBias = parameters.contains { $0.name == "unembed.b_U" }
        return DecoderTransformer(c)
      default:
        var c = RecurrentNetwork.Configuration(
          cell: .init(rawValue: text("cell"))!, vocabulary: number("d_vocab"), outputs: number("d_vocab_out"))
        (c.width, c.hidden) = (number("d_embed"), number("d_hidden"))
        return RecurrentNetwork(c)
      }
    }

    var batch: Batch {
      Batch(
        shape: BatchShape(rows: inputs.count, positions: inputs[0].count, readPositions: targets[0].count),
        tokens: inputs.flatMap { $0 }, targets: targets.flatMap { $0 })
    }
  }

  static let cases: [Case] = {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Reference/models.json")
    return try! JSONDecoder().decode(Document.self, from: Data(contentsOf: path)).cases
  }()

  /// The numbers that references are made of: `Reference/README.md`.
  private func unit(_ index: Int) -> Double {
    var x = UInt32(truncatingIfNeeded: index) &* 2_654_435_761 &+ 12345
    x ^= x >> 15
    x = x &* 2_246_822_519
    x ^= x >> 13
    return Double(x >> 12) / 0x1p20 - 0.5
  }

  private func parameters<Scalar: NetworkScalar>(_ test: Case, _ layout: ParameterLayout) -> [Scalar] {
    var vector = [Scalar](repeating: .nan, count: layout.count)
    for tensor in test.parameters {
      let entry = layout[tensor.name]
      #expect(entry?.shape == tensor.shape, "\(tensor.name)")
      guard let entry, entry.shape == tensor.shape else { continue }
      for place in 0..<entry.count {
        vector[entry.offset + place] = Scalar(tensor.shift + tensor.scale * unit(tensor.offset + place))
      }
    }
    let missing = vector.count { !$0.isFinite }
    #expect(missing == 0, "parameters that are not in the reference")
    return vector
  }

  /// Compares norm, projection and entries, relative to the norm.
  private func compare<Scalar: NetworkScalar>(
    _ name: String, _ values: [Scalar], _ summary: Case.Summary, tolerance: Double
  ) {
    guard values.count == summary.shape.reduce(1, *) else {
      Issue.record("\(name) has \(values.count) elements, not \(summary.shape)")
      return
    }
    // The gradient of b_K is zero but for rounding, which differs between processors: what shifts all scores of a query
    // alike changes nothing.
    let isZero = summary.norm < 1e-12
    let scale = isZero && Scalar.self == Float.self ? 1e-2 : max(summary.norm, 1e-3)
    var (norm, projection) = (0.0, 0.0)
    for (place, value) in values.enumerated() {
      norm += Double(value) * Double(value)
      projection += Double(value) * unit(1_000_000 + place)
    }
    var errors = [norm.squareRoot() - summary.norm, projection - summary.projection]
    for (place, value) in zip(summary.indices, summary.values) { errors.append(Double(values[place]) - value) }
    let error = errors.map { abs($0) / scale }.max()!
    #expect(error < tolerance, "\(name): relative error \(error)")
  }

  private func check<Scalar: NetworkScalar>(_ test: Case, _ scalar: Scalar.Type, tolerance: Double) {
    let (network, batch) = (test.network, test.batch)
    let parameters: [Scalar] = parameters(test, network.layout)
    for form in [LaneExecutor<Scalar>.Form.training, .ordinary] {
      let executor = LaneExecutor<Scalar>(network, shape: batch.shape, form: form)
      executor.load(batch)
      var gradient = [Scalar](repeating: .nan, count: parameters.count)
      let loss = executor.lossAndGradient(parameters, into: &gradient)
      #expect(abs(loss.mean / test.loss - 1) < tolerance)
      #expect(loss.correct == test.correct)
      compare("logits", executor.logits(), test.logits, tolerance: tolerance)
      for entry in network.layout.entries {
        compare(entry.name, Array(gradient[entry.range]), test.gradient[entry.name]!, tolerance: tolerance)
      }
    }
  }

  @Test(arguments: cases) func inFloat64(_ test: Case) { check(test, Double.self, tolerance: 1e-10) }

  @Test(arguments: cases) func inFloat32(_ test: Case) { check(test, Float.self, tolerance: 1e-5) }

  @Test(arguments: cases) func inEveryActivation(_ test: Case) {
    let graph = test.network.graph(for: test.batch.shape, of: Double.self)
    graph.load(test.batch)
    _ = graph.forward(parameters(test, test.network.layout))
    for (name, summary) in test.activations {
      guard let view = graph.activation(name) else {
        Issue.record("no activation '\(name)'")
        continue
      }
      let values = test.kind == "recurrent" ? batchMajor(view) : view.array
      compare(name, values.map { $0 == -Double.infinity ? 0 : $0 }, summary, tolerance: 1e-10)
    }
  }

  /// `[position, batch, …]` as `[batch, position, …]`.
  private func batchMajor(_ view: ActivationView<Double>) -> [Double] {
    let (positions, rows, width) = (view.shape[0], view.shape[1], view.width)
    var values: [Double] = []
    for row in 0..<rows {
      for position in 0..<positions {
        let start = (position * rows + row) * width
        values += view.values[start..<start + width]
      }
    }
    return values
  }
}
