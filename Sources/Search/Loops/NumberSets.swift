/// Sets of the numbers 0 … 15 that are wanted, where some of the numbers may be left open; found by a set that is there.
struct NumberSets {
  /// How many numbers there are.
  static let count = 16

  private struct Group {
    let known: UInt16
    /// By the passing numbers: the last set added, or -1.
    var last: [Int32]
  }

  private var groups: [Group] = []
  /// Numbers that tell most rows to be of no use.
  static let beginning = 8
  /// By the first eight numbers of a set: whether one that is wanted may begin so.
  private var beginnings = Array(repeating: false, count: 1 << beginning)
  /// By set: the one added before with the same numbers, or -1.
  private var earlier: [Int32] = []

  var isEmpty: Bool { earlier.isEmpty }

  /// Adds a set as the next number.
  ///
  /// - Parameters:
  ///   - known: the numbers that it speaks of, a bit each.
  ///   - passing: those that it contains.
  mutating func add(known: UInt16, passing: UInt16) {
    let place =
      groups.firstIndex { $0.known == known }
      ?? {
        groups.append(Group(known: known, last: Array(repeating: -1, count: 1 << Self.count)))
        return groups.count - 1
      }()
    let key = Int(passing & known)
    earlier.append(groups[place].last[key])
    groups[place].last[key] = Int32(earlier.count - 1)
    for numbers in beginnings.indices where (numbers ^ Int(passing)) & Int(known) & (1 << Self.beginning - 1) == 0 {
      beginnings[numbers] = true
    }
  }

  /// Of the first `count` numbers those at which a row equals another one, and at which it is less, a bit each.
  @inline(__always)
  static func masks(
    _ row: UnsafeBufferPointer<Int64>, _ other: [Int64], count: Int = count
  ) -> (equal: UInt16, less: UInt16) {
    var (equal, less) = (UInt16(0), UInt16(0))
    for number in 0..<count {
      equal |= (row[number] == other[number] ? 1 : 0) << UInt16(number)
      less |= (row[number] < other[number] ? 1 : 0) << UInt16(number)
    }
    return (equal, less)
  }

  /// Of the first `count` numbers those at which a row is odd.
  @inline(__always)
  static func odd(_ row: UnsafeBufferPointer<Int64>, count: Int = count) -> UInt16 {
    (0..<count).reduce(0) { $0 | UInt16(truncatingIfNeeded: row[$1] & 1) << UInt16($1) }
  }

  /// Whether some set agrees with `numbers` on all that it speaks of.
  @inline(__always) func contains(_ numbers: UInt16) -> Bool {
    for group in groups where group.last[Int(numbers & group.known)] >= 0 { return true }
    return false
  }

  /// Whether some set agrees with the numbers 0 … 7 as far as it speaks of them.
  @inline(__always) func mayBegin(_ numbers: UInt16) -> Bool { beginnings[Int(numbers) & (1 << Self.beginning - 1)] }

  /// The sets that agree with `numbers` on all that they speak of, in the order in which they were added.
  func matches(_ numbers: UInt16) -> [Int] {
    var found: [Int] = []
    for group in groups {
      var set = group.last[Int(numbers & group.known)]
      while set >= 0 {
        found.append(Int(set))
        set = earlier[Int(set)]
      }
    }
    return found.sorted()
  }
}
