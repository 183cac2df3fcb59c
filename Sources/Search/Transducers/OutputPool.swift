import Evaluation
import ExactArithmetic
import Grammars

/// Updates whose states tell the wanted answers, and the search for an output above each.
final class OutputPool {
  /// An update with what its states must give.
  struct Entry {
    /// Bits of all that is not the output.
    let bits: Double
    /// The states and, where the output may read it, the symbol: the points at which an answer is wanted, each once.
    let points: [[Int64]]
    let answers: [Int64]
    let write: (Program) -> Program
    /// Bits of the update, and of the answers said one by one.
    fileprivate var rank = 0.0
  }

  private let inversion: TransducerInversion
  private let shape: TransducerShape
  private let isOver: () -> Bool
  /// Outputs that read the state alone.
  private let outputs: StateTerms
  private var entries: [Entry] = []
  private var seen: Set<[Int64]> = []
  private let answerBits: Double
  private static let mostEntries = 512
  private static let mostSeen = 1 << 15

  /// Work spent, in candidates of eight words.
  private(set) var work = 0.0

  init(
    _ inversion: TransducerInversion, _ shape: TransducerShape, _ outputs: StateTerms, _ isOver: @escaping () -> Bool
  ) {
    self.outputs = outputs
    self.inversion = inversion
    self.shape = shape
    self.isOver = isOver
    let answers = Set(inversion.tree.wanted.filter { $0 != Value.noValueWord })
    answerBits = Rational(max(2, answers.count)).log2
  }

  /// Takes an update in. A stored output that gives the answers ends its search.
  ///
  /// Half of the answers must be foretold by the other half: states that never come again say nothing.
  func add(_ entry: Entry) {
    guard entry.points.count * 2 <= inversion.tree.wantedCount || entry.points.count <= 8, seen.count < Self.mostSeen
    else { return }
    guard seen.insert(zip(entry.points, entry.answers).flatMap { $0 + [$1] }).inserted else { return }
    if hasStoredOutput(entry) { return }
    var entry = entry
    entry.rank = entry.bits + answerBits * Double(entry.points.count)
    if entries.count == Self.mostEntries {
      guard entry.rank < entries[entries.count - 1].rank else { return }
      entries.removeLast()
    }
    let place = entries.firstIndex { $0.rank > entry.rank } ?? entries.count
    entries.insert(entry, at: place)
  }

  private func hasStoredOutput(_ entry: Entry) -> Bool {
    guard entry.points.allSatisfy({ StateTerms.states.contains($0[0]) }) else { return false }
    for output in 0..<outputs.count where entry.bits + outputs.bits[output] < inversion.bestBits {
      work += 0.1
      let values = outputs.origin(output)
      let isRight = entry.points.indices.allSatisfy { values[Int(entry.points[$0][0])] == entry.answers[$0] }
      if isRight, inversion.offer(entry.write(outputs.list.program(output))) { return true }
    }
    return false
  }

  /// Searches for outputs, those above the simplest updates first; the i-th gets a share 1/i of the work.
  func search(work: Double) {
    for (number, entry) in entries.enumerated() {
      let share = work / 4 / Double(number + 1)
      if share < TransducerInversion.leastWork || isOver() { return }
      let inputs = entry.points.map { inversion.words(entry.variables(shape), $0) }
      guard let question = BodyQuestion(shape.output, inputs, entry.answers, least: 1) else { continue }
      if let output = inversion.body(question, beside: entry.bits, work: share, unproven: true, isOver) {
        inversion.offer(entry.write(output))
      }
    }
  }
}

extension OutputPool.Entry {
  init(bits: Double, points: [[Int64]], answers: [Int64], write: @escaping (Program) -> Program) {
    self.bits = bits
    self.points = points
    self.answers = answers
    self.write = write
  }

  /// The variables of a point: the states alone, or the symbol too.
  func variables(_ shape: TransducerShape) -> [Int] { Array(shape.outputVariables.prefix(points[0].count)) }
}
