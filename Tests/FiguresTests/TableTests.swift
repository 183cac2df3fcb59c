import Figures
import Randomness
import Testing

/// Reading CSV undoes writing it, numbers to the last bit.
@Suite struct TableTests {
  @Test func readingUndoesWriting() {
    var generator = SeededGenerator(seed: 2, name: "figures/csv")
    let pieces = ["", "a", ",", "\"", "\n", "\r\n", "\r", " ", "é", "\"\"", "1.5", "-", "漢"]
    for _ in 0..<3000 {
      func field() -> String {
        (0..<generator.below(4)).map { _ in pieces[Int(generator.below(UInt64(pieces.count)))] }.joined()
      }
      let width = Int(generator.below(4)) + 1
      let columns = (0..<width).map { _ in field() }
      let table = Table(columns: columns, rows: (0..<generator.below(4)).map { _ in (0..<width).map { _ in field() } })
      #expect(Table(csv: table.csv) == table, "\(table)")
    }
  }

  @Test(arguments: ["", "a,b\n1\n", "a\n\"1\n", "a\n\"1\"2\n"])
  func brokenTextIsRefused(_ text: String) { #expect(Table(csv: text) == nil) }

  @Test func textOfOtherWritersIsRead() {
    #expect(Table(csv: "a,b\r\n1,\"2\"\r\n,") == Table(columns: ["a", "b"], rows: [["1", "2"], ["", ""]]))
  }

  @Test func numbersReadBackToTheBit() {
    var generator = SeededGenerator(seed: 3, name: "figures/numbers")
    var values: [Double] = [
      0, -0.0, 1, -1, 0.1, 1e16, 9_007_199_254_740_991, 9_007_199_254_740_992, .leastNonzeroMagnitude,
      1.7976931348623157e308, .infinity, -.infinity,
    ]
    for _ in 0..<2000 { values.append(Double(bitPattern: generator.next())) }
    let series = Series("s", points: values.map { .init(x: $0, y: 1 / $0) })
    let read = Table(csv: LineChart(title: "", x: Axis("x"), y: Axis("y"), series: [series]).csv)
    #expect(read?.columns == ["series", "x", "y"])
    for (row, value) in zip(read?.rows ?? [], values) {
      guard let back = Double(row[1]) else {
        Issue.record("\(row[1])")
        continue
      }
      #expect(value.isNaN ? back.isNaN : back.bitPattern == value.bitPattern, "\(row[1])")
    }
    #expect(read?.rows.count == values.count)
  }

  @Test func tablesHoldTheWholeData() {
    #expect(Samples.grouped.csv.hasPrefix("category,30 % of the pairs,50 %,70 %\na+b,480,100,80\na−b,600,100,nan\n"))
    #expect(Samples.grokking.csv.hasPrefix("series,step,accuracy,accuracy low,accuracy high\ntrain,0,"))
    #expect(
      Samples.agreement.csv.hasPrefix(
        "variable \\ site,embed,attn.q,attn.k,attn.v,resid_mid,mlp.post\na,0,0.7,0.3,1,0.6,0.2\n"))
  }
}
