import Figures
import Randomness
import Testing

/// Labels at curve ends never overlap and move no more than they must.
@Suite struct LabelPlacementTests {
  private func random(_ generator: inout SeededGenerator) -> Double {
    Double(generator.next() >> 11) / 9_007_199_254_740_992
  }

  @Test func labelsAreApartInsideAndInOrder() {
    var generator = SeededGenerator(seed: 4, name: "figures/labels")
    for _ in 0..<2000 {
      let count = Int(generator.below(12))
      let wishes = (0..<count).map { _ in generator.below(3) == 0 ? 50 : (random(&generator) * 120 - 10) }
      let heights = wishes.map { _ in generator.below(4) == 0 ? 16.0 : 8.0 }
      let centres = LabelPlacement.centres(wishes: wishes, heights: heights, within: 0...max(100, heights.reduce(0, +)))
      let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
      for (above, below) in zip(order, order.dropFirst()) {
        #expect(centres[below] - centres[above] >= (heights[above] + heights[below]) / 2 - 1e-9)
      }
      for index in wishes.indices {
        #expect(
          centres[index] - heights[index] / 2 >= -1e-9
            && centres[index] + heights[index] / 2 <= max(100, heights.reduce(0, +)) + 1e-9)
      }
    }
  }

  @Test func noOtherPlacesAreNearerToTheWishes() {
    var generator = SeededGenerator(seed: 5, name: "figures/labels")
    for _ in 0..<300 {
      let wishes = (0..<5).map { _ in random(&generator) * 100 }.sorted()
      let heights = [Double](repeating: 12, count: 5)
      let centres = LabelPlacement.centres(wishes: wishes, heights: heights, within: 0...100)
      func cost(_ places: [Double]) -> Double { zip(places, wishes).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) }
      for _ in 0..<200 {
        var other = centres.map { $0 + (random(&generator) - 0.5) * 8 }
        other[0] = max(other[0], 6)
        for index in 1..<5 { other[index] = max(other[index], other[index - 1] + 12) }
        if other[4] <= 94 { #expect(cost(other) >= cost(centres) - 1e-9) }
      }
    }
  }

  @Test func labelsWithRoomStayWhereTheyAre() {
    #expect(LabelPlacement.centres(wishes: [70, 20, 45], heights: [10, 10, 10], within: 0...100) == [70, 20, 45])
  }

  @Test func labelsOverUprightsCoverNeitherLabelsNorUprights() {
    var generator = SeededGenerator(seed: 6, name: "figures/markers")
    for _ in 0..<500 {
      let count = Int(generator.below(7))
      let starts = (0..<count).map { _ in Double(generator.below(100)) }
      let widths = starts.map { _ in Double(5 + generator.below(60)) }
      let rows = LabelPlacement.rows(starts: starts, widths: widths)
      for one in starts.indices {
        for other in starts.indices where other != one {
          let covers = starts[other] > starts[one] && starts[other] < starts[one] + widths[one]
          // The upright of the other one ends below this label, and so its label stands below too.
          if covers { #expect(rows[other] < rows[one]) }
          if starts[one] == starts[other] { #expect(rows[one] != rows[other]) }
        }
      }
    }
  }
}
