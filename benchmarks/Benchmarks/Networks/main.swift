// One training step (loss and gradient of a full batch) of three networks, on one thread and on two, beside the time that
// their matrix products take alone on the same shapes.
//
//     swift run -c release --package-path benchmarks NetworkSteps [steps [name]]
//
// CPU time is that of the process, wall time that of the clock; least and median over the steps. The share is the time of
// the bare products in that of the step; the pair tasks' networks are to reach one half.
import BLAS
import Glibc
import Networks

struct Product {
  var (m, n, k) = (0, 0, 0)
  var transposed = (false, false)
  var count = 1
  var flop: Double { 2 * Double(m) * Double(n) * Double(k) * Double(count) }
}

func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Least CPU seconds of one call, products of one shape.
func alone(_ product: Product) -> Double {
  let (m, n, k) = (product.m, product.n, product.k)
  let a = [Float](repeating: 0.5, count: m * k)
  let b = [Float](repeating: 0.25, count: k * n)
  var c = [Float](repeating: 0, count: m * n)
  var least = Double.infinity
  let repeats = max(1, Int(2e6 / (2 * Double(m) * Double(n) * Double(k))))
  for _ in 0..<60 {
    let start = seconds(CLOCK_PROCESS_CPUTIME_ID)
    for _ in 0..<repeats {
      cblas_sgemm(
        CblasRowMajor, product.transposed.0 ? CblasTrans : CblasNoTrans,
        product.transposed.1 ? CblasTrans : CblasNoTrans,
        Int32(m), Int32(n), Int32(k), 1, a, Int32(product.transposed.0 ? m : k), b,
        Int32(product.transposed.1 ? k : n), 0, &c, Int32(n))
    }
    least = min(least, (seconds(CLOCK_PROCESS_CPUTIME_ID) - start) / Double(repeats))
  }
  return least * Double(product.count)
}

/// The three products of y = x · W on `rows` rows: forward, dW, dx.
func dense(_ rows: Int, _ width: Int, _ out: Int, _ count: Int = 1) -> [Product] {
  [
    Product(m: rows, n: out, k: width, count: count),
    Product(m: width, n: out, k: rows, transposed: (true, false), count: count),
    Product(m: rows, n: width, k: out, transposed: (false, true), count: count),
  ]
}

func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
func number(_ value: Double, _ digits: Int = 2) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let whole = Int((value * scale).rounded())
  let rest = String(whole % Int(scale))
  if digits == 0 { return "\(whole)" }
  return "\(whole / Int(scale))." + String(repeating: "0", count: digits - rest.count) + rest
}

func measure(
  _ name: String, _ network: any Network, _ shape: BatchShape, steps: Int, leastShare: Double? = nil,
  products: ([Int]) -> [Product]
) {
  if CommandLine.arguments.count > 2 && CommandLine.arguments[2] != name { return }
  var state: UInt64 = 1
  func draw(_ bound: Int) -> Int32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int32(Int(state >> 33) % bound)
  }
  // Pair tasks end in the same token (=), as in training.
  let tokens = (0..<shape.rows * shape.positions).map { place in
    network is DecoderTransformer && place % shape.positions == 2
      ? Int32(network.vocabulary - 1) : draw(network.vocabulary - (network is DecoderTransformer ? 1 : 0))
  }
  let batch = Batch(
    shape: shape, tokens: tokens, targets: (0..<shape.rows * shape.readPositions).map { _ in draw(network.outputs) })
  let parameters = network.initialParameters(seed: 1)
  var gradient = [Float](repeating: 0, count: parameters.count)
  for (threads, form) in [(1, LaneExecutor<Float>.Form.training), (2, .training), (1, .ordinary)] {
    let executor = LaneExecutor<Float>(network, shape: shape, threads: threads, form: form)
    executor.load(batch)
    var (cpu, wall, loss) = ([Double](), [Double](), 0.0)
    for step in 0..<steps + 3 {
      let start = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
      loss = executor.lossAndGradient(parameters, into: &gradient).mean
      if step < 3 { continue }
      cpu.append((seconds(CLOCK_PROCESS_CPUTIME_ID) - start.0) * 1e3)
      wall.append((seconds(CLOCK_MONOTONIC) - start.1) * 1e3)
    }
    cpu.sort()
    wall.sort()
    var line = right(name, 12) + right(form == .ordinary ? "ordinary" : "training", 10) + right("\(threads)", 3)
    line += [cpu[0], cpu[steps / 2], wall[0], wall[steps / 2]].map { right(number($0), 9) }.joined()
    var share: Double?
    if threads == 1 && form == .training {
      let list = products(executor.laneRows)
      let flop = list.reduce(0) { $0 + $1.flop }
      let bare = list.reduce(0) { $0 + alone($1) } * 1e3
      line += right(number(flop * 1e-9, 3), 8) + right(number(flop / cpu[0] * 1e-6, 1), 9)
      line +=
        right(number(flop / bare * 1e-6, 1), 9) + right(number(bare), 9)
        + right(number(bare / cpu[0] * 100, 0) + "%", 7)
      share = bare / cpu[0]
    }
    if threads > 1 || form == .ordinary { line += right("", 41) }
    line += right("\(Float(loss))", 12)
    if let share, let leastShare {
      line += "  >= \(number(leastShare * 100, 0))% " + (share >= leastShare ? "met" : "MISSED")
    }
    print(line)
  }
}

let steps = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1])! : 100
print(BLASBackend.description)
print(
  "     network      form thr  CPU min   median wall min   median   GFLOP  GFLOP/s    sgemm sgemm ms  share        loss  limit"
)
measure(
  "perceptron", EmbeddingMLP(.init(vocabulary: 113, outputs: 113)), BatchShape(rows: 3830, positions: 2), steps: steps,
  leastShare: 0.5
) { lanes in dense(113, 128, 256) + lanes.flatMap { dense($0, 256, 113) } }
measure(
  "transformer", DecoderTransformer(.published()), BatchShape(rows: 3830, positions: 3), steps: steps,
  leastShare: 0.5
) { lanes in
  dense(342, 128, 128, 2) + dense(114, 128, 128)
    + lanes.flatMap { dense($0, 128, 128) + dense($0, 128, 512) + dense($0, 512, 128) + dense($0, 128, 114) }
}
for (cell, gates) in [(RecurrentNetwork.Cell.lstm, 512), (.gru, 384)] {
  measure(
    cell.rawValue, RecurrentNetwork(.init(cell: cell, vocabulary: 16, outputs: 16)),
    BatchShape(rows: 64, positions: 40, readPositions: 40), steps: steps
  ) { lanes in
    lanes.flatMap { rows in
      [
        Product(m: rows, n: gates, k: 128, transposed: (false, true), count: 39),
        Product(m: rows, n: 128, k: gates, count: 39),
        Product(m: gates, n: 128, k: 39 * rows, transposed: (true, false)),
      ] + dense(rows * 40, 128, 16)
    } + dense(16, 64, gates)
  }
}
