// Exact context-tree weighting: symbols per second and the size of the numbers.
//
//     swift run -c release --package-path benchmarks InductionSymbols
//
// Each line: alphabet, depth, kind of sequence, symbols, symbols per second, nodes, bits of the root's number per symbol.

import Induction
import Randomness

/// Most symbols repeat the one three places before (`copies`), or all are drawn uniformly.
func sequence(_ length: Int, alphabetSize: Int, copies: Bool) -> [Int] {
  var generator = SeededGenerator(seed: 1, name: "benchmark/induction")
  var symbols: [Int] = []
  for position in 0..<length {
    let isCopy = copies && position >= 3 && generator.below(8) > 0
    symbols.append(isCopy ? symbols[position - 3] : Int(generator.below(UInt64(alphabetSize))))
  }
  return symbols
}

let clock = ContinuousClock()
print("alphabet  depth  sequence  symbols  symbols/s  nodes  bits/symbol")
for (alphabetSize, lengths) in [(2, [1000, 10_000]), (3, [1000, 3000]), (4, [1000])] {
  for depth in [8, 12, 16] {
    for length in lengths {
      for copies in [true, false] {
        let symbols = sequence(length, alphabetSize: alphabetSize, copies: copies)
        var tree = ContextTree(depth: depth, alphabetSize: alphabetSize)
        let time = clock.measure { for symbol in symbols { tree.observe(symbol) } }
        let rate = Double(length) / (time / .seconds(1))
        let bits = Double(tree.rootBits) / Double(length)
        print(
          alphabetSize, depth, copies ? "copies" : "random", length, Int(rate), tree.nodeCount,
          (bits * 100).rounded() / 100, separator: "  ")
      }
    }
  }
}
