public import Grammars
internal import Randomness

/// Where a network puts a program's state: coordinates in the subspace that was fitted, by what the state's values answer.
///
/// Values from which the program answers alike, whatever of the studied sequences comes behind, are one group: a network that knows
/// no more than it needs has one place for a group, though the program counts on.
///
/// - Source: the equivalence of Nerode 1958, "Linear automaton transformations", over finitely many continuations.
public struct StateMap: Sendable {
  /// Values that answer alike.
  public struct Group: Sendable {
    /// The values in rising order.
    public let values: [Value]
    /// Some of the inputs with these values, along the first two principal axes of all; of one dimension the second is 0.
    public let points: [(x: Double, y: Double)]
  }

  /// In the order of their first values.
  public let groups: [Group]
  /// The share of the coordinates' variance over the scoring half that lies between groups; 1 where there is none.
  public let explained: Double

  /// Inputs that are drawn at most.
  private static let drawn = 400
  /// Values at most, and sequences that they are told apart by.
  private static let (mostValues, continuations) = (256, 500)

  /// - Parameter coordinates: `[inputs, dimensions]` of some inputs, by their numbers.
  /// - Returns: nil where the state has more values than are told apart here.
  init?(
    _ program: StudiedProgram, _ variable: StudiedProgram.Variable, _ inputs: [Int], _ coordinates: Matrix,
    using generator: inout SeededGenerator
  ) {
    let kept = inputs.indices.filter { variable.values[inputs[$0]] != nil }
    let values = kept.map { variable.values[inputs[$0]]! }
    let distinct = Set(values).sorted { $0.word < $1.word }
    guard (1...Self.mostValues).contains(distinct.count) else { return nil }
    var numbers: [[Int32?]: Int] = [:]
    var groupOf: [Value: Int] = [:]
    for value in distinct {
      let answers = inputs.prefix(Self.continuations).map { program.answer(on: $0, setting: variable, to: value) }
      groupOf[value] = numbers[answers] ?? numbers.count
      numbers[answers] = groupOf[value]
    }
    let rows = coordinates.selecting(rows: kept)
    let own = values.map { groupOf[$0]! }
    explained = Self.share(rows, own, numbers.count)
    let axes = rows.columns > 2 ? Subspace.principal(2, of: rows, using: &generator).basis : nil
    let plane = axes.map { rows.times($0, otherTransposed: true) } ?? rows
    groups = (0..<numbers.count).map { group in
      Group(
        values: distinct.filter { groupOf[$0] == group },
        points: (0..<min(rows.rows, Self.drawn)).filter { own[$0] == group }.map {
          (plane[$0, 0], plane.columns > 1 ? plane[$0, 1] : 0)
        })
    }
  }

  /// The share of the variance of rows that lies between groups.
  private static func share(_ rows: Matrix, _ groups: [Int], _ count: Int) -> Double {
    var sums = Matrix(rows: count, columns: rows.columns)
    var sizes = [Double](repeating: 0, count: count)
    var (mean, square) = ([Double](repeating: 0, count: rows.columns), 0.0)
    for row in 0..<rows.rows {
      sizes[groups[row]] += 1
      for column in 0..<rows.columns {
        sums[groups[row], column] += rows[row, column]
        mean[column] += rows[row, column]
        square += rows[row, column] * rows[row, column]
      }
    }
    let all = Double(rows.rows)
    let centre = mean.reduce(0) { $0 + $1 * $1 } / all
    var between = -centre
    for group in 0..<count where sizes[group] > 0 {
      for column in 0..<rows.columns { between += sums[group, column] * sums[group, column] / sizes[group] }
    }
    let total = square - centre
    return total > 0 ? between / total : 1
  }
}
