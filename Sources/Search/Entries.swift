/// Some entries of a stored level: a run of classes (`indices` nil) or a list of them.
struct Entries {
  /// Programs of the level in each class.
  enum Counts {
    /// Without mass.
    case ones
    case narrow(UnsafePointer<UInt32>)
    case wide(UnsafePointer<UInt64>)

    @inline(__always) subscript(position: Int) -> UInt64 {
      switch self {
      case .ones: 1
      case .narrow(let counts): UInt64(counts[position])
      case .wide(let counts): counts[position]
      }
    }

    /// Those from `position` on.
    func dropFirst(_ position: Int) -> Counts {
      switch self {
      case .ones: .ones
      case .narrow(let counts): .narrow(counts + position)
      case .wide(let counts): .wide(counts + position)
      }
    }
  }

  let start: Int
  let indices: UnsafePointer<UInt32>?
  let counts: Counts
  let count: Int

  @inline(__always) func index(_ position: Int) -> Int {
    indices.map { Int($0[position]) } ?? start + position
  }
  @inline(__always) func weight(_ position: Int) -> UInt64 { counts[position] }

  /// `count` of the entries.
  func part(from position: Int, count: Int) -> Entries {
    Entries(
      start: start + position, indices: indices.map { $0 + position }, counts: counts.dropFirst(position), count: count)
  }
}
