internal import Documents

/// Which way round the matrices of a transformer lie in a file. Names are the same in both.
///
/// | tensor | TransformerLens, and here | transposed |
/// |---|---|---|
/// | `embed.W_E` | [vocabulary, width] | [width, vocabulary] |
/// | `attn.W_Q`, `W_K`, `W_V` | [heads, width, headWidth] | [heads, headWidth, width] |
/// | `attn.W_O` | [heads, headWidth, width] | [width, heads · headWidth] |
/// | `mlp.W_in`, `W_out` | [width, hidden], [hidden, width] | [hidden, width], [width, hidden] |
///
/// `pos_embed.W_pos [context, width]`, `unembed.W_U [width, outputs]` and vectors are the same.
///
/// - Source: the transposed one is that of the code published with Nanda et al. 2023, "Progress measures for grokking
///   via mechanistic interpretability" (`transformers.py`), which Zhong et al. 2023 share.
public enum TensorConvention: String, Hashable, Sendable {
  /// As TransformerLens and this library keep them: inputs before outputs.
  case transformerLens = "TransformerLens"
  /// As the published grokking code keeps them: outputs before inputs.
  case transposed

  /// The convention of a file.
  ///
  /// Every matrix whose shape fits only one of them decides: `W_O` by its number of dimensions, the others by where the
  /// width stands, which is the second size of `pos_embed.W_pos` in both. Square matrices do not decide.
  /// TransformerLens where nothing decides.
  ///
  /// - Throws: a complaint that names two tensors that decide otherwise.
  init(of tensors: NamedTensors) throws(Complaint) {
    let position = tensors["pos_embed.W_pos"]?.shape
    let width = position?.count == 2 ? position?[1] : nil
    var deciding: [Self: NamedTensors.Tensor] = [:]
    for tensor in tensors.tensors {
      if let convention = Self.decided(by: tensor, width), deciding[convention] == nil { deciding[convention] = tensor }
    }
    if let lens = deciding[.transformerLens], let transposed = deciding[.transposed] {
      let width = width.map { ", at width \($0)" } ?? ""
      throw Complaint(
        "\(quoted(lens.name)) \(text(lens.shape)) has the shape of TransformerLens and \(quoted(transposed.name)) \(text(transposed.shape)) that of the transposed convention\(width): they do not belong together"
      )
    }
    self = deciding[.transposed] == nil ? .transformerLens : .transposed
  }

  /// What the shape of a tensor says about the convention; nil when it fits both or none.
  private static func decided(by tensor: NamedTensors.Tensor, _ width: Int?) -> Self? {
    let shape = tensor.shape
    /// Where the width stands in TransformerLens, and where in the transposed convention.
    func decide(_ lens: Int, _ transposed: Int) -> Self? {
      guard let width, shape.count == max(lens, transposed) + 1, shape[lens] != shape[transposed] else { return nil }
      return shape[lens] == width ? .transformerLens : shape[transposed] == width ? .transposed : nil
    }
    switch ParameterKind(tensor.name) {
    case .attentionOutput: return shape.count == 3 ? .transformerLens : shape.count == 2 ? .transposed : nil
    case .embedding: return decide(1, 0)
    case .attentionInput: return decide(1, 2)
    case .hiddenInput: return decide(0, 1)
    case .hiddenOutput: return decide(1, 0)
    case .other: return nil
    }
  }

  /// The shape in a file of a parameter that is stored here as `shape`.
  func shape(_ name: String, _ shape: [Int]) -> [Int] {
    guard self == .transposed else { return shape }
    switch ParameterKind(name) {
    case .embedding, .hiddenInput, .hiddenOutput: return [shape[1], shape[0]]
    case .attentionInput: return [shape[0], shape[2], shape[1]]
    case .attentionOutput: return [shape[2], shape[0] * shape[1]]
    case .other: return shape
    }
  }

  /// The values in the order of this library, from those of a tensor with the file's shape.
  func values(_ tensor: NamedTensors.Tensor) -> [Float] {
    guard self == .transposed, ParameterKind(tensor.name) != .other, let columns = tensor.shape.last else {
      return tensor.values
    }
    // All are transposed matrices: those of heads one behind the other, and W_O with its heads side by side.
    let rows = tensor.shape[tensor.shape.count - 2]
    return stride(from: 0, to: tensor.values.count, by: max(1, rows * columns)).flatMap { start in
      (0..<columns).flatMap { column in (0..<rows).map { row in tensor.values[start + row * columns + column] } }
    }
  }
}

/// What a parameter is by its name, as far as conventions differ.
private enum ParameterKind {
  case embedding, attentionInput, attentionOutput, hiddenInput, hiddenOutput, other

  init(_ name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    switch parts.last {
    case "W_E" where name == "embed.W_E": self = .embedding
    case "W_Q", "W_K", "W_V": self = parts.first == "blocks" ? .attentionInput : .other
    case "W_O": self = parts.first == "blocks" ? .attentionOutput : .other
    case "W_in": self = parts.first == "blocks" ? .hiddenInput : .other
    case "W_out": self = parts.first == "blocks" ? .hiddenOutput : .other
    default: self = .other
    }
  }
}
