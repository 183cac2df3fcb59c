/// Lists of integers in one stack of words: made one behind the other, given back together to a mark.
///
/// A list is a word: where it begins, times 2^31, plus how many integers it has; every empty list is 0. A part of a list is a
/// list, without a copy. Equal lists may be different words (`equal`).
///
/// - Complexity: memory is that of the lists since the mark, some power of two words.
@usableFromInline package struct ListArena {
  private(set) var words: UnsafeMutablePointer<Int64>
  private(set) var capacity = 1 << 10
  /// Where the next list begins.
  @usableFromInline package var top = 0

  static let longest = 1 << 31 - 1
  static let most = 1 << 32

  init() { words = .allocate(capacity: capacity) }

  func deallocate() { words.deallocate() }

  var bytes: Int { 8 * capacity }

  /// The word of the list of `count` integers that begins at `start`.
  @inline(__always)
  static func word(_ start: Int, _ count: Int) -> Int64 { count == 0 ? 0 : Int64(start) << 31 | Int64(count) }
  @inline(__always)
  static func count(_ list: Int64) -> Int { Int(list & 0x7FFF_FFFF) }
  @inline(__always)
  static func start(_ list: Int64) -> Int { Int(list >> 31) }

  /// The integers of a list; good until the next `reserve`.
  @inline(__always)
  func elements(_ list: Int64) -> UnsafeBufferPointer<Int64> {
    UnsafeBufferPointer(start: words + Self.start(list), count: Self.count(list))
  }

  /// Takes `count` words and says where they begin; nil when a list cannot be so long.
  @inline(__always)
  mutating func reserve(_ count: Int) -> Int? {
    let start = top
    if count > capacity - start { guard grow(count) else { return nil } }
    top = start + count
    return start
  }

  @inline(never)
  private mutating func grow(_ count: Int) -> Bool {
    guard count <= Self.longest, top + count <= Self.most else { return false }
    while capacity < top + count { capacity *= 2 }
    let larger = UnsafeMutablePointer<Int64>.allocate(capacity: capacity)
    larger.update(from: words, count: top)
    words.deallocate()
    words = larger
    return true
  }

  /// Gives everything since `mark` back but this list, which may be older.
  @inline(__always)
  mutating func keep(_ list: Int64, since mark: Int) -> Int64 {
    let (start, count) = (Self.start(list), Self.count(list))
    if count == 0 || start < mark {
      top = mark
      return list
    }
    if start > mark { (words + mark).update(from: words + start, count: count) }
    top = mark + count
    return Self.word(mark, count)
  }

  /// A list of these integers, at the top.
  mutating func place(_ elements: some Collection<Int64>) -> Int64 {
    guard let start = reserve(elements.count) else { preconditionFailure("a list of \(elements.count) integers") }
    for (offset, element) in elements.enumerated() { words[start + offset] = element }
    return Self.word(start, elements.count)
  }

  func equal(_ a: Int64, _ b: Int64) -> Bool {
    if a == b { return true }
    let count = Self.count(a)
    if count != Self.count(b) { return false }
    let (x, y) = (words + Self.start(a), words + Self.start(b))
    for offset in 0..<count where x[offset] != y[offset] { return false }
    return true
  }
}
