import Foundation
import Learner
import Networks
import TestSupport

/// Trajectories of PyTorch's optimisers in float64, and the numbers and gradients by formula that they ran on; described
/// in `Tests/NetworksTests/Reference/README.md`.
struct ReferenceTrajectories {
  struct Run: Sendable {
    let name: String
    let adamW: AdamW.Configuration
    let muon: Muon.Configuration?
    let muonTensors: Set<String>
    let isPerpendicular: Bool
    let factors: [Double]
    /// Parameters after steps.
    let after: [(step: Int, parameters: [Double])]
  }

  let layout: ParameterLayout
  let start: [Float]
  let newtonSchulz: [Double]
  let runs: [Run]

  static let shared = ReferenceTrajectories()

  /// u(i) in [-0.5, 0.5), exact in float32.
  static func unit(_ index: Int) -> Double {
    var x = UInt32(truncatingIfNeeded: index) &* 2_654_435_761 &+ 12345
    x ^= x >> 15
    x = x &* 2_246_822_519
    x ^= x >> 13
    return Double(x >> 12) / 1_048_576 - 0.5
  }

  /// The gradient at step t = 1, 2, …
  static func gradient(_ parameters: [Double], _ step: Int) -> [Double] {
    parameters.indices.map { parameters[$0] - unit(3_000_000 + $0) + unit(4_000_000 + 1000 * step + $0) / 4 }
  }

  private init() {
    let text = Repository.bytes(Repository.root + "/Tests/NetworksTests/Reference/optimisers.json")
    guard let root = try? JSONSerialization.jsonObject(with: Data(text)) as? [String: Any],
      let problem = root["problem"] as? [String: Any], let entries = problem["parameters"] as? [[String: Any]],
      let runs = root["runs"] as? [[String: Any]]
    else { preconditionFailure("optimisers.json is not what was expected") }
    layout = ParameterLayout(entries.map { ($0["name"] as? String ?? "", $0["shape"] as? [Int] ?? []) })
    start = entries.flatMap { entry in
      let (offset, scale) = (entry["offset"] as? Int ?? 0, entry["scale"] as? Double ?? 0)
      let count = (entry["shape"] as? [Int] ?? []).reduce(1, *)
      return (offset..<offset + count).map { Float(scale * Self.unit($0)) }
    }
    newtonSchulz = (root["newton_schulz"] as? [String: Any])?["result"] as? [Double] ?? []
    self.runs = runs.map(Self.run)
  }

  private static func run(_ json: [String: Any]) -> Run {
    let schedule: Schedule
    let kind = json["schedule"] as? [Any] ?? []
    let length = kind.last as? Int ?? 0
    switch kind.first as? String {
    case "warm-up-from-zero": schedule = Schedule(warmUp: length, start: .zero)
    case "warm-up-from-one": schedule = Schedule(warmUp: length, start: .oneStep)
    case "cosine": schedule = Schedule(decay: .cosine(steps: length))
    default: schedule = .constant
    }
    let settings = json["adamw"] as? [String: Any] ?? [:]
    let betas = settings["betas"] as? [Double] ?? []
    let adamW = AdamW.Configuration(
      learningRate: settings["lr"] as? Double ?? 0, meanDecay: betas[0], squareDecay: betas[1],
      epsilon: settings["eps"] as? Double ?? 0, weightDecay: settings["weight_decay"] as? Double ?? 0,
      schedule: schedule)
    let muon = (json["muon"] as? [String: Any]).map { settings in
      Muon.Configuration(
        learningRate: settings["lr"] as? Double ?? 0, momentum: settings["momentum"] as? Double ?? 0,
        isNesterov: settings["nesterov"] as? Bool ?? false, weightDecay: settings["weight_decay"] as? Double ?? 0,
        updateScale: settings["adjust"] as? String == "original" ? .original : .matchingAdamW, schedule: schedule,
        rest: adamW)
    }
    let steps = json["steps"] as? [[String: Any]] ?? []
    return Run(
      name: json["name"] as? String ?? "", adamW: adamW, muon: muon,
      muonTensors: Set(json["muon_tensors"] as? [String] ?? []),
      isPerpendicular: json["perpendicular"] as? Bool ?? false,
      factors: json["factors"] as? [Double] ?? [],
      after: steps.map { ($0["step"] as? Int ?? 0, $0["parameters_after"] as? [Double] ?? []) })
  }

  static func optimizer(_ run: Run, _ layout: ParameterLayout) -> any Optimizer {
    let base: any Optimizer =
      run.muon.map { Muon($0, layout, matrices: run.muonTensors) } ?? AdamW(run.adamW, layout)
    return run.isPerpendicular ? PerpendicularGradient(base, layout) : base
  }
}

/// The product by its definition.
let plainProduct: MatrixProduct = {
  m, n, k, alpha, a, aStride, aTransposed, b, bStride, bTransposed, beta, c, cStride in
  for row in 0..<m {
    for column in 0..<n {
      var sum = 0.0
      for inner in 0..<k {
        let x = a[aTransposed ? inner * aStride + row : row * aStride + inner]
        let y = b[bTransposed ? column * bStride + inner : inner * bStride + column]
        sum += Double(x) * Double(y)
      }
      let old = beta == 0 ? 0 : Double(beta) * Double(c[row * cStride + column])
      c[row * cStride + column] = Float(Double(alpha) * sum + old)
    }
  }
}
