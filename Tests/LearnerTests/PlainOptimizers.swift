import Learner
import Networks

/// The optimisers once more, by their formulas, in `Double`, one array at a time.
struct PlainOptimizer {
  let layout: ParameterLayout
  let adamW: AdamW.Configuration
  var muon: Muon.Configuration?
  var matrices: Set<String> = []
  var isPerpendicular = false
  private var mean: [Double] = []
  private var square: [Double] = []
  private var step = 0

  init(_ layout: ParameterLayout, _ adamW: AdamW.Configuration) {
    (self.layout, self.adamW) = (layout, adamW)
    mean = [Double](repeating: 0, count: layout.count)
    square = mean
  }

  mutating func step(_ w: inout [Double], _ g: [Double]) {
    step += 1
    let factor = adamW.schedule.factor(atStep: step)
    for entry in layout.entries {
      let g = isPerpendicular ? Self.perpendicular(Array(w[entry.range]), Array(g[entry.range])) : Array(g[entry.range])
      if let muon, matrices.contains(entry.name) {
        let size = entry.shape.suffix(2).reduce(1, *)
        for start in stride(from: 0, to: entry.count, by: size) {
          descend(muon, factor, entry.offset + start, Array(entry.shape.suffix(2)), Array(g[start..<start + size]), &w)
        }
      } else {
        for (j, g) in zip(entry.range, g) {
          mean[j] = adamW.meanDecay * mean[j] + (1 - adamW.meanDecay) * g
          square[j] = adamW.squareDecay * square[j] + (1 - adamW.squareDecay) * g * g
          var (meanPower, squarePower) = (1.0, 1.0)
          for _ in 0..<step {
            (meanPower, squarePower) = (meanPower * adamW.meanDecay, squarePower * adamW.squareDecay)
          }
          let rate = adamW.learningRate * factor
          w[j] -= rate * adamW.weightDecay * w[j]
          w[j] -= rate * mean[j] / (1 - meanPower) / ((square[j] / (1 - squarePower)).squareRoot() + adamW.epsilon)
        }
      }
    }
  }

  private mutating func descend(
    _ muon: Muon.Configuration, _ factor: Double, _ start: Int, _ shape: [Int], _ g: [Double], _ w: inout [Double]
  ) {
    let (rows, columns) = (shape[0], shape[1])
    var update = g
    for j in g.indices {
      mean[start + j] = muon.momentum * mean[start + j] + (1 - muon.momentum) * g[j]
      update[j] = muon.isNesterov ? muon.momentum * mean[start + j] + (1 - muon.momentum) * g[j] : mean[start + j]
    }
    let direction = Self.orthogonalized(update, rows, columns)
    let ratio =
      muon.updateScale == .original
      ? max(1, Double(rows) / Double(columns)).squareRoot() : 0.2 * Double(max(rows, columns)).squareRoot()
    let rate = muon.learningRate * factor
    for j in g.indices {
      w[start + j] = (1 - rate * muon.weightDecay) * w[start + j] - rate * ratio * direction[j]
    }
  }

  static func perpendicular(_ w: [Double], _ g: [Double]) -> [Double] {
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).map { $0 * $1 }.reduce(0, +) }
    let share = dot(w, g) / (dot(w, w) + 1e-30)
    let rest = zip(w, g).map { $1 - share * $0 }
    let scale = dot(g, g).squareRoot() / (dot(rest, rest).squareRoot() + 1e-30)
    return rest.map { $0 * scale }
  }

  static func orthogonalized(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    guard rows <= columns else {
      return transposed(orthogonalized(transposed(x, rows, columns), columns, rows), columns, rows)
    }
    func product(_ a: [Double], _ b: [Double], _ inner: Int) -> [Double] {
      let width = b.count / inner
      return (0..<a.count / inner * width).map { index -> Double in
        let (row, column) = (index / width * inner, index % width)
        var sum = 0.0
        for k in 0..<inner { sum += a[row + k] * b[k * width + column] }
        return sum
      }
    }
    let norm = max(x.map { $0 * $0 }.reduce(0, +).squareRoot(), 1e-7)
    var x = x.map { $0 / norm }
    for _ in 0..<5 {
      let gram = product(x, transposed(x, rows, columns), columns)
      let squared = product(gram, gram, rows)
      let polynomial = zip(gram, squared).map { -4.7750 * $0 + 2.0315 * $1 }
      x = zip(x, product(polynomial, x, rows)).map { 3.4445 * $0 + $1 }
    }
    return x
  }

  private static func transposed(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<rows * columns).map { x[$0 % rows * columns + $0 / rows] }
  }
}
