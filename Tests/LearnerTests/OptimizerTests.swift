import CTensorKernels
import Learner
import Networks
import Randomness
import Testing

/// The optimisers follow PyTorch and their own formulas, and go on from a stored state as if nothing had happened.
@Suite struct OptimizerTests {
  private static let layout = ParameterLayout([
    ("embed.W_E", [23, 17]), ("mlp.W_in", [17, 40]), ("mlp.b_in", [40]), ("attn.W_O", [3, 19, 5]), ("one", [1]),
    ("unembed.W_U", [40, 23]),
  ])

  private static let adamW = AdamW.Configuration(
    learningRate: 0.01, meanDecay: 0.9, squareDecay: 0.98, weightDecay: 0.5,
    schedule: Schedule(warmUp: 5, decay: .cosine(steps: 30)))
  private static let muon = Muon.Configuration(
    learningRate: 0.03, weightDecay: 0.2, schedule: adamW.schedule, rest: adamW)

  /// Each kind, fresh.
  private static func optimizers() -> [any Optimizer] {
    [
      AdamW(adamW, layout), PerpendicularGradient(AdamW(adamW, layout), layout),
      Muon(muon, layout, product: plainProduct),
      PerpendicularGradient(Muon(muon, layout, product: plainProduct), layout),
    ]
  }

  private static let start: [Float] = (0..<layout.count).map { Float(ReferenceTrajectories.unit($0)) }

  private static func gradient(_ w: [Float], _ step: Int) -> [Float] {
    ReferenceTrajectories.gradient(w.map(Double.init), step).map(Float.init)
  }

  private func distance(_ x: [Float], _ y: [Double]) -> Double {
    x.count == y.count ? zip(x, y).map { (Double($0) - $1).magnitude }.max() ?? 0 : .infinity
  }

  @Test(arguments: ReferenceTrajectories.shared.runs.map(\.name))
  func trajectoriesAreThoseOfPyTorch(_ name: String) throws {
    let reference = ReferenceTrajectories.shared
    let run = try #require(reference.runs.first { $0.name == name })
    let optimizer = ReferenceTrajectories.optimizer(run, reference.layout)
    var w = reference.start
    var checked = 0
    for step in 1...12 {
      #expect((run.adamW.schedule.factor(atStep: step) - run.factors[step - 1]).magnitude < 1e-15)
      optimizer.step(&w, Self.gradient(w, step))
      if let after = run.after.first(where: { $0.step == step }) {
        #expect(distance(w, after.parameters) < 1e-5, "step \(step)")
        checked += 1
      }
    }
    #expect(checked == 6)
  }

  @Test func trajectoriesAreThoseOfTheFormulas() {
    for (index, optimizer) in Self.optimizers().enumerated() {
      var plain = PlainOptimizer(Self.layout, Self.adamW)
      // For one number the perpendicular part is rounding.
      plain.isPerpendicular = index % 2 == 1
      if index >= 2 { (plain.muon, plain.matrices) = (Self.muon, ["mlp.W_in", "attn.W_O"]) }
      var (w, exact) = (Self.start, Self.start.map(Double.init))
      let compared = Self.layout.entries.filter { index % 2 == 0 || $0.count > 1 }
      for step in 1...25 {
        plain.step(&exact, ReferenceTrajectories.gradient(exact, step))
        optimizer.step(&w, Self.gradient(w, step))
        for entry in compared {
          #expect(
            distance(Array(w[entry.range]), Array(exact[entry.range])) < 2e-5, "\(index), step \(step), \(entry.name)")
        }
      }
    }
  }

  @Test func restoredOptimizersGoOnToTheBit() throws {
    for (optimizer, restored) in zip(Self.optimizers(), Self.optimizers()) {
      var w = Self.start
      for step in 1...7 { optimizer.step(&w, Self.gradient(w, step)) }
      var other = w
      try restored.restore(optimizer.state)
      #expect(restored.stepCount == 7 && restored.state == optimizer.state)
      for step in 8...20 {
        optimizer.step(&w, Self.gradient(w, step))
        restored.step(&other, Self.gradient(other, step))
      }
      #expect(w.map(\.bitPattern) == other.map(\.bitPattern))
      #expect(restored.state == optimizer.state)
    }
  }

  @Test func squaresBelowZeroAreRefused() {
    for optimizer in Self.optimizers().dropLast() {
      var state = optimizer.state
      guard let place = state.firstIndex(where: { $0.name == "square" }) else { continue }
      state[place].values[3] = -5
      let error = #expect(throws: OptimizerStateError.self) { try optimizer.restore(state) }
      #expect("\(error!)".contains("'square' of the state has -5.0 at 3"), "\(error!)")
    }
  }

  @Test func statesThatDoNotFitAreRefused() throws {
    let optimizer = AdamW(Self.adamW, Self.layout)
    let state = optimizer.state
    func expectRefused(_ state: [OptimizerState], _ message: String) {
      do throws(OptimizerStateError) {
        try optimizer.restore(state)
        Issue.record("accepted: \(message)")
      } catch { #expect(error.description == message) }
    }
    let count = Self.layout.count
    expectRefused([state[0], state[1]], "the state has no vector 'square'; expected one of \(count) numbers")
    expectRefused(state + [OptimizerState("x", [])], "the state has a vector 'x'; expected 'step', 'mean', 'square'")
    expectRefused(state + [state[1]], "the state has two vectors 'mean'")
    expectRefused(
      [state[0], state[1], OptimizerState("square", [1])],
      "the vector 'square' of the state has 1 numbers; expected \(count)")
    for bad: [Float] in [[0.5, 1], [-1, 0], [.nan, 0], [0, .infinity]] {
      expectRefused(
        [OptimizerState("step", bad)] + state[1...], "the vector 'step' of the state is \(bad), not a count of steps")
    }
  }

  @Test func perpendicularGradientsKeepTheirLength() {
    final class Witness: Optimizer {
      var seen: [Float] = []
      var stepCount: Int { 0 }
      var state: [OptimizerState] { [] }
      func restore(_ state: [OptimizerState]) {}
      func step(_ parameters: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeBufferPointer<Float>) {
        seen = Array(gradient)
      }
    }
    var generator = SeededGenerator(seed: 0, name: "learner/perpendicular")
    for count in 1...80 {
      let layout = ParameterLayout([("any", [count]), ("zero", [count]), ("along", [count])])
      func number() -> Float { Float(generator.next() >> 40) / 8_388_608 - 1 }
      var w = (0..<3 * count).map { index in index / count == 1 ? 0 : number() }
      let g = (0..<3 * count).map { index in index / count == 2 ? -3 * w[index] : number() }
      let witness = Witness()
      PerpendicularGradient(witness, layout).step(&w, g)
      let seen = witness.seen
      func dot(_ x: ArraySlice<Float>, _ y: ArraySlice<Float>) -> Double {
        zip(x, y).map { Double($0) * Double($1) }.reduce(0, +)
      }
      let any = 0..<count
      if count > 1 {
        let length = dot(g[any], g[any]).squareRoot()
        #expect((dot(seen[any], seen[any]).squareRoot() / length - 1).magnitude < 1e-4, "\(count)")
        #expect(dot(seen[any], w[any]).magnitude < 1e-4 * length * dot(w[any], w[any]).squareRoot(), "\(count)")
      } else {
        #expect(seen[0] == 0)
      }
      #expect(Array(seen[count..<2 * count]) == Array(g[count..<2 * count]))
      #expect(seen[(2 * count)...].allSatisfy { $0 == 0 })
    }
  }

  @Test func sumsAreInTheWrittenOrder() {
    var generator = SeededGenerator(seed: 1, name: "learner/sums")
    for count in 0...70 {
      func number() -> Float { Float(bitPattern: UInt32(truncatingIfNeeded: generator.next() >> 33 & 0x3FFF_FFFF)) }
      let (w, g) = ((0..<count).map { _ in number() }, (0..<count).map { _ in number() })
      func expected(_ x: [Float], _ y: [Float]) -> Double {
        var lanes = [Double](repeating: 0, count: 16)
        for index in 0..<count { lanes[index % 16] += Double(x[index]) * Double(y[index]) }
        return lanes.reduce(0, +)
      }
      var sums = [0.0, 0, 0]
      levin_products(count, w, g, &sums)
      #expect(sums == [expected(w, g), expected(w, w), expected(g, g)])
    }
  }

  @Test func theIterationMakesAllSingularValuesNearlyOne() {
    // Of an orthogonal direction the product with its transpose is near the identity; here for a 12 by 30 matrix.
    let layout = ParameterLayout([("m", [12, 30])])
    let muon = Muon(
      .init(learningRate: 1, momentum: 0, isNesterov: false, weightDecay: 0), layout, matrices: ["m"],
      product: plainProduct)
    var w = [Float](repeating: 0, count: 360)
    muon.step(&w, (0..<360).map { Float(ReferenceTrajectories.unit($0)) })
    for row in 0..<12 {
      let length = (0..<30).map { Double(w[row * 30 + $0]) * Double(w[row * 30 + $0]) }.reduce(0, +).squareRoot()
      #expect((0.6...1.3).contains(length), "\(row): \(length)")
    }
  }

  @Test func theIterationIsThatOfPyTorch() {
    let matrix = (0..<24).map { ReferenceTrajectories.unit(5_000_000 + $0) }
    let muon = Muon(
      .init(learningRate: 1, momentum: 0, isNesterov: false, weightDecay: 0), ParameterLayout([("m", [6, 4])]),
      matrices: ["m"],
      product: plainProduct)
    var w = [Float](repeating: 0, count: 24)
    muon.step(&w, matrix.map(Float.init))
    let ratio = (6.0 / 4).squareRoot()
    #expect(distance(w, ReferenceTrajectories.shared.newtonSchulz.map { -ratio * $0 }) < 1e-5)
  }

  @Test func gradientsOfZeroAreHarmless() {
    for optimizer in Self.optimizers() {
      var w = [Float](repeating: 0, count: Self.layout.count)
      for _ in 0..<3 { optimizer.step(&w, w) }
      #expect(w.allSatisfy { $0 == 0 })
    }
  }

  @Test func embeddingsAndReadOutAreLeftToAdamW() {
    #expect(Muon.hiddenMatrices(of: Self.layout) == ["mlp.W_in", "attn.W_O"])
  }
}
