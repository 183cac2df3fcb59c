/// Names, shapes and places of a network's parameters in one flat vector.
///
///     let layout = ParameterLayout([("embed.W_E", [113, 128]), ("mlp.W_in", [128, 256])])
///     layout.count                  // 47232
///     layout["mlp.W_in"]?.offset    // 14464
///
/// Entries lie one after the other, in the order given, without holes; matrices are row-major. That order is also the
/// order of files. Optimisers work on the flat vector; those that treat a matrix as one thing go through the entries.
public struct ParameterLayout: Hashable, Sendable {
  /// One named array of the vector.
  public struct Entry: Hashable, Sendable {
    /// The parameter's name, such as `mlp.W_in`; files use the same.
    public let name: String
    /// Sizes, slowest index first.
    public let shape: [Int]
    /// Place of the first element in the vector.
    public let offset: Int
    /// The product of the shape.
    public let count: Int
    /// Places in the vector.
    public var range: Range<Int> { offset..<offset + count }
  }

  /// The arrays in the order in which they lie in the vector.
  public let entries: [Entry]
  /// Elements of the vector.
  public let count: Int
  private let indices: [String: Int]

  /// A layout of arrays in this order; no name may occur twice.
  public init(_ arrays: [(name: String, shape: [Int])]) {
    var entries: [Entry] = []
    var indices: [String: Int] = [:]
    var offset = 0
    for (name, shape) in arrays {
      let count = shape.reduce(1, *)
      precondition(indices.updateValue(entries.count, forKey: name) == nil, "two parameters are named '\(name)'")
      entries.append(Entry(name: name, shape: shape, offset: offset, count: count))
      offset += count
    }
    self.entries = entries
    self.indices = indices
    self.count = offset
  }

  /// The entry with that name, `nil` when there is none.
  public subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// A layout is what it lists.
  public static func == (left: Self, right: Self) -> Bool { left.entries == right.entries }
  public func hash(into hasher: inout Hasher) { hasher.combine(entries) }
}
