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
}
