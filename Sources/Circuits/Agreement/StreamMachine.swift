internal import Grammars

/// A part of a program that goes through a stream symbol by symbol and keeps a state: a transducer, a fold, or a sum.
///
/// The state after k symbols is the value of a term, and what the program answers from another state there is the value of a term
/// too: so states need no semantics of their own. A transducer reads all of its input, so its terms are run on the first k symbols
/// and on the rest; the others take and drop them.
struct StreamMachine: Hashable, Sendable {
  /// How the state is kept.
  private enum Kind: Hashable {
    /// `(sum xs)`: the sum so far.
    case sum
    /// `(fold f start xs)`.
    case fold
    /// `(transduce start update output)`, and `transduce2` with two states.
    case transducer
  }

  private let kind: Kind
  /// The sub-expression.
  let part: Term
  /// Names of its states: of the variables that are bound to them, or the sum's own term.
  let names: [String]
  /// For each state the term whose value is that state behind the stream.
  private let readings: [Term]

  /// nil for other terms than those, of the parameter `stream`.
  private init?(_ part: Term, _ grammar: Grammar) {
    guard case .operation(let op, let arguments) = part, let last = arguments.last else { return nil }
    self.part = part
    switch (op, last) {
    case (.sum, .variable(0)):
      (kind, names, readings) = (.sum, [SyGuSPrinter(grammar).text(part)], [part])
    case (.fold, .variable(0)):
      guard case .lambda(let bound, _) = arguments[0] else { return nil }
      (kind, names, readings) = (.fold, [grammar.variables[bound[0]].name], [part])
    case (.transduce, .lambda(let bound, _)), (.transduce2, .lambda(let bound, _)):
      let states = bound.dropLast()
      kind = .transducer
      names = states.map { grammar.variables[$0].name }
      readings = states.map { .operation(op, arguments.dropLast() + [.lambda(bound, .variable($0))]) }
    default: return nil
    }
  }

  /// The machines of a program in the order in which they stand in it, each once; none under a lambda.
  ///
  /// - Throws: `CircuitError.notDefined` where the stream of a transducer is read beside it: it is run on the rest of the stream
  ///   when its state is set, and then all of the program is.
  static func machines(of program: Term, in grammar: Grammar) throws(CircuitError) -> [StreamMachine] {
    var found: [StreamMachine] = []
    func visit(_ term: Term) throws(CircuitError) {
      guard let machine = StreamMachine(term, grammar) else {
        if case .lambda = term { return }
        for argument in term.arguments { try visit(argument) }
        return
      }
      guard !found.contains(machine) else { return }
      found.append(machine)
      if machine.kind == .transducer, program.readsStream(beside: term) {
        throw .notDefined(
          "the program '\(SyGuSPrinter(grammar).text(program))' reads its stream beside a transducer, whose state then cannot be set"
        )
      }
    }
    try visit(program)
    return found
  }

  /// Whether the terms below are run on a part of the stream and not on all of it.
  var readsParts: Bool { kind == .transducer }

  /// For each state the term whose value is the state after so many symbols; where `readsParts`, on these.
  func readings(after symbols: Int) -> [Term] {
    guard !readsParts else { return readings }
    return readings.map { reading in
      guard case .operation(let op, let arguments) = reading else { preconditionFailure("a machine is an operation") }
      return .operation(op, arguments.dropLast() + [Self.stream(.take, symbols)])
    }
  }

  private static func stream(_ op: Operator, _ symbols: Int) -> Term {
    .operation(op, [.constant(.int(Int64(symbols)), name: nil), .variable(0)])
  }

  /// The term that goes on from these states behind the first symbols; where `readsParts`, on the rest.
  func part(from states: [Value], after symbols: Int) -> Term {
    let states = states.map { Term.constant($0, name: nil) }
    let rest = Self.stream(.drop, symbols)
    guard case .operation(let op, var arguments) = part else { preconditionFailure("a machine is an operation") }
    switch kind {
    case .sum: return .operation(.add, [states[0], .operation(.sum, [rest])])
    case .fold: (arguments[1], arguments[2]) = (states[0], rest)
    case .transducer: arguments[0] = states.count == 1 ? states[0] : .operation(.pair, states)
    }
    return .operation(op, arguments)
  }
}

extension Term {
  /// Whether the first parameter is read anywhere but by a part itself.
  fileprivate func readsStream(beside part: Term) -> Bool {
    if self == part { return arguments.contains { $0.readsStream } }
    return readsStreamItself || arguments.contains { $0.readsStream(beside: part) }
  }

  private var readsStream: Bool { readsStreamItself || arguments.contains(where: \.readsStream) }

  /// Whether it is the first parameter, or an operator that goes through it unnamed.
  private var readsStreamItself: Bool {
    switch self {
    case .variable(0): true
    case .operation(let op, _): [.transduce, .transduce2, .nested, .solve].contains(op)
    default: false
    }
  }
}
