// Times one training step (forward, backward, AdamW) of a network on a full batch and prints one JSON line.
//
//     levin-step mlp|transformer|lstm [--threads N] [--steps K] [--form training|ordinary]
//
// Networks, data and settings are those of peers/pytorch/train_step.py, which this is compared with. Times are medians and
// minima over the steps after five of warm-up; CPU time is that of the process, all threads.
import Glibc
import Learner
import Networks

/// What is trained, on what, and how.
struct Figure {
  var network: any Network
  var batch: Batch
  var settings: AdamW.Configuration
}

let modulus = 113
let pairCount = 3830

/// Pairs of addition modulo 113, spread over all of them; with `=` behind when the network reads its answer there.
func pairs(endingInEquals: Bool) -> Batch {
  let all = (0..<pairCount).map { k in (k * 1000 % (modulus * modulus)).quotientAndRemainder(dividingBy: modulus) }
  return Batch(
    shape: BatchShape(rows: pairCount, positions: endingInEquals ? 3 : 2),
    tokens: all.flatMap { [$0.quotient, $0.remainder] + (endingInEquals ? [modulus] : []) }.map { Int32($0) },
    targets: all.map { Int32(($0.quotient + $0.remainder) % modulus) })
}

/// Sequences whose target at each position is the sum of the tokens so far.
func sums(_ shape: BatchShape, modulo vocabulary: Int) -> Batch {
  var (tokens, targets) = ([Int32](), [Int32]())
  for row in 0..<shape.rows {
    var sum = 0
    for position in 0..<shape.positions {
      let token = (position * shape.rows + row) * 7919 / 3 % vocabulary
      sum += token
      tokens.append(Int32(token))
      targets.append(Int32(sum % vocabulary))
    }
  }
  return Batch(shape: shape, tokens: tokens, targets: targets)
}

func figure(_ name: String) -> Figure? {
  switch name {
  case "mlp":
    Figure(
      network: EmbeddingMLP(.init(vocabulary: modulus, outputs: modulus)), batch: pairs(endingInEquals: false),
      settings: .init(learningRate: 0.01, meanDecay: 0.9, squareDecay: 0.99, weightDecay: 0.1))
  case "transformer":
    Figure(
      network: DecoderTransformer(.published(modulus: modulus)), batch: pairs(endingInEquals: true),
      settings: .init(learningRate: 0.001, meanDecay: 0.9, squareDecay: 0.98, weightDecay: 1))
  case "lstm":
    Figure(
      network: RecurrentNetwork(.init(cell: .lstm, vocabulary: 16, outputs: 16)),
      batch: sums(BatchShape(rows: 64, positions: 40, readPositions: 40), modulo: 16),
      settings: .init(learningRate: 0.001, meanDecay: 0.9, squareDecay: 0.999, weightDecay: 0.01))
  default: nil
  }
}

func milliseconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
}

struct Times {
  var cpu: [Double] = []
  var wall: [Double] = []
  var losses: [Double] = []
}

func train(_ figure: Figure, threads: Int, steps: Int, form: LaneExecutor<Float>.Form) -> Times {
  let warmUp = 5
  let executor = LaneExecutor<Float>(figure.network, shape: figure.batch.shape, threads: threads, form: form)
  executor.load(figure.batch)
  let optimizer = AdamW(figure.settings, figure.network.layout)
  var parameters = figure.network.initialParameters(seed: 1)
  var gradient = [Float](repeating: 0, count: parameters.count)
  var times = Times()
  for step in 0..<warmUp + steps {
    let start = (cpu: milliseconds(CLOCK_PROCESS_CPUTIME_ID), wall: milliseconds(CLOCK_MONOTONIC))
    let loss = executor.lossAndGradient(parameters, into: &gradient)
    optimizer.step(&parameters, gradient)
    times.losses.append(loss.mean)
    if step < warmUp { continue }
    times.cpu.append(milliseconds(CLOCK_PROCESS_CPUTIME_ID) - start.cpu)
    times.wall.append(milliseconds(CLOCK_MONOTONIC) - start.wall)
  }
  return times
}

/// `"name_median": …, "name_min": …`, in microseconds' precision.
func record(_ name: String, _ times: [Double]) -> String {
  let sorted = times.sorted()
  let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
  func rounded(_ time: Double) -> Double { (time * 1000).rounded() / 1000 }
  return "\"\(name)_median\": \(rounded((low + high) / 2)), \"\(name)_min\": \(rounded(sorted[0]))"
}

func stop() -> Never {
  let usage = "usage: levin-step mlp|transformer|lstm [--threads N] [--steps K] [--form training|ordinary]\n"
  _ = usage.withCString { write(STDERR_FILENO, $0, strlen($0)) }
  exit(2)
}

var (threads, steps, form) = (1, 30, LaneExecutor<Float>.Form.training)
let arguments = CommandLine.arguments
guard arguments.count % 2 == 0, let chosen = figure(arguments[1]) else { stop() }
for place in stride(from: 2, to: arguments.count, by: 2) {
  switch (arguments[place], arguments[place + 1], Int(arguments[place + 1])) {
  case ("--threads", _, let count?) where count > 0: threads = count
  case ("--steps", _, let count?) where count > 0: steps = count
  case ("--form", "training", _): form = .training
  case ("--form", "ordinary", _): form = .ordinary
  default: stop()
  }
}
let times = train(chosen, threads: threads, steps: steps, form: form)
print(
  "{\"method\": \"levin\", \"figure\": \"\(arguments[1])\", \"form\": \"\(form)\", \"threads\": \(threads),"
    + " \"steps\": \(steps), \(record("cpu_ms", times.cpu)), \(record("wall_ms", times.wall)),"
    + " \"parameters\": \(chosen.network.layout.count), \"loss_first\": \(times.losses.first ?? .nan),"
    + " \"loss_last\": \(times.losses.last ?? .nan)}")
