import Evaluation

/// A block of candidates on its way into a table: as many as hide the latency of memory and stay in the first cache.
struct CandidateBlock {
  /// Most candidates of a block.
  static let greatestSize = RowProgram.blockSize
  /// Most arguments of a symbol.
  static let columns = 3

  struct State {
    /// Candidates in it.
    var count = 0
    /// Those of them that have a row and a hash.
    var evaluated = 0
  }

  /// Candidates of a full block.
  let size: Int
  let rows: UnsafeMutablePointer<Int64>
  let hashes: UnsafeMutablePointer<UInt32>
  let productions: UnsafeMutablePointer<UInt16>
  let weights: UnsafeMutablePointer<UInt64>
  /// The classes of the candidates, known once the block is in the table (with mass).
  let numbers: UnsafeMutablePointer<UInt32>
  private let children: UnsafeMutablePointer<UInt32>
  private let statePointer: UnsafeMutablePointer<State>

  init(lanes: Int) {
    // The rows of the three blocks of a ring take 24 KB at most, up to 64 lanes.
    let size = max(Self.greatestSize / 4, min(Self.greatestSize, 1024 / max(lanes, 1)))
    self.size = size
    rows = .allocateLines(capacity: lanes * size)
    hashes = .allocate(capacity: size)
    productions = .allocate(capacity: size)
    weights = .allocate(capacity: size)
    numbers = .allocate(capacity: size)
    children = .allocate(capacity: Self.columns * Self.greatestSize)
    statePointer = .allocate(capacity: 1)
    children.initialize(repeating: 0, count: Self.columns * Self.greatestSize)
    statePointer.initialize(to: State())
  }

  /// Class numbers of argument number `position`.
  @inline(__always) func column(_ position: Int) -> UnsafeMutablePointer<UInt32> {
    children + position * Self.greatestSize
  }

  @inline(__always) var state: State {
    get { statePointer.pointee }
    nonmutating set { statePointer.pointee = newValue }
  }
  var isFull: Bool { state.count == size }

  func deallocate() {
    rows.deallocateLines()
    hashes.deallocate()
    productions.deallocate()
    weights.deallocate()
    numbers.deallocate()
    children.deallocate()
    statePointer.deallocate()
  }
}

/// Three blocks: one is filled, one waits for its slots, one for the rows that its slots name.
final class CandidateRing {
  static let size = 3
  private(set) var filling: CandidateBlock
  private(set) var waiting: CandidateBlock
  private(set) var oldest: CandidateBlock

  init(lanes: Int) {
    filling = CandidateBlock(lanes: lanes)
    waiting = CandidateBlock(lanes: lanes)
    oldest = CandidateBlock(lanes: lanes)
  }

  /// The oldest, emptied, is filled next.
  func advance() {
    oldest.state = CandidateBlock.State()
    (filling, waiting, oldest) = (oldest, filling, waiting)
  }

  func clear() { for _ in 0..<Self.size { advance() } }

  func deallocate() {
    filling.deallocate()
    waiting.deallocate()
    oldest.deallocate()
  }
}
