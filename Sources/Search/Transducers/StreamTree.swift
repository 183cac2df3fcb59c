import Evaluation
import Grammars
import Tasks

/// The training examples of a task on streams as one tree: a position is a beginning that some input has, its symbol is the last
/// one there.
///
/// With brackets the symbols of a group are a stream of their own, and where the group stood the symbol is its value, which the
/// program gives (`nested`). With an unknown every input is some, in which numbers stand in its place, and wanted is only whether
/// the value is 0 (`solve`).
struct StreamTree {
  /// All symbols that occur but brackets and the unknown, in rising order.
  let symbols: [Int64]
  /// Per position: the position before, -1 at first symbols; a position comes after the one before it.
  private(set) var parents: [Int] = []
  /// Per position: the place of its symbol in `symbols`; -1 where it is the value of a group.
  private(set) var places: [Int] = []
  /// Per position: where the group ends whose value is the symbol there, a position before it; -1 for other symbols.
  private(set) var groups: [Int] = []
  /// Per position: the wanted answer; no value where no example ends.
  private(set) var wanted: [Int64] = []
  /// The longest inputs one behind another, as places of symbols; none with brackets or an unknown.
  private(set) var joined: [Int] = []
  /// Whether 0 is wanted for 0 and 1 for every other value.
  let asksForZero: Bool
  /// The least and the greatest answer of the examples.
  let answers: ClosedRange<Int64>

  /// Most positions, and most symbols of the joined inputs: what lies beyond is left to the run of the whole program.
  static let mostPositions = 4_096
  /// The greatest number that is tried in place of an unknown.
  private static let mostUnknown: Int64 = 64

  var count: Int { parents.count }

  /// Positions at which an answer is wanted.
  var wantedCount: Int { wanted.count { $0 != Value.noValueWord } }

  /// Nil when an input has no symbol or an output is not a list of one, when brackets do not pair or hold nothing, or when an
  /// unknown has no greatest number to try: no transducer answers so.
  init?(_ examples: [Example], brackets: (open: Int64, close: Int64)? = nil, unknown: Int64? = nil) {
    let outputs = examples.compactMap { $0.output.elements.count == 1 ? $0.output.elements[0] : nil }
    guard outputs.count == examples.count, let least = outputs.min(), let greatest = outputs.max() else { return nil }
    (answers, asksForZero) = (least...greatest, unknown != nil)
    var streams = zip(examples, outputs).map { (symbols: $0.inputs[0].elements, wanted: $1) }
    if streams.contains(where: \.symbols.isEmpty) { return nil }
    if let unknown {
      guard least >= 0, greatest <= Self.mostUnknown else { return nil }
      streams = streams.flatMap { stream in
        (0...stream.wanted).map { number in
          (stream.symbols.map { $0 == unknown ? number : $0 }, number == stream.wanted ? 0 : 1)
        }
      }
    }
    symbols = Set(streams.flatMap(\.symbols)).subtracting(brackets.map { [$0.open, $0.close] } ?? []).sorted()
    var steps = Steps(place: Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($0.element, $0.offset) }))
    for stream in streams where count + stream.symbols.count <= Self.mostPositions {
      // The positions reached in groups that are not closed, the innermost last.
      var path = [-1]
      for symbol in stream.symbols {
        if symbol == brackets?.open {
          path.append(-1)
        } else if symbol == brackets?.close {
          guard path.count > 1, let end = path.popLast(), end >= 0 else { return nil }
          path[path.count - 1] = add(&steps, path.last!, group: end)
        } else {
          path[path.count - 1] = add(&steps, path.last!, place: steps.place[symbol]!)
        }
      }
      guard path.count == 1, path[0] >= 0 else { return nil }
      wanted[path[0]] = stream.wanted
    }
    if brackets == nil, unknown == nil { join(steps.isInner) }
  }

  /// What is known of positions while they are made.
  private struct Steps {
    let place: [Int64: Int]
    /// By the position before, and the place of the symbol or, behind all places, the end of the group.
    var children: [[Int]: Int] = [:]
    var isInner: [Bool] = []
  }

  /// The position after one more symbol.
  private mutating func add(_ steps: inout Steps, _ before: Int, place: Int = -1, group: Int = -1) -> Int {
    if before >= 0 { steps.isInner[before] = true }
    let key = [before, group < 0 ? place : symbols.count + group]
    if let known = steps.children[key] { return known }
    steps.children[key] = count
    parents.append(before)
    places.append(place)
    groups.append(group)
    wanted.append(Value.noValueWord)
    steps.isInner.append(false)
    return count - 1
  }

  private mutating func join(_ isInner: [Bool]) {
    for position in parents.indices where !isInner[position] {
      if joined.count >= Self.mostPositions { break }
      joined += path(position)
    }
  }

  /// The symbols up to a position.
  private func path(_ position: Int) -> [Int] {
    var (path, place) = ([Int](), position)
    while place >= 0 {
      path.append(places[place])
      place = parents[place]
    }
    return path.reversed()
  }

  /// Places of symbols: first ones of the streams, then others, as they appear.
  var order: [Int] {
    var seen: Set<Int> = []
    let first = parents.indices.filter { parents[$0] < 0 }
    return (first.map { places[$0] } + places).filter { $0 >= 0 && seen.insert($0).inserted }
  }

  /// What is wanted at the first symbols, in that order, as far as all of them want something.
  func first(_ wanted: [Int64]) -> [Int64] {
    parents.indices.filter { parents[$0] < 0 }.map { wanted[$0] }.prefix { $0 != Value.noValueWord }.map(\.self)
  }

  /// Per place of a symbol in `lanes`: the positions to which no symbols lead but those up to there, and it among them.
  ///
  /// - Parameter values: how many numbers, from 0, the value of a group may be.
  func layers(_ lanes: [Int], values: Int = 0) -> [[Int]] {
    let depth = Dictionary(uniqueKeysWithValues: lanes.enumerated().map { ($0.element, $0.offset) })
    let anyValue = symbols.indices.filter { (0..<Int64(values)).contains(symbols[$0]) }.map { depth[$0] ?? .max }.max()
    var layers = Array(repeating: [Int](), count: lanes.count)
    var deepest = Array(repeating: Int.max, count: count)
    for position in parents.indices {
      let before = parents[position] < 0 ? 0 : deepest[parents[position]]
      let group = groups[position]
      let own = group < 0 ? depth[places[position]] : anyValue.map { max($0, deepest[group]) }
      guard let own, max(before, own) < .max else { continue }
      deepest[position] = max(before, own)
      layers[deepest[position]].append(position)
    }
    return layers
  }
}
