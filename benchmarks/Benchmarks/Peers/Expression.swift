/// An S-expression, to write out the `let` of an answer: Levin's reader has none, and the size is that of the tree.
indirect enum Expression {
  case atom(String)
  case list([Expression])

  /// The first expression in a text; nil when it is not closed.
  init?(_ text: String) {
    var open: [[Expression]] = []
    var word = ""
    var done: Expression?
    func add(_ expression: Expression) {
      if open.isEmpty { done = done ?? expression } else { open[open.count - 1].append(expression) }
    }
    func endWord() {
      if !word.isEmpty { add(.atom(word)) }
      word = ""
    }
    for character in text {
      switch character {
      case "(":
        endWord()
        open.append([])
      case ")":
        endWord()
        guard let last = open.popLast() else { return nil }
        add(.list(last))
      case " ", "\n", "\t": endWord()
      default: word.append(character)
      }
    }
    guard open.isEmpty, let done else { return nil }
    self = done
  }

  var text: String {
    switch self {
    case .atom(let word): word
    case .list(let parts): "(" + parts.map(\.text).joined(separator: " ") + ")"
    }
  }

  /// Without `let`: each name replaced by what it stands for.
  func expanded(_ names: [String: Expression] = [:]) -> Expression {
    switch self {
    case .atom(let word): return names[word] ?? self
    case .list(let parts):
      if parts.count == 3, case .atom("let") = parts[0], case .list(let bindings) = parts[1] {
        var inner = names
        for binding in bindings {
          if case .list(let pair) = binding, pair.count == 2, case .atom(let name) = pair[0] {
            inner[name] = pair[1].expanded(names)
          }
        }
        return parts[2].expanded(inner)
      }
      return .list(parts.map { $0.expanded(names) })
    }
  }
}
