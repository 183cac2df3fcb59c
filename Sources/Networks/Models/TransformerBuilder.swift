/// Lays out a transformer's operations in a graph; activations get TransformerLens's names in the ordinary form.
struct TransformerBuilder<Scalar: NetworkScalar> {
  typealias Matrix = Node<Scalar>

  let c: DecoderTransformer.Configuration
  let graph: Graph<Scalar>
  let positions: Int

  init(_ network: DecoderTransformer, _ graph: Graph<Scalar>, positions: Int) {
    c = network.configuration
    self.graph = graph
    self.positions = positions
  }

  private func rows(_ name: String?, _ rowShape: [Int], last: Bool = false) -> Matrix {
    graph.node(name, rowsPerSequence: last ? 1 : positions, rowShape)
  }

  /// Tokens and positions embedded, `[batch, position, width]`; joined in one pass when nobody names the parts.
  func embed(named tokenName: String?, _ positionName: String?, into name: String?) -> Matrix {
    let residual = rows(name, [c.width])
    let token = (table: graph.parameter("embed.W_E"), list: graph.list(.allTokens))
    let position = (table: graph.parameter("pos_embed.W_pos"), list: graph.list(.positions))
    if graph.isFused {
      graph.append(Gather([token, position], into: residual))
    } else {
      let (tokens, places) = (rows(tokenName, [c.width]), rows(positionName, [c.width]))
      graph.append(Gather([token], into: tokens))
      graph.append(Gather([position], into: places))
      graph.append(Add(tokens, places, into: residual))
    }
    return residual
  }

  /// One layer, from `blocks.i.hook_resid_pre` to `blocks.i.hook_resid_post`.
  func block(_ layer: Int, _ pre: Matrix, onlyLast: Bool) -> Matrix {
    let block = "blocks.\(layer)"
    let normal = normalized("\(block).ln1", pre)
    if c.pattern == .constant { return constantBlock(block, normal, pre, onlyLast: onlyLast) }
    let (ofQueries, residual) = (onlyLast ? last(of: normal) : normal, onlyLast ? last(of: pre) : pre)
    let q = heads("\(block).attn", "q", ofQueries)
    let (k, v) = (heads("\(block).attn", "k", normal), heads("\(block).attn", "v", normal))
    let queries = onlyLast ? 1 : positions
    let patternShape = [c.heads, queries, positions]
    let scores = graph.isFused ? nil : graph.node("\(block).attn.hook_attn_scores", rowsPerSequence: 1, patternShape)
    let pattern = graph.node("\(block).attn.hook_pattern", rowsPerSequence: 1, patternShape)
    let z = rows("\(block).attn.hook_z", [c.heads, c.headWidth], last: onlyLast)
    graph.append(
      Attention(
        q: q, k: k, v: v, heads: c.heads, queries: queries, positions: positions, scores: scores, pattern: pattern,
        into: z))
    return afterAttention(block, z, residual)
  }

  /// The same where attention is constant: no queries, keys, scores or pattern are computed.
  private func constantBlock(_ block: String, _ normal: Matrix, _ pre: Matrix, onlyLast: Bool) -> Matrix {
    // Named, so that their gradients are written: zeros.
    for matrix in ["W_Q", "W_K"] + (c.attentionBiases ? ["b_Q", "b_K"] : []) {
      _ = graph.parameter("\(block).attn.\(matrix)")
    }
    let v = heads("\(block).attn", "v", normal)
    let z = rows("\(block).attn.hook_z", [c.heads, c.headWidth], last: onlyLast)
    graph.append(ConstantAttention(v: v, queries: onlyLast ? 1 : positions, positions: positions, into: z))
    return afterAttention(block, z, onlyLast ? last(of: pre) : pre)
  }

  /// The layer's second half: output matrix, perceptron, both added to the residual stream.
  private func afterAttention(_ block: String, _ z: Matrix, _ residual: Matrix) -> Matrix {
    let output = graph.parameter("\(block).attn.W_O")
    let middle = added(
      "\(block).hook_attn_out", "\(block).hook_resid_mid", z, output,
      bias: c.attentionBiases ? graph.parameter("\(block).attn.b_O") : nil, to: residual)
    let normal = normalized("\(block).ln2", middle)
    let weight = graph.parameter("\(block).mlp.W_in")
    let bias = graph.parameter("\(block).mlp.b_in")
    let pre = graph.node("\(block).mlp.hook_pre", like: normal, [c.hidden])
    var post = pre
    if graph.isFused && c.activation == .relu {
      graph.append(Dense(normal, weight, bias: bias, isRelu: true, into: pre))
    } else {
      post = graph.node("\(block).mlp.hook_post", like: normal, [c.hidden])
      graph.append(Dense(normal, weight, bias: bias, into: pre))
      graph.append(Activate(pre, c.activation, into: post))
    }
    return added(
      "\(block).hook_mlp_out", "\(block).hook_resid_post", post, graph.parameter("\(block).mlp.W_out"),
      bias: graph.parameter("\(block).mlp.b_out"), to: middle)
  }

  /// x · weight + bias + residual; in the ordinary form the product is an activation of its own.
  private func added(
    _ productName: String, _ sumName: String, _ x: Matrix, _ weight: Matrix, bias: Matrix?, to residual: Matrix
  ) -> Matrix {
    let sum = graph.node(sumName, like: residual, [c.width])
    if graph.isFused {
      graph.append(Dense(x, weight, bias: bias, residual: residual, into: sum))
    } else {
      let product = graph.node(productName, like: residual, [c.width])
      graph.append(Dense(x, weight, bias: bias, into: product))
      graph.append(Add(residual, product, into: sum))
    }
    return sum
  }

  private func normalized(_ name: String, _ x: Matrix) -> Matrix {
    guard c.normalization == .layerNorm else { return x }
    let y = graph.node("\(name).hook_normalized", like: x, [c.width])
    graph.append(
      LayerNorm(
        x, scale: graph.parameter("\(name).w"), shift: graph.parameter("\(name).b"),
        statistics: graph.node(like: x, [2]), into: y))
    return y
  }

  /// x times the heads' matrices `W_Q`, `W_K` or `W_V`, into new rows or a table.
  private func heads(_ attention: String, _ letter: String, _ x: Matrix, into table: Matrix? = nil) -> Matrix {
    let y = table ?? graph.node("\(attention).hook_\(letter)", like: x, [c.heads, c.headWidth])
    let weight = graph.parameter("\(attention).W_\(letter.uppercased())")
    let packed = graph.node(fixedRows: c.width, [c.heads * c.headWidth])
    // The bias `[heads, headWidth]` is one row of y.
    let bias = c.attentionBiases ? graph.parameter("\(attention).b_\(letter.uppercased())") : nil
    graph.append(HeadDense(x, weight, bias: bias, heads: c.heads, packed: packed, into: y))
    return y
  }

  private func last(of x: Matrix) -> Matrix {
    if positions == 1 { return x }
    let y = rows(nil, x.rowShape, last: true)
    graph.append(SelectLast(x, into: y))
    return y
  }

  /// Final normalisation and logits.
  func unembed(_ residual: Matrix) -> Matrix {
    let normal = normalized("ln_final", residual)
    let logits = graph.node("logits", like: residual, [c.outputs])
    let bias = c.unembeddingBias ? graph.parameter("unembed.b_U") : nil
    graph.append(Dense(normal, graph.parameter("unembed.W_U"), bias: bias, into: logits))
    return logits
  }
}

// MARK: - One layer whose inputs are tables

extension TransformerBuilder {
  /// Keys and values of every token at every position; queries and residuals of every token at the last one.
  func fillTables() {
    let slots = positions * c.vocabulary
    let numbers = 0..<Int32(slots)
    let vocabulary = Int32(c.vocabulary)
    func embedded(_ range: Range<Int32>, into residual: Matrix) {
      graph.append(
        Gather(
          [
            (graph.parameter("embed.W_E"), graph.list(.fixed(range.map { $0 % vocabulary }))),
            (graph.parameter("pos_embed.W_pos"), graph.list(.fixed(range.map { $0 / vocabulary }))),
          ], into: residual))
    }
    let all = graph.node(fixedRows: slots, [c.width])
    embedded(numbers, into: all)
    let normal = normalized("blocks.0.ln1", all)
    _ = heads("blocks.0.attn", "k", normal, into: graph.table("keys"))
    _ = heads("blocks.0.attn", "v", normal, into: graph.table("values"))
    let residuals = graph.table("residuals")
    embedded(numbers.suffix(c.vocabulary), into: residuals)
    _ = heads("blocks.0.attn", "q", normalized("blocks.0.ln1", residuals), into: graph.table("queries"))
  }

  /// The layer at the last position, from tables.
  func gatheredBlock() -> Matrix {
    let tokens = graph.list(.lastTokens)
    let residual = rows(nil, [c.width], last: true)
    graph.append(Gather([(graph.table("residuals"), tokens)], into: residual))
    let pattern = graph.node(rowsPerSequence: 1, [c.heads, 1, positions])
    let z = rows(nil, [c.heads, c.headWidth], last: true)
    graph.append(
      Attention(
        q: graph.table("queries"), k: graph.table("keys"), v: graph.table("values"), heads: c.heads, queries: 1,
        positions: positions, rows: (tokens, graph.list(.slots(vocabulary: c.vocabulary))), scores: nil,
        pattern: pattern, into: z))
    return afterAttention("blocks.0", z, residual)
  }
}
