import Networks
import Testing

@Suite struct LayoutsOfParameters {
  @Test func lieOneAfterTheOtherInOrder() {
    let layout = ParameterLayout([("a", [2, 3]), ("b", []), ("c", [4])])
    #expect(layout.entries.map(\.offset) == [0, 6, 7])
    #expect(layout.count == 11)
    #expect(layout["c"]?.range == 7..<11)
    #expect(layout["d"] == nil)
  }

  @Test func haveThePublishedCounts() {
    #expect(DecoderTransformer(.published()).layout.count == 226_816)
    #expect(EmbeddingMLP(.init(vocabulary: 113, outputs: 113)).layout.count == 76_160)
  }

  /// The two published ways to draw a transformer's parameters differ in the spread of W_in alone.
  @Test func initialisationsDifferInTheFirstMatrixOfThePerceptron() throws {
    var c = DecoderTransformer.Configuration.published(modulus: 59)
    let nanda = DecoderTransformer(c)
    c.initialisation = .zhong
    let zhong = DecoderTransformer(c)
    func spread(_ network: DecoderTransformer, _ name: String) throws -> Double {
      let range = try #require(network.layout[name]).range
      let values = network.initialParameters(seed: 4)[range].map(Double.init)
      return values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    }
    let first = "blocks.0.mlp.W_in"
    #expect(abs(try spread(nanda, first) * 128 - 1) < 0.03)
    #expect(abs(try spread(zhong, first) * 512 - 1) < 0.03)
    for name in ["embed.W_E", "blocks.0.attn.W_Q", "blocks.0.mlp.W_out", "unembed.W_U"] {
      #expect(abs(try spread(nanda, name) / spread(zhong, name) - 1) < 0.1)
    }
    #expect(nanda.layout == zhong.layout)
  }
}
