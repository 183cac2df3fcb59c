/// The strongly connected components of a directed graph, each after all components that it leads to.
///
/// Inside a component nodes are ascending. Iterative, so that long chains of nonterminals need no deep stack.
///
/// - Complexity: O(nodes + edges).
/// - Source: Tarjan 1972.
package func stronglyConnectedComponents(_ successors: [[Int]]) -> [[Int]] {
  var search = ComponentSearch(successors)
  for node in successors.indices where search.number[node] == nil { search.visit(from: node) }
  return search.components
}

/// Tarjan's depth-first search with an explicit path.
private struct ComponentSearch {
  let successors: [[Int]]
  var number: [Int?]
  var components: [[Int]] = []
  private var low: [Int]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var path: [(node: Int, next: Int)] = []
  private var count = 0

  init(_ successors: [[Int]]) {
    self.successors = successors
    number = Array(repeating: nil, count: successors.count)
    low = Array(repeating: 0, count: successors.count)
    isOpen = Array(repeating: false, count: successors.count)
  }

  mutating func visit(from root: Int) {
    enter(root)
    while let (node, next) = path.last {
      guard next < successors[node].count else {
        leave(node)
        continue
      }
      path[path.count - 1].next += 1
      let successor = successors[node][next]
      if number[successor] == nil {
        enter(successor)
      } else if isOpen[successor] {
        low[node] = min(low[node], number[successor]!)
      }
    }
  }

  private mutating func enter(_ node: Int) {
    number[node] = count
    low[node] = count
    count += 1
    open.append(node)
    isOpen[node] = true
    path.append((node, 0))
  }

  private mutating func leave(_ node: Int) {
    path.removeLast()
    if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
    guard low[node] == number[node] else { return }
    let start = open.lastIndex(of: node)!
    let component = Array(open[start...])
    open.removeSubrange(start...)
    for member in component { isOpen[member] = false }
    components.append(component.sorted())
  }
}
