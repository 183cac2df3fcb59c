import Evaluation
import Grammars

/// A way to read the training streams, with the shapes of the programs that read them so.
///
/// Outside of frames a stream is what it is. In `nested` two symbols are brackets: any two that pair in all streams. In `solve` one
/// symbol is the unknown: any that no stream lacks whose answer is not 0, the least number that there is.
struct StreamReading {
  let tree: StreamTree
  let shapes: [TransducerShape]

  /// All ways of a language: without frames, then with, those with the most first; where symbols pair and the language has brackets,
  /// frames without brackets are left out.
  static func all(_ attempt: SearchAttempt) -> [StreamReading] {
    let shapes = TransducerShape.all(attempt.grammar)
    if shapes.isEmpty { return [] }
    let plain = shapes.filter(\.frames.isEmpty)
    let streams = attempt.training.map { $0.inputs[0].elements }
    var readings: [StreamReading] = []
    if !plain.isEmpty, let tree = StreamTree(attempt.training) {
      readings.append(StreamReading(tree: tree, shapes: plain))
    }
    let hasBrackets = shapes.contains { $0.heads.contains(.nested) } && !brackets(streams, beside: nil).isEmpty
    for shape in shapes.ordered(by: { -Double($0.heads.count) }) where !shape.frames.isEmpty {
      let heads = shape.heads
      if hasBrackets && !heads.contains(.nested) { continue }
      for unknown in heads.contains(.solve) ? unknowns(attempt, streams) : [nil] {
        let pairs: [(Int64, Int64)?] = heads.contains(.nested) ? brackets(streams, beside: unknown) : [nil]
        for pair in pairs {
          let brackets = pair.map { (open: $0.0, close: $0.1) }
          guard let framed = shape.framed(attempt, brackets, unknown),
            let tree = StreamTree(attempt.training, brackets: brackets, unknown: unknown)
          else { continue }
          readings.append(StreamReading(tree: tree, shapes: [framed]))
        }
      }
    }
    return readings
  }

  private static func unknowns(_ attempt: SearchAttempt, _ streams: [[Int64]]) -> [Int64?] {
    let asking = zip(attempt.training, streams).filter { $0.0.output.elements != [0] }.map { Set($0.1) }
    guard let first = asking.first else { return [] }
    return asking.dropFirst().reduce(first) { $0.intersection($1) }.sorted()
  }

  /// The pairs of symbols that are brackets in all streams: one closes what the other has opened, with something between them.
  private static func brackets(_ streams: [[Int64]], beside unknown: Int64?) -> [(Int64, Int64)?] {
    let symbols = Set(streams.joined()).subtracting(unknown.map { [$0] } ?? []).sorted()
    return symbols.flatMap { open in symbols.map { (open, $0) } }.filter { open, close in
      open != close
        && streams.allSatisfy { stream in
          var depth = 0
          for (place, symbol) in stream.enumerated() {
            if symbol == open { depth += 1 }
            if symbol == close { depth -= place > 0 && stream[place - 1] == open ? stream.count : 1 }
            if depth < 0 { return false }
          }
          return depth == 0
        }
    }
  }
}

extension TransducerShape {
  /// What it stands in.
  fileprivate var heads: [Operator] { frames.compactMap(\.head) }

  /// The shape with these symbols in its frames; nil where the language has no such constants.
  fileprivate func framed(
    _ attempt: SearchAttempt, _ brackets: (open: Int64, close: Int64)?, _ unknown: Int64?
  ) -> TransducerShape? {
    var shape = self
    for (place, frame) in frames.enumerated() {
      let values =
        switch frame.head {
        case .nested: brackets.map { [$0.open, $0.close] } ?? []
        case .solve: unknown.map { [$0] } ?? []
        default: [Int64]()
        }
      let constants = zip(frame.symbols, values).compactMap { nonterminal, value in
        attempt.grammar.derivation(of: .constant(.int(value), name: nil), from: nonterminal)
      }
      if constants.count != frame.symbols.count { return nil }
      shape.frames[place].constants = constants
    }
    return shape
  }
}
