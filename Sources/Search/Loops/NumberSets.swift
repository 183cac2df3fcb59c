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
  /// By the first eight numbers of a set: whether one that is wanted may begin so.
  private var beginnings = Array(repeating: false, count: 1 << 8)
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
    for numbers in beginnings.indices where (numbers ^ Int(passing)) & Int(known) & 0xFF == 0 {
      beginnings[numbers] = true
    }
  }

  /// Whether some set agrees with `numbers` on all that it speaks of.
  @inline(__always) func contains(_ numbers: UInt16) -> Bool {
    for group in groups where group.last[Int(numbers & group.known)] >= 0 { return true }
    return false
  }

  /// Whether some set agrees with the numbers 0 … 7 as far as it speaks of them.
  @inline(__always) func begin(_ numbers: UInt8) -> Bool { beginnings[Int(numbers)] }

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
