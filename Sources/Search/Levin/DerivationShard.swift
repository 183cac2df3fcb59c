import Evaluation
import ExactArithmetic
import Grammars

/// A prefix with all that was computed for it, so that another walk goes on from there without running it again.
struct DerivationShard: Sendable {
  fileprivate let nonterminal: Int
  fileprivate let parent: Int32
  fileprivate let state: DerivationWalk.State
  fileprivate let code: [Int32]
  fileprivate let frames: [DerivationWalk.Frame]
  /// Rows above those that every walk has.
  fileprivate let rows: [Int64]
  /// Lists above those that every walk has.
  fileprivate let lists: [Int64]
  /// Bodies, compiled again by the walk that goes on: where each was, and its place in `code`.
  fileprivate let bodies: [Body]

  fileprivate struct Body {
    let frame: Int
    let isSecond: Bool
    let codeStart: Int
  }

  /// The prior of all programs that begin with the prefix.
  func prior(in grammar: Grammar) -> Rational {
    code.reduce(Rational(1)) { $0 * grammar.productions[Int($1)].probability }
  }
}

extension DerivationWalk.State: @unchecked Sendable {}
extension DerivationWalk.Frame: @unchecked Sendable {}

extension DerivationWalk {
  func snapshot(_ nonterminal: Int, _ parent: Int32, _ state: State) -> DerivationShard {
    let frames = (0..<path.pointee.frameTop).map { self.frames[$0] }
    var bodies: [DerivationShard.Body] = []
    for (index, frame) in frames.enumerated() where !tables.productions[Int(frame.production)].isOpen {
      for (number, part) in [frame.first, frame.second].prefix(Int(frame.argument)).enumerated() {
        guard part.row >= 0, let start = lambda(at: Int(part.start)) else { continue }
        bodies.append(DerivationShard.Body(frame: index, isSecond: number == 1, codeStart: start))
      }
    }
    return DerivationShard(
      nonterminal: nonterminal, parent: parent, state: state, code: (0..<codeTop).map { code[$0] }, frames: frames,
      rows: (path.pointee.baseRow..<path.pointee.rowTop).map { rows[$0] }, lists: machine.lists(from: baseList),
      bodies: bodies)
  }

  /// Where a lambda stands in `code`, when the subterm there is one.
  private func lambda(at start: Int) -> Int? {
    var start = start
    while case .unit = tables.productions[Int(code[start])].kind { start += 1 }
    return tables.productions[Int(code[start])].isLambda ? start : nil
  }

  /// Walks what a shard stands for.
  func walk(_ shard: DerivationShard, phase: Int) {
    begin(phase: phase)
    let machineMark = machine.mark
    defer { machine.mark = machineMark }
    machine.append(shard.lists)
    for production in shard.code { append(production) }
    for frame in shard.frames { self.frame(push()).initialize(to: frame) }
    let base = makeRow(shard.rows.count)
    for (index, word) in shard.rows.enumerated() { rows[Int(base) + index] = word }
    var compiled: [Int: Int32] = [:]
    for body in shard.bodies {
      let row = compiled[body.codeStart] ?? Int32(machine.compile(code + body.codeStart + 1))
      compiled[body.codeStart] = row
      if body.isSecond { frames[body.frame].second.row = row } else { frames[body.frame].first.row = row }
    }
    withUnsafePointer(to: shard.state) { visit(shard.nonterminal, parent: shard.parent, $0) }
    collect()
  }
}
