import Evaluation
import Grammars
import Tasks

/// The training examples of a task on streams as one tree: a position is a beginning that some input has, its symbol is the last
/// one there.
struct StreamTree {
  /// All symbols that occur, in rising order.
  let symbols: [Int64]
  /// Per position: the position before, -1 at first symbols; a position comes after the one before it.
  private(set) var parents: [Int] = []
  /// Per position: the place of its symbol in `symbols`.
  private(set) var places: [Int] = []
  /// Per position: the wanted answer; no value where no example ends.
  private(set) var wanted: [Int64] = []
  /// The longest inputs one behind another, as places of symbols.
  private(set) var joined: [Int] = []

  /// Most positions, and most symbols of the joined inputs: what lies beyond is left to the run of the whole program.
  static let mostPositions = 4_096

  var count: Int { parents.count }

  /// Positions at which an answer is wanted.
  var wantedCount: Int { wanted.count { $0 != Value.noValueWord } }

  /// Nil when an input has no symbol or an output is not a list of one: no transducer answers so.
  init?(_ examples: [Example]) {
    symbols = Set(examples.flatMap { $0.inputs[0].elements }).sorted()
    let place = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($0.element, $0.offset) })
    var children: [[Int]: Int] = [:]
    var isInner: [Bool] = []
    for example in examples {
      let (input, output) = (example.inputs[0].elements, example.output.elements)
      guard !input.isEmpty, output.count == 1 else { return nil }
      if count + input.count > Self.mostPositions { continue }
      var position = -1
      for symbol in input {
        let key = [position, place[symbol]!]
        if position >= 0 { isInner[position] = true }
        if let known = children[key] {
          position = known
        } else {
          children[key] = count
          parents.append(position)
          places.append(key[1])
          wanted.append(Value.noValueWord)
          isInner.append(false)
          position = count - 1
        }
      }
      wanted[position] = output[0]
    }
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
    return (first.map { places[$0] } + places).filter { seen.insert($0).inserted }
  }

  /// What is wanted at the first symbols, in that order, as far as all of them want something.
  func first(_ wanted: [Int64]) -> [Int64] {
    parents.indices.filter { parents[$0] < 0 }.map { wanted[$0] }.prefix { $0 != Value.noValueWord }.map(\.self)
  }

  /// Per place of a symbol in `lanes`: the positions to which no symbols lead but those up to there, and it among them.
  func layers(_ lanes: [Int]) -> [[Int]] {
    let depth = Dictionary(uniqueKeysWithValues: lanes.enumerated().map { ($0.element, $0.offset) })
    var layers = Array(repeating: [Int](), count: lanes.count)
    var deepest = Array(repeating: Int.max, count: count)
    for position in parents.indices {
      let before = parents[position] < 0 ? 0 : deepest[parents[position]]
      guard before < .max, let own = depth[places[position]] else { continue }
      deepest[position] = max(before, own)
      layers[deepest[position]].append(position)
    }
    return layers
  }
}
