import Randomness
import Testing

@testable import Networks

/// Each operation in a small graph, its backward pass against central differences in float64.
@Suite struct GradientsOfOperations {
  typealias Matrix = Node<Double>

  /// Builds a graph whose inputs are parameters, and compares gradients of its cross-entropy with differences.
  private func check(
    _ shape: BatchShape, _ arrays: [(name: String, shape: [Int])], vocabulary: Int = 5, isFused: Bool = false,
    _ build: (Graph<Double>) -> Matrix
  ) {
    let graph = Graph<Double>(shape: shape, layout: ParameterLayout(arrays), isFused: isFused)
    let logits = build(graph)
    graph.finish(logits: logits)
    graph.load(randomBatch(shape, vocabulary: vocabulary, outputs: logits.width))
    let point = randomNumbers(graph.layout.count)
    let expected = differences(point) { graph.forward($0).mean }
    _ = graph.forward(point)
    let gradient = graph.backward(point)
    let error = relativeError(gradient, expected)
    #expect(error < 1e-8, "relative error \(error) for \(arrays)")
    #expect(graph.backward(point) == gradient, "a second backward pass gives the same")
  }

  /// A parameter `[rows, width]` as rows of the batch.
  private func input(_ graph: Graph<Double>, _ name: String = "x") -> Matrix { graph.parameter(name) }

  @Test(arguments: [(1, 1, 2), (3, 4, 5), (7, 9, 3), (17, 33, 19)])
  func ofProducts(_ sizes: (Int, Int, Int)) {
    let (rows, inner, width) = sizes
    for isTransposed in [false, true] {
      for hasBias in [false, true] {
        check(
          BatchShape(rows: rows, positions: 1),
          [("x", [rows, inner]), ("w", isTransposed ? [width, inner] : [inner, width]), ("b", [width])]
        ) { graph in
          let y = graph.node(rowsPerSequence: 1, [width])
          graph.append(
            Dense(
              graph.parameter("x"), graph.parameter("w"), isTransposed: isTransposed,
              bias: hasBias ? graph.parameter("b") : nil, into: y))
          return y
        }
      }
    }
  }

  @Test(arguments: [(2, 3, 4), (5, 7, 9)])
  func ofProductsWithReluOrResidual(_ sizes: (Int, Int, Int)) {
    let (rows, inner, width) = sizes
    let shape = BatchShape(rows: rows, positions: 1)
    let arrays = [("x", [rows, inner]), ("w", [inner, width]), ("b", [width]), ("r", [rows, width])]
    check(shape, arrays) { graph in
      let y = graph.node(rowsPerSequence: 1, [width])
      graph.append(
        Dense(graph.parameter("x"), graph.parameter("w"), bias: graph.parameter("b"), isRelu: true, into: y))
      return y
    }
    for hasBias in [false, true] {
      check(shape, arrays) { graph in
        let y = graph.node(rowsPerSequence: 1, [width])
        graph.append(
          Dense(
            graph.parameter("x"), graph.parameter("w"), bias: hasBias ? graph.parameter("b") : nil,
            residual: graph.parameter("r"), into: y))
        return y
      }
    }
  }

  @Test(arguments: [(1, 2), (3, 3), (4, 5)])
  func ofProductsWithHeads(_ sizes: (Int, Int)) {
    let (heads, headWidth) = sizes
    check(BatchShape(rows: 3, positions: 1), [("x", [3, 7]), ("w", [heads, 7, headWidth])]) { graph in
      let y = graph.node(rowsPerSequence: 1, [heads, headWidth])
      let packed = graph.node(fixedRows: 7, [heads * headWidth])
      graph.append(HeadDense(graph.parameter("x"), graph.parameter("w"), heads: heads, packed: packed, into: y))
      return y
    }
  }

  @Test(arguments: Activation.allCases)
  func ofActivations(_ activation: Activation) {
    for width in [1, 6, 37] {
      check(BatchShape(rows: 3, positions: 1), [("x", [3, width]), ("y", [3, width])]) { graph in
        // Read twice, so that the second contribution is added.
        let (post, sum) = (graph.node(rowsPerSequence: 1, [width]), graph.node(rowsPerSequence: 1, [width]))
        graph.append(Activate(graph.parameter("x"), activation, into: post))
        graph.append(Add(graph.parameter("x"), post, into: sum))
        return sum
      }
    }
  }

  @Test(arguments: [3, 5, 16, 33])
  func ofLayerNorm(_ width: Int) {
    let arrays = [("x", [4, width]), ("w", [width]), ("b", [width])]
    for isReadTwice in [false, true] {
      check(BatchShape(rows: 4, positions: 1), arrays) { graph in
        let y = graph.node(rowsPerSequence: 1, [width])
        graph.append(
          LayerNorm(
            graph.parameter("x"), scale: graph.parameter("w"), shift: graph.parameter("b"),
            statistics: graph.node(like: y, [2]), into: y))
        if !isReadTwice { return y }
        let sum = graph.node(rowsPerSequence: 1, [width])
        graph.append(Add(graph.parameter("x"), y, into: sum))
        return sum
      }
    }
  }

  @Test(arguments: [1, 2, 3])
  func ofGathers(_ terms: Int) {
    for (hasBias, isRelu, isTied) in [
      (false, false, false), (true, false, true), (false, true, true), (true, true, false),
    ] {
      check(
        BatchShape(rows: 6, positions: terms), [("t0", [5, 7]), ("t1", [5, 7]), ("t2", [5, 7]), ("b", [7])]
      ) { graph in
        let y = graph.node(rowsPerSequence: 1, [7])
        graph.append(
          Gather(
            (0..<terms).map { (graph.parameter(isTied ? "t0" : "t\($0)"), graph.list(.tokens(position: $0))) },
            bias: hasBias ? graph.parameter("b") : nil, isRelu: isRelu, into: y))
        return y
      }
    }
  }

  @Test(arguments: [(1, 1, 1, 2), (1, 3, 2, 3), (3, 3, 4, 2), (1, 9, 2, 3), (9, 9, 2, 3), (11, 11, 1, 5)])
  func ofAttention(_ sizes: (Int, Int, Int, Int)) {
    let (queries, positions, heads, headWidth) = sizes
    let (rows, width) = (2, heads * headWidth)
    let shape = BatchShape(rows: rows, positions: positions, readPositions: queries)
    let arrays = [
      ("q", [rows * queries, width]), ("k", [rows * positions, width]), ("v", [rows * positions, width]),
    ]
    for hasScores in [false, true] {
      check(shape, arrays) { graph in
        let pattern = graph.node(rowsPerSequence: 1, [heads, queries, positions])
        let z = graph.node(rowsPerSequence: queries, [heads, headWidth])
        graph.append(
          Attention(
            q: graph.parameter("q"), k: graph.parameter("k"), v: graph.parameter("v"), heads: heads, queries: queries,
            positions: positions,
            scores: hasScores ? graph.node(rowsPerSequence: 1, [heads, queries, positions]) : nil, pattern: pattern,
            into: z))
        return z
      }
    }
  }

  @Test func ofAttentionToTables() {
    let arrays = [("q", [5, 6]), ("k", [15, 6]), ("v", [15, 6])]
    check(BatchShape(rows: 7, positions: 3), arrays) { graph in
      let pattern = graph.node(rowsPerSequence: 1, [2, 1, 3])
      let z = graph.node(rowsPerSequence: 1, [2, 3])
      graph.append(
        Attention(
          q: graph.parameter("q"), k: graph.parameter("k"), v: graph.parameter("v"), heads: 2, queries: 1, positions: 3,
          rows: (graph.list(.lastTokens), graph.list(.slots(vocabulary: 5))), scores: nil, pattern: pattern, into: z))
      return z
    }
  }

  @Test func ofTheLastPosition() {
    check(BatchShape(rows: 4, positions: 3), [("x", [12, 5])]) { graph in
      // Rows of the batch: a parameter has fixed ones.
      let (rows, last) = (graph.node(rowsPerSequence: 3, [5]), graph.node(rowsPerSequence: 1, [5]))
      graph.append(Activate(graph.parameter("x"), .square, into: rows))
      graph.append(SelectLast(rows, into: last))
      return last
    }
  }
}
