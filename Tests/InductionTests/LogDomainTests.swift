import ExactArithmetic
import Foundation
import Induction
import Testing

/// Context-tree weighting as it is usually written: logarithms in double precision, one dictionary of contexts.
private struct LogDomainTree {
  private struct Node {
    var counts: [Double]
    var estimate = 0.0
    var weighted = 0.0
  }

  let depth: Int
  let alphabetSize: Int
  private var nodes: [String: Node] = [:]
  private var history: [Int]

  init(depth: Int, alphabetSize: Int) {
    self.depth = depth
    self.alphabetSize = alphabetSize
    history = Array(repeating: 0, count: depth)
  }

  /// log2 of the sequence's probability.
  var log2: Double { nodes[""]?.weighted ?? 0 }

  mutating func observe(_ symbol: Int) {
    for level in stride(from: depth, through: 0, by: -1) {
      let context = name(level)
      var node = nodes[context] ?? Node(counts: Array(repeating: 0, count: alphabetSize))
      let total = node.counts.reduce(0, +)
      node.estimate += Foundation.log2((node.counts[symbol] + 0.5) / (total + Double(alphabetSize) / 2))
      node.counts[symbol] += 1
      if level == depth {
        node.weighted = node.estimate
      } else {
        let split = (0..<alphabetSize).reduce(0.0) { $0 + (nodes[context + "\($1),"]?.weighted ?? 0) }
        let (low, high) = (min(node.estimate, split), max(node.estimate, split))
        node.weighted = high - 1 + log1p(exp2(low - high)) / M_LN2
      }
      nodes[context] = node
    }
    history.append(symbol)
  }

  private func name(_ level: Int) -> String {
    (0..<level).map { "\(history[history.count - 1 - $0])," }.joined()
  }
}

/// Exact against floating point, on sequences too long for a sum over trees.
@Suite struct LogDomainTests {
  @Test(arguments: [(8, 2, 1500), (16, 2, 800), (3, 2, 3000), (4, 3, 400), (3, 5, 300), (2, 26, 200)])
  func exactProbabilityHasTheLogarithm(_ depth: Int, _ alphabetSize: Int, _ length: Int) {
    for symbols in [
      Sequences.repeating(length: length, alphabetSize: alphabetSize, seed: 7),
      Sequences.random(length: length, alphabetSize: alphabetSize, seed: 8), Array(repeating: 1, count: length),
    ] {
      var exact = ContextTree(depth: depth, alphabetSize: alphabetSize)
      var floating = LogDomainTree(depth: depth, alphabetSize: alphabetSize)
      for (position, symbol) in symbols.enumerated() {
        exact.observe(symbol)
        floating.observe(symbol)
        if position % 97 == 0 || position == length - 1 {
          let bits = exact.sequenceProbability.log2
          #expect(abs(bits - floating.log2) <= 1e-12 * max(1, -bits), "position \(position)")
        }
      }
    }
  }
}
