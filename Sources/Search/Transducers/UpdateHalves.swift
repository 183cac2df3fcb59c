import Evaluation
import Grammars

/// The stored halves of updates of one state: terms A of the state and terms B of the symbol, which an operator joins to
/// s ↦ A(s) + B(x).
///
/// Both are merged by their values: A by those at many states, B by those at the symbols that occur.
final class UpdateHalves {
  /// An update up to its term of the symbol.
  struct Front {
    let start: Int
    let state: Int
    let joint: Int
    /// Bits of start, term and operator.
    let bits: Double
  }

  let joints: [Joint]
  let starts: [(value: Int64, program: Program, bits: Double)]
  let states: StateTerms
  let symbols: TermList
  /// Terms of the symbol by their values: first symbols of streams come first, others as they appear.
  let prefixes: PrefixTree
  /// The same of the shortest terms: those that streams are followed for.
  private let shortest: PrefixTree
  /// Work done here, in candidates of eight words.
  var spent: Double {
    get { counter.pointee }
    set { counter.pointee = newValue }
  }
  private let counter: UnsafeMutablePointer<Double> = .allocate(capacity: 1)

  /// Positions of the tree of streams: the one before, its state one place on; the symbol.
  private let count: Int
  private let parents: UnsafeMutablePointer<Int>
  private let places: UnsafeMutablePointer<Int>
  /// Per lane of `prefixes`: positions to which the symbols up to this lane lead, and no fewer.
  private let layers: [[Int]]
  private let lanes: [Int]
  private let reached: UnsafeMutablePointer<Int64>
  private let current: UnsafeMutablePointer<Int64>
  private var nextPoll = 1e4
  private let isOver: () -> Bool

  /// Most symbols that there may be, most lanes of a prefix, and most stored terms of one kind.
  private static let mostSymbols = 256
  private static let mostLanes = 16
  private static let mostStates = 768
  private static let mostTerms = 1 << 18
  private static let mostFollowed = 1 << 13

  /// - Parameter state: which of the states it is about; its update reads no other.
  init?(
    _ inversion: TransducerInversion, _ shape: TransducerShape, state: Int, work: Double,
    _ isOver: @escaping () -> Bool
  ) {
    let attempt = inversion.attempt
    let tree = inversion.tree
    joints = Joint.all(attempt.grammar, of: shape.updates[state])
    starts = inversion.starts(shape.starts[state]).filter { StateTerms.states.contains($0.value) }
    guard !joints.isEmpty, !starts.isEmpty, tree.symbols.count <= Self.mostSymbols else { return nil }
    let language = inversion.language(shape.updates[state])
    let stepLimit = attempt.configuration.stepLimit
    guard
      let states = StateTerms(
        language, reading: shape.updateVariables[state], work: work / 4,
        most: Self.mostStates(work: work, memory: attempt.memoryLeft),
        memoryLimit: attempt.memoryLeft, stepLimit: stepLimit, isOver),
      let symbols = TermList(
        language, reading: shape.updateVariables[shape.states], values: tree.symbols, work: work / 2,
        classes: 4 * Self.mostTerms, most: Self.mostTerms, memoryLimit: attempt.memoryLeft, stepLimit: stepLimit,
        isOver,
        keeping: { row in tree.symbols.indices.allSatisfy { row[$0] != Value.noValueWord } }),
      states.count > 0, symbols.count > 0
    else { return nil }
    (self.states, self.symbols, self.isOver) = (states, symbols, isOver)
    count = tree.count
    parents = .allocate(capacity: tree.count)
    places = .allocate(capacity: tree.count)
    for position in 0..<tree.count {
      parents[position] = tree.parents[position] + 1
      places[position] = tree.places[position]
    }
    lanes = Array(tree.order.prefix(Self.mostLanes))
    layers = tree.layers(lanes)
    prefixes = PrefixTree(symbols, lanes: lanes)
    shortest = PrefixTree(symbols, lanes: lanes, most: Self.mostFollowed)
    counter.initialize(to: Double(symbols.count))
    reached = .allocate(capacity: tree.count + 1)
    current = .allocate(capacity: tree.symbols.count)
    attempt.bank.meter.note(states.bytes + symbols.bytes + prefixes.bytes + shortest.bytes)
  }

  deinit {
    counter.deallocate()
    parents.deallocate()
    places.deallocate()
    reached.deallocate()
    current.deallocate()
  }

  /// Terms of a state that are worth their tables, within some work and memory.
  static func mostStates(work: Double, memory: Int) -> Int {
    min(mostStates, max(16, min(Int(work / 2_000), memory / (8 * 8 * StateTerms.width))))
  }

  /// Whether the work of a part is spent, or all must end.
  func isSpent(_ limit: Double) -> Bool {
    if spent >= nextPoll {
      nextPoll = spent + 1e4
      if isOver() { spent = .infinity }
    }
    return spent >= limit
  }

  /// All fronts, in order of their bits.
  func fronts() -> [Front] {
    var fronts: [Front] = []
    for start in starts.indices {
      for state in 0..<states.count {
        for joint in joints.indices {
          fronts.append(
            Front(
              start: start, state: state, joint: joint,
              bits: starts[start].bits + states.bits[state] + joints[joint].bits))
        }
      }
    }
    return fronts.ordered { $0.bits }
  }

  func update(_ front: Front, _ symbol: Int) -> Program {
    joints[front.joint].program(states.list.program(front.state), symbols.program(symbol))
  }
}

// MARK: - Runs

extension UpdateHalves {
  /// Runs an update on the streams until `accept`, which sees each position and the state there, says no; whether it never did.
  @inline(__always)
  func run(_ front: Front, _ symbol: Int, _ accept: (Int, Int64) -> Bool) -> Bool {
    let (state, joint, row) = (states.origin(front.state), joints[front.joint], symbols.row(symbol))
    reached[0] = starts[front.start].value
    for position in 0..<count {
      let next = joint.value(state[Int(reached[parents[position]])], row[places[position]])
      guard StateTerms.states.contains(next), accept(position, next) else {
        spent += 0.3 + Double(position) / 12
        return false
      }
      reached[position + 1] = next
    }
    spent += Double(count) / 12
    return true
  }

  /// Whether a term with these values, run on all streams, gives what is wanted.
  func isRight(
    _ front: Front, _ symbol: Int, _ values: UnsafePointer<Int64>, _ wanted: UnsafePointer<Int64>
  ) -> Bool {
    run(front, symbol) { position, state in
      wanted[position] == Value.noValueWord || values[Int(state)] == wanted[position]
    }
  }

  /// Follows the shortest terms of the symbol, lane by lane: with the value at one more symbol the update is run on the
  /// positions that need no others, and left where a term with these values gives not what is wanted. `leaf` sees terms for
  /// which that never happened.
  func follow(
    _ front: Front, _ values: UnsafePointer<Int64>, _ wanted: UnsafePointer<Int64>, until limit: Double,
    leaf: (Int) -> Void
  ) {
    let (state, joint) = (states.origin(front.state), joints[front.joint])
    reached[0] = starts[front.start].value
    shortest.follow { depth, value in
      if spent >= limit { return false }
      current[lanes[depth]] = value
      spent += 0.1
      for position in layers[depth] {
        let next = joint.value(state[Int(reached[parents[position]])], current[places[position]])
        guard StateTerms.states.contains(next),
          wanted[position] == Value.noValueWord || values[Int(next)] == wanted[position]
        else { return false }
        reached[position + 1] = next
        spent += 0.1
      }
      return true
    } leaf: { terms in
      for term in terms where spent < limit { leaf(Int(term)) }
    }
  }
}
