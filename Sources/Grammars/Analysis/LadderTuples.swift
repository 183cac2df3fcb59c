import ExactArithmetic

extension Ladder {
  /// Ordinals of levels, one for each argument of a production: up to three lie in the value itself.
  public struct LevelNumbers: RandomAccessCollection, Hashable, Sendable {
    private let near: (Int32, Int32, Int32)
    private let length: Int32
    /// All of them, where there are more than three.
    private let all: [Int]?

    /// The ordinals in their order; below 2^31, as levels are listed one by one.
    public init(_ numbers: some Collection<Int>) {
      var near: (Int32, Int32, Int32) = (0, 0, 0)
      for (place, number) in numbers.prefix(3).enumerated() {
        switch place {
        case 0: near.0 = Int32(number)
        case 1: near.1 = Int32(number)
        default: near.2 = Int32(number)
        }
      }
      self.near = near
      length = Int32(numbers.count)
      all = numbers.count > 3 ? Array(numbers) : nil
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of arguments.
    public var endIndex: Int { Int(length) }

    /// The ordinal of the level of an argument.
    public subscript(position: Int) -> Int {
      precondition(position >= 0 && position < length, "no argument \(position)")
      if let all { return all[position] }
      return switch position {
      case 0: Int(near.0)
      case 1: Int(near.1)
      default: Int(near.2)
      }
    }

    /// Whether both have the same ordinals.
    public static func == (a: LevelNumbers, b: LevelNumbers) -> Bool { a.elementsEqual(b) }
    /// Hashes the ordinals.
    public func hash(into hasher: inout Hasher) { for number in self { hasher.combine(number) } }
  }
}

/// An exact number of programs: in a word where it fits, as most do, of which there are as many as batches.
struct ProgramCount: Sendable {
  private let word: UInt64
  /// Nil where the word is all.
  private let large: BigInteger?

  init(_ value: BigInteger) {
    let word = UInt64(exactly: value)
    (self.word, large) = (word ?? 0, word == nil ? value : nil)
  }

  init(word: UInt64) { (self.word, large) = (word, nil) }

  var value: BigInteger { large ?? BigInteger(word) }
  /// Bytes that do not lie in the value itself.
  var farBytes: Int { large.map { 40 + $0.bitWidthOfMagnitude / 8 } ?? 0 }

  static func + (a: ProgramCount, b: ProgramCount) -> ProgramCount {
    let (sum, isLost) = a.word.addingReportingOverflow(b.word)
    return isLost || a.large != nil || b.large != nil ? ProgramCount(a.value + b.value) : ProgramCount(word: sum)
  }

  static func * (a: ProgramCount, b: ProgramCount) -> ProgramCount {
    let (product, isLost) = a.word.multipliedReportingOverflow(by: b.word)
    return isLost || a.large != nil || b.large != nil ? ProgramCount(a.value * b.value) : ProgramCount(word: product)
  }
}

/// Productions with levels of their arguments that wait to be listed, in one array: there are many more than levels.
///
/// A tuple is named by its place. It is linked into the chain of one group at most; places are used again.
struct LevelTuples: Sendable {
  /// The end of a chain.
  static let none: Int32 = -1

  /// Nonterminals of the arguments, by production.
  let arguments: [[Int]]
  private let nonterminals: [Int]
  /// Words of a tuple: production, the next one in its chain, ordinals.
  private let stride: Int
  private var words: [Int32] = []
  private var firstFree = none

  init(_ grammar: Grammar) {
    arguments = grammar.productions.map(\.arguments)
    nonterminals = grammar.productions.map(\.nonterminal)
    stride = 2 + (arguments.map(\.count).max() ?? 0)
  }

  func production(_ tuple: Int) -> Int { Int(words[tuple]) }
  func nonterminal(_ tuple: Int) -> Int { nonterminals[production(tuple)] }
  func level(_ tuple: Int, _ position: Int) -> Int { Int(words[tuple + 2 + position]) }

  func levels(_ tuple: Int) -> Ladder.LevelNumbers {
    let count = arguments[production(tuple)].count
    return Ladder.LevelNumbers(words[(tuple + 2)..<(tuple + 2 + count)].lazy.map { Int($0) })
  }

  /// By production, then by ordinals.
  func precedes(_ a: Int, _ b: Int) -> Bool {
    if words[a] != words[b] { return words[a] < words[b] }
    for position in 2..<stride where words[a + position] != words[b + position] {
      return words[a + position] < words[b + position]
    }
    return false
  }

  /// A new tuple: the production with the first levels of its arguments.
  mutating func first(of production: Int) -> Int {
    let tuple = room()
    words[tuple] = Int32(production)
    for position in 2..<stride { words[tuple + position] = 0 }
    return tuple
  }

  /// A new tuple: another one with the next level of one argument.
  mutating func successor(of other: Int, at position: Int) -> Int {
    let tuple = room()
    words[tuple] = words[other]
    for place in 2..<stride { words[tuple + place] = words[other + place] }
    words[tuple + 2 + position] += 1
    return tuple
  }

  private mutating func room() -> Int {
    if firstFree != Self.none {
      let tuple = Int(firstFree) * stride
      firstFree = words[tuple + 1]
      return tuple
    }
    let tuple = words.count
    words.append(contentsOf: repeatElement(0, count: stride))
    return tuple
  }

  /// Puts a tuple in front of a chain.
  mutating func link(_ tuple: Int, into first: inout Int32) {
    words[tuple + 1] = first
    first = Int32(tuple / stride)
  }

  /// The tuples of a chain.
  func chain(from first: Int32) -> [Int] {
    var tuples: [Int] = []
    var next = first
    while next != Self.none {
      tuples.append(Int(next) * stride)
      next = words[Int(next) * stride + 1]
    }
    return tuples
  }

  /// The place of a tuple that is in no chain may be used again.
  mutating func free(_ tuple: Int) {
    words[tuple + 1] = firstFree
    firstFree = Int32(tuple / stride)
  }
}

/// Priors that were met, as exponents in one array, each with the chain of the tuples that wait with it.
///
/// Found by a hash that is a sum, as priors are products: that of a tuple is added up from those of its parts. Equal hashes are
/// compared exponent by exponent.
struct PriorGroups: Sendable {
  /// The chain of each group.
  var first: [Int32] = []
  private var hashes: [UInt64] = []
  private var exponents: [Int64] = []
  /// Groups by their hashes, linear probing; -1 is empty. A power of two, at most half full.
  private var slots: [Int32] = Array(repeating: -1, count: 64)
  private let factors: Int
  private let productions: [[Int64]]
  private let keys: [UInt64]
  private let productionHashes: [UInt64]
  /// The prior being added up.
  private var sum: [Int64]
  private var hash: UInt64 = 0

  init(_ priors: PriorExponents) {
    let count = priors.basis.count
    factors = count
    productions = priors.productions
    sum = Array(repeating: 0, count: count)
    keys = (0..<count).map { (UInt64($0) &* 2 &+ 1) &* 0x9E37_79B9_7F4A_7C15 }.map { ($0 ^ ($0 >> 29)) | 1 }
    let keys = keys
    productionHashes = priors.productions.map { production in
      zip(production, keys).reduce(0) { $0 &+ UInt64(bitPattern: $1.0) &* $1.1 }
    }
  }

  /// Begins a prior with that of a production.
  mutating func add(_ production: Int) {
    hash = productionHashes[production]
    for place in 0..<factors { sum[place] = productions[production][place] }
  }

  /// Multiplies the prior by that of a group.
  mutating func add(group: Int) {
    hash &+= hashes[group]
    let start = group * factors
    for place in 0..<factors { sum[place] += exponents[start + place] }
  }

  /// The group of the prior, and whether it was met for the first time.
  mutating func find() -> (group: Int, isNew: Bool) {
    var slot = home(hash)
    while slots[slot] >= 0 {
      let group = Int(slots[slot])
      if hashes[group] == hash, isSum(group) { return (group, false) }
      slot = (slot + 1) & (slots.count - 1)
    }
    let group = hashes.count
    slots[slot] = Int32(group)
    hashes.append(hash)
    exponents += sum
    first.append(LevelTuples.none)
    if hashes.count * 2 > slots.count { grow() }
    return (group, true)
  }

  private func isSum(_ group: Int) -> Bool {
    let start = group * factors
    for place in 0..<factors where sum[place] != exponents[start + place] { return false }
    return true
  }

  private func home(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) >> 32) & (slots.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: 2 * slots.count)
    for group in hashes.indices {
      var slot = home(hashes[group])
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(group)
    }
  }

  /// The exponents of a group.
  func exponents(_ group: Int) -> [Int64] { Array(exponents[(group * factors)..<((group + 1) * factors)]) }
}
