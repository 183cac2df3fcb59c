import Networks
import Testing

@Suite struct AnalyticNetworks {
  @Test(arguments: [2, 3, 4, 5, 7, 12, 59, 113]) func addEveryPairRightly(_ modulus: Int) {
    let addition = AnalyticAddition(modulus: modulus)
    let pairs = (0..<Int32(modulus)).flatMap { a in (0..<Int32(modulus)).map { (a, $0) } }
    let batch = Batch(
      shape: BatchShape(rows: pairs.count, positions: 2), tokens: pairs.flatMap { [$0.0, $0.1] },
      targets: pairs.map { ($0 + $1) % Int32(modulus) })
    let executor = LaneExecutor<Float>(addition.network, shape: batch.shape)
    executor.load(batch)
    let result = executor.evaluate(addition.parameters)
    #expect(result.correct == modulus * modulus)
    #expect(abs(result.leastMargin - Double(modulus) / 4) < 1e-5 * Double(modulus), "margin \(result.leastMargin)")
  }
}
