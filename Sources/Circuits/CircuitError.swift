/// Why a network cannot be read, or a program cannot be compared with it.
public enum CircuitError: Error, Hashable, Sendable {
  /// The network does not take the inputs or give the answers that it is studied on.
  case misfit(String)
  /// There is no activation of that name.
  case noSite(String, known: [String])
  /// The site has another number of positions.
  case noPosition(String, position: Int, positions: Int)
  /// A value that inputs or a program produced is not among the network's answers.
  case noAnswer(String)
  /// The program takes another number of arguments.
  case arity(program: Int, inputs: Int)
  /// A program without an operator has no variable to look for.
  case noVariables(String)
  /// Directions that do not span as many dimensions as they are.
  case rankDeficient(String, rank: Int, directions: Int)
  /// Setting the variable never changes the program's answer within some inputs (in words): nothing can be counted.
  case noEffectivePairs(String, within: String)
  /// The rest of the network is not linear behind the site, or the logits do not depend on it: it has no read directions.
  case notLinear(String)
  /// Activations or logits, as messages name them, with the first input on which they are infinite or NaN.
  case notFinite(String, input: String)
  /// A decoy that is no rival of the program: where both have a value nothing tells them apart.
  case noRival(String)
  /// A measure is defined for other networks or inputs only.
  case notDefined(String)
}

extension CircuitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .misfit(let reason): return "the network does not fit the inputs: \(reason)"
    case .noSite(let name, let known):
      return "no activation '\(name)' in this network; it has \(known.joined(separator: ", "))"
    case .noPosition(let name, let position, let positions):
      return "'\(name)' has positions 0 … \(positions - 1), not \(position)"
    case .noAnswer(let text): return text
    case .arity(let program, let inputs):
      return "the program takes \(program) arguments, the network is studied on \(inputs)"
    case .noVariables(let program):
      return "the program '\(program)' computes nothing: it has no operator, so no variable to look for"
    case .rankDeficient(let name, let rank, let directions):
      return "the \(directions) directions at \(name) span \(rank) dimensions only"
    case .noEffectivePairs(let variable, let inputs):
      return
        "setting '\(variable)' to its value on another input never changes the program's answer within \(inputs): nothing can be counted"
    case .notLinear(let site):
      return
        "what follows '\(site)' is not linear, or does not read it, so that it has no read directions; choose a later site, such as mlp.hook_post, or do without frequencies"
    case .notFinite(let numbers, let input):
      return "\(numbers) are not finite on input \(input): nothing can be counted with them"
    case .noRival(let reason), .notDefined(let reason): return reason
    }
  }
}
