import Grammars

extension Term {
  /// The term with another one in place of a variable, where no lambda binds it.
  func replacing(_ variable: Int, by other: Term) -> Term {
    switch self {
    case .variable(let index): return index == variable ? other : self
    case .constant: return self
    case .operation(let op, let arguments):
      return .operation(op, arguments.map { $0.replacing(variable, by: other) })
    case .call(let index, let arguments):
      return .call(index, arguments.map { $0.replacing(variable, by: other) })
    case .lambda(let variables, let body):
      return variables.contains(variable) ? self : .lambda(variables, body.replacing(variable, by: other))
    }
  }
}
