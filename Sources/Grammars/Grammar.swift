public import ExactArithmetic

/// A typed probabilistic grammar: the language that is searched and, with its probabilities, the prior.
///
/// A grammar is kept in *normal form*: every production is a single symbol applied to nonterminals. A production
/// of the file that is a larger term, such as `(+ Start 1)`, is split with auxiliary nonterminals that have one
/// production of probability 1 each, so derivations, priors, sizes and counts are those of the file.
///
/// - Invariant: the probabilities of a nonterminal's productions are positive and sum to exactly 1; every
///   nonterminal derives some program; no cycle of probability-1 unit derivations exists.
public struct Grammar: Sendable {
  /// A named argument of the function to be synthesised.
  public struct Parameter: Hashable, Sendable {
    /// The name that programs are written with.
    public let name: String
    /// Sort of its values.
    public let sort: Sort
    /// A parameter or variable of a name and sort.
    public init(name: String, sort: Sort) {
      self.name = name
      self.sort = sort
    }
  }

  /// A nonterminal and the range of its productions.
  public struct Nonterminal: Hashable, Sendable {
    /// Its name in the file; of an auxiliary one, a made-up name.
    public let name: String
    /// Sort of the programs that it derives.
    public let sort: Sort
    /// Its productions, as a range of indices into `Grammar.productions`, in file order.
    public let productions: Range<Int>
    /// Whether it stands for an inner part of a larger production (normal form) and not for a name in the file.
    public let isAuxiliary: Bool
    /// Whether it stands under a `lambda`: its programs have no value until the variables have theirs. A name that a file uses
    /// inside and outside of lambdas is two nonterminals, with the same productions.
    public let isOpen: Bool
    /// A nonterminal from its parts; `productions` must lie together in `Grammar.productions`.
    public init(name: String, sort: Sort, productions: Range<Int>, isAuxiliary: Bool, isOpen: Bool = false) {
      self.name = name
      self.sort = sort
      self.productions = productions
      self.isAuxiliary = isAuxiliary
      self.isOpen = isOpen
    }
  }

  /// One rule: `symbol` applied to `arguments`.
  public struct Production: Hashable, Sendable {
    /// The nonterminal that it belongs to, an index into `Grammar.nonterminals`.
    public let nonterminal: Int
    /// What it writes above its arguments.
    public let symbol: Symbol
    /// Nonterminals of the arguments, 0 to 3 (a function defined in the file may take more).
    public let arguments: [Int]
    /// Its probability among those of its nonterminal, above 0 and up to 1.
    public let probability: Rational
    /// A rule from its parts.
    public init(nonterminal: Int, symbol: Symbol, arguments: [Int], probability: Rational) {
      self.nonterminal = nonterminal
      self.symbol = symbol
      self.arguments = arguments
      self.probability = probability
    }
  }

  /// What a production writes.
  public enum Symbol: Hashable, Sendable {
    /// The variable with this index in `Grammar.variables`.
    case variable(Int)
    /// A literal, or a nullary definition of the file shown under its name (`modulus`).
    case constant(Value, name: String?)
    /// An operator above the production's arguments, in their order.
    case operation(Operator)
    /// The function with this index in `Grammar.definitions`.
    case call(Int)
    /// Binds these variables in its one argument.
    case lambda([Int])
    /// Nothing: the nonterminal derives its one argument's programs.
    case unit
  }

  /// A function of the file (`define-fun` with parameters) that productions call.
  public struct Definition: Hashable, Sendable {
    /// Its name in the file.
    public let name: String
    /// The arguments, in order; variables of the body are their indices.
    public let parameters: [Parameter]
    /// Sort of the result.
    public let sort: Sort
    /// The term that a call stands for, with arguments already computed.
    public let body: Term
    /// A definition from its parts.
    public init(name: String, parameters: [Parameter], sort: Sort, body: Term) {
      self.name = name
      self.parameters = parameters
      self.sort = sort
      self.body = body
    }
  }

  /// The name of the function to be synthesised.
  public let name: String
  /// The inputs of the function to be synthesised.
  public let parameters: [Parameter]
  /// The parameters, then the variables that lambdas bind, by name. A lambda that binds a parameter's name hides it.
  public let variables: [Parameter]
  /// The start nonterminal is number 0.
  public let nonterminals: [Nonterminal]
  /// All productions, those of a nonterminal together, in file order.
  public let productions: [Production]
  /// Functions of the file that productions call; each calls only those before it.
  public let definitions: [Definition]
  /// The modulus of `ff.` operators and of the constant `modulus`; nil when the file defines none.
  public let modulus: Int64?

  /// A grammar from its parts, which must satisfy the invariant; files go through `SyGuSReader`, which reports faults.
  public init(
    name: String, parameters: [Parameter], nonterminals: [Nonterminal], productions: [Production],
    definitions: [Definition] = [], modulus: Int64? = nil, boundVariables: [Parameter] = []
  ) {
    self.name = name
    self.parameters = parameters
    variables = parameters + boundVariables
    self.nonterminals = nonterminals
    self.productions = productions
    self.definitions = definitions
    self.modulus = modulus
  }

  /// The sort of the synthesised function's result.
  public var resultSort: Sort { nonterminals[0].sort }

  /// Whether programs may loop, bind variables or work on lists, so that a run needs a limit of steps.
  public var isStructured: Bool {
    productions.contains {
      if case .operation(let op) = $0.symbol { op.isStructured } else { $0.symbol.isLambda }
    }
  }

  /// Whether a run may come to loops, lambdas or lists: `isStructured`, or a definition has some of their operators inside.
  package var runsStructure: Bool {
    func isStructured(_ term: Term) -> Bool {
      switch term {
      case .lambda: true
      case .operation(let op, let arguments): op.isStructured || arguments.contains(where: isStructured)
      default: term.arguments.contains(where: isStructured)
      }
    }
    return self.isStructured || definitions.contains { isStructured($0.body) }
  }

  /// Whether programs may bind variables.
  package var bindsVariables: Bool { productions.contains { $0.symbol.isLambda } }

  /// Whether a nonterminal writes a lambda at its top.
  package func writesLambda(_ nonterminal: Int) -> Bool {
    nonterminals[nonterminal].productions.contains { productions[$0].symbol.isLambda }
  }
}

extension Grammar.Symbol {
  var isLambda: Bool { if case .lambda = self { true } else { false } }
}

/// An expression tree: the body of a definition, or a program written out.
public indirect enum Term: Hashable, Sendable {
  /// A variable, by index: in a program one of `Grammar.variables`, in a definition one of its parameters.
  case variable(Int)
  /// A literal, with the name that it is shown under, if it has one.
  case constant(Value, name: String?)
  /// An operator with its operands.
  case operation(Operator, [Term])
  /// A call of `Grammar.definitions[index]`.
  case call(Int, [Term])
  /// A function of these variables.
  case lambda([Int], Term)
}
