import Evaluation
import Grammars

/// The stacks of the path, which double when they are full.
extension DerivationWalk {
  /// Rows that stay: the inputs, the constants, the list of all inputs.
  func layOut(_ inputs: [[Int64]]) {
    let allLanes = Lanes(offset: makeRow(laneCount), count: Int32(laneCount))
    precondition(allLanes.isAll, "the list of all inputs comes first")
    for lane in 0..<laneCount { rows[Int(allLanes.offset) + lane] = Int64(lane) }
    path.pointee.allLanes = allLanes
    for parameter in tables.grammar.parameters.indices {
      let row = makeRow(laneCount)
      for lane in 0..<laneCount { rows[Int(row) + lane] = inputs[lane][parameter] }
      parameterRows[parameter] = row
    }
    for (number, production) in tables.productions.enumerated() {
      switch production.kind {
      case .variable:
        guard case .variable(let index) = tables.grammar.productions[number].symbol else { preconditionFailure() }
        if index < parameterRows.count { leafRows[number] = parameterRows[index] }
      case .constant(let word):
        let row = makeRow(laneCount)
        (rows + Int(row)).update(repeating: word, count: laneCount)
        leafRows[number] = row
      default: break
      }
    }
    path.pointee.baseRow = path.pointee.rowTop
  }

  @inline(__always)
  func makeRow(_ count: Int) -> Int32 {
    let top = path.pointee.rowTop
    if top + count > path.pointee.rowCapacity { growRows(top + count) }
    path.pointee.rowTop = top + count
    return Int32(top)
  }

  private func growRows(_ count: Int) {
    let capacity = max(2 * path.pointee.rowCapacity, count)
    path.pointee.rows = Self.grown(rows, holding: path.pointee.rowTop, to: capacity)
    path.pointee.rowCapacity = capacity
  }

  /// A stack of trivial values moved into more memory.
  private static func grown<T: BitwiseCopyable>(
    _ old: UnsafeMutablePointer<T>, holding count: Int, to capacity: Int
  ) -> UnsafeMutablePointer<T> {
    let larger = UnsafeMutablePointer<T>.allocate(capacity: capacity)
    larger.update(from: old, count: count)
    old.deallocate()
    return larger
  }

  /// Room for one more frame, which its user fills; frames may move.
  @inline(__always)
  func push() -> Int32 {
    let top = path.pointee.frameTop
    if top == path.pointee.frameCapacity { growFrames() }
    path.pointee.frameTop = top + 1
    return Int32(top)
  }

  @inline(never)
  private func growFrames() {
    let top = path.pointee.frameTop
    path.pointee.frames = Self.grown(frames, holding: top, to: 2 * top)
    path.pointee.frameCapacity = 2 * top
  }

  @inline(__always)
  func append(_ production: Int32) {
    let top = path.pointee.codeTop
    if top == path.pointee.codeCapacity {
      path.pointee.code = Self.grown(code, holding: top, to: 2 * top)
      path.pointee.codeCapacity = 2 * top
    }
    code[top] = production
    path.pointee.codeTop = top + 1
  }
}
