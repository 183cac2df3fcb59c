extension DecoderTransformer {
  /// The ordinary form, block after block, with TransformerLens's names; all positions are computed, also those not read.
  ///
  /// - Precondition: at most `context` positions.
  public func graph<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> Graph<Scalar> {
    check(shape)
    let builder = TransformerBuilder(
      self, Graph<Scalar>(shape: shape, layout: layout), positions: shape.positions)
    var residual = builder.embed(named: "hook_embed", "hook_pos_embed", into: "blocks.0.hook_resid_pre")
    for layer in 0..<configuration.layers {
      if layer > 0 { residual.names.append("blocks.\(layer).hook_resid_pre") }
      residual = builder.block(layer, residual, onlyLast: false)
    }
    var logits = builder.unembed(residual)
    if shape.readPositions == 1 {
      let last = builder.graph.node(rowsPerSequence: 1, [configuration.outputs])
      builder.graph.append(SelectLast(logits, into: last))
      logits = last
    }
    builder.graph.finish(logits: logits)
    return builder.graph
  }

  /// The last layer computes queries, perceptron and unembedding at the last position alone when only that is read.
  ///
  /// With one layer besides, keys, values and queries depend on token and position alone: they are computed once per
  /// pair of these, layer norm included, and gathered, where that is less work.
  public func trainingForm<Scalar: NetworkScalar>(for shape: BatchShape, of scalar: Scalar.Type) -> TrainingForm<Scalar>
  {
    check(shape)
    let network = self
    let slots = shape.positions * configuration.vocabulary
    if shape.readPositions == 1, configuration.layers == 1, configuration.pattern == .softmax,
      slots < shape.rows * shape.positions
    {
      return gatheredForm(for: shape)
    }
    return TrainingForm(tableLayout: ParameterLayout([]), tables: nil) { rows in
      var part = shape
      part.rows = rows
      return network.lane(part)
    }
  }

  private func check(_ shape: BatchShape) {
    precondition(
      shape.positions <= configuration.context, "\(shape.positions) positions in a context of \(configuration.context)")
  }

  private func lane<Scalar: NetworkScalar>(_ shape: BatchShape) -> Graph<Scalar> {
    let graph = Graph<Scalar>(shape: shape, layout: layout, isFused: true)
    let builder = TransformerBuilder(self, graph, positions: shape.positions)
    var residual = builder.embed(named: nil, nil, into: nil)
    for layer in 0..<configuration.layers {
      let onlyLast = shape.readPositions == 1 && layer == configuration.layers - 1
      residual = builder.block(layer, residual, onlyLast: onlyLast)
    }
    graph.finish(logits: builder.unembed(residual))
    return graph
  }

  private func gatheredForm<Scalar: NetworkScalar>(for shape: BatchShape) -> TrainingForm<Scalar> {
    let (c, network) = (configuration, self)
    let (slots, inner) = (shape.positions * c.vocabulary, c.heads * c.headWidth)
    let tableLayout = ParameterLayout([
      ("keys", [slots, inner]), ("values", [slots, inner]), ("queries", [c.vocabulary, inner]),
      ("residuals", [c.vocabulary, c.width]),
    ])
    let tables = Graph<Scalar>(
      shape: BatchShape(rows: 1, positions: shape.positions), layout: layout, tables: tableLayout, isFused: true)
    TransformerBuilder(self, tables, positions: shape.positions).fillTables()
    tables.seal()
    return TrainingForm(tableLayout: tableLayout, tables: tables) { rows in
      let graph = Graph<Scalar>(
        shape: BatchShape(rows: rows, positions: shape.positions), layout: network.layout, tables: tableLayout,
        isFused: true)
      let builder = TransformerBuilder(network, graph, positions: shape.positions)
      graph.finish(logits: builder.unembed(builder.gatheredBlock()))
      return graph
    }
  }
}
