internal import ExactArithmetic

/// The nodes of a context tree, flat: node 0 is the root.
///
/// Children and counts are lists of links in one array, in the order in which they came, so a node of a large alphabet
/// costs what it has seen and not what it might see.
struct ContextNodes: Sendable {
  /// One context that came.
  struct Node: Sendable {
    /// Symbols that followed the context.
    var total = 0
    var firstCount: Int32 = -1
    var firstChild: Int32 = -1
    /// P_e of the counts, and P_w.
    var estimate = ScaledFraction.one
    var weighted = ScaledFraction.one
  }

  private struct Link: Sendable {
    let symbol: Int32
    /// A count, or the number of a child.
    var value: Int32
    let next: Int32
  }

  private(set) var nodes = [Node()]
  private var links: [Link] = []

  subscript(node: Int) -> Node {
    get { nodes[node] }
    set { nodes[node] = newValue }
  }

  var count: Int { nodes.count }

  /// How often a symbol followed the context.
  func occurrences(_ node: Int, of symbol: Int) -> Int {
    find(symbol, nodes[node].firstCount).map { Int(links[$0].value) } ?? 0
  }

  /// The node whose context is longer by one symbol further back; nil when it never came.
  func child(_ node: Int, _ symbol: Int) -> Int? { find(symbol, nodes[node].firstChild).map { Int(links[$0].value) } }

  /// The children of a node but for that of one symbol.
  func siblings(_ node: Int, but symbol: Int) -> [Int] {
    var found: [Int] = []
    var at = nodes[node].firstChild
    while at >= 0 {
      let link = links[Int(at)]
      if Int(link.symbol) != symbol { found.append(Int(link.value)) }
      at = link.next
    }
    return found
  }

  mutating func addChild(_ node: Int, _ symbol: Int) -> Int {
    let child = nodes.count
    nodes.append(Node())
    nodes[node].firstChild = link(symbol, Int32(child), nodes[node].firstChild)
    return child
  }

  mutating func count(_ node: Int, _ symbol: Int) {
    nodes[node].total += 1
    if let known = find(symbol, nodes[node].firstCount) {
      links[known].value += 1
    } else {
      nodes[node].firstCount = link(symbol, 1, nodes[node].firstCount)
    }
  }

  private mutating func link(_ symbol: Int, _ value: Int32, _ next: Int32) -> Int32 {
    links.append(Link(symbol: Int32(symbol), value: value, next: next))
    return Int32(links.count - 1)
  }

  private func find(_ symbol: Int, _ first: Int32) -> Int? {
    var at = first
    while at >= 0 {
      if links[Int(at)].symbol == Int32(symbol) { return Int(at) }
      at = links[Int(at)].next
    }
    return nil
  }
}
