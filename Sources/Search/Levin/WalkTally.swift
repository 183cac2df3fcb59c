public import ExactArithmetic
public import Grammars

/// What a walk of one phase met, in exact numbers.
public struct WalkTally: Sendable {
  /// A program that gives all outputs.
  public struct Solution: Hashable, Sendable {
    /// The program as the walk met it.
    public let program: Program
    /// Its own prior, exact; those that differ in the order of arguments are not in it.
    public let probability: Rational
    /// Steps on all inputs.
    public let steps: UInt64
    /// log2 of the number of programs that differ from this one in the order of arguments alone.
    public let copies: Int

    /// A solution; `steps` are those of all inputs together, `copies` is a logarithm to base 2.
    public init(program: Program, probability: Rational, steps: UInt64, copies: Int) {
      (self.program, self.probability, self.steps, self.copies) = (program, probability, steps, copies)
    }
  }

  /// Prefixes of derivations visited.
  public package(set) var prefixes: UInt64 = 0
  /// Programs run.
  public package(set) var programs: UInt64 = 0
  /// Interpreter steps taken; a step shared by many programs counts once.
  public package(set) var steps: UInt64 = 0
  /// Prior of programs that need more than their share of the phase, or might.
  public package(set) var open = MassSum()
  /// Prior of programs longer than asked for.
  public package(set) var tooLong = MassSum()
  /// Prior of programs that another one stands for.
  public package(set) var merged = MassSum()
  /// Prior of programs that have no value on some input.
  public package(set) var failed = MassSum()
  /// Prior of programs whose value on some input is not the output.
  public package(set) var wrong = MassSum()
  /// Prior of programs that give all outputs.
  public package(set) var right = MassSum()
  /// Least steps per prior first; at most `solutionLimit`.
  public package(set) var solutions: [Solution] = []
  package let solutionLimit: Int
  /// What programs say along a sequence (`StreamWalk`).
  public internal(set) var stream: StreamTally

  package init(positions: Int, solutionLimit: Int) {
    self.solutionLimit = solutionLimit
    stream = StreamTally(positions: positions)
  }

  /// The prior of everything met: 1 exactly, when all of a grammar was walked (asserted by `LevinSearch`).
  public var total: Rational {
    [open, tooLong, merged, failed, wrong, right].reduce(Rational(0)) { $0 + $1.total }
  }

  mutating func add(_ solution: Solution) {
    solutions.append(solution)
    solutions.sort(by: Self.precedes)
    if solutions.count > solutionLimit { solutions.removeLast() }
  }

  /// Adds what another part of the same phase met.
  mutating func add(_ other: WalkTally) {
    prefixes += other.prefixes
    programs += other.programs
    steps += other.steps
    open.add(other.open)
    tooLong.add(other.tooLong)
    merged.add(other.merged)
    failed.add(other.failed)
    wrong.add(other.wrong)
    right.add(other.right)
    solutions = Array((solutions + other.solutions).sorted(by: Self.precedes).prefix(solutionLimit))
    stream.add(other.stream)
  }

  /// Fewer steps per prior, then greater prior, then earlier productions.
  static func precedes(_ a: Solution, _ b: Solution) -> Bool {
    let left = Rational(BigInteger(a.steps)) * b.probability
    let right = Rational(BigInteger(b.steps)) * a.probability
    if left != right { return left < right }
    if a.probability != b.probability { return a.probability > b.probability }
    return a.program.productions.lexicographicallyPrecedes(b.program.productions)
  }
}

extension DerivationWalk {
  /// The prior of a prefix, exactly, when it does not fit a `PriorFraction`.
  func prior(ofCode count: Int) -> Rational {
    (0..<count).reduce(Rational(1)) { $0 * tables.grammar.productions[Int(code[$1])].probability }
  }

  /// The share of a prefix that ends with `number` under `parent`, when it does not fit a `PriorFraction`.
  func wideLimit(_ number: Int32, _ parent: Int32) -> UInt64 {
    let grammar = tables.grammar
    let last = grammar.productions[Int(number)]
    var best = prior(ofCode: codeTop) * last.arguments.reduce(last.probability) { $0 * tables.best[$1] }
    var place = parent
    while place >= 0 {
      let frame = frames[Int(place)]
      for argument in grammar.productions[Int(frame.production)].arguments.dropFirst(Int(frame.argument) + 1) {
        best *= tables.best[argument]
      }
      place = frame.parent
    }
    let steps = (best * Rational(BigInteger(1) << Int(phase))).floor()
    return UInt64(exactly: steps) ?? .max
  }

  /// Leaves derivations of prior `mass` that begin with the code so far, and take `steps` at least.
  ///
  /// - Parameter share: their part of the prior of all that begin so, asked for when `mass` is wide.
  func leave(_ mass: PriorFraction, _ steps: UInt64, isTooLong: Bool, share: @autoclosure () -> Rational) {
    if isTooLong {
      tally.tooLong.add(mass, else: prior(ofCode: codeTop) * share())
    } else {
      tally.open.add(mass, else: prior(ofCode: codeTop) * share())
    }
    if goal == .stream { leaveUnvisited(mass, steps, share: share()) }
  }

  func addMerged(_ prior: PriorFraction, _ number: Int32) {
    tally.merged.add(
      prior, else: self.prior(ofCode: codeTop) * tables.grammar.productions[Int(number)].probability)
  }

  func merge(_ state: State) { tally.merged.add(state.prior, else: prior(ofCode: codeTop)) }
  func addOpen(_ state: State) { tally.open.add(state.prior, else: prior(ofCode: codeTop)) }
  func addFailed(_ state: State) { tally.failed.add(state.prior, else: prior(ofCode: codeTop)) }
  func addWrong(_ state: State) { tally.wrong.add(state.prior, else: prior(ofCode: codeTop)) }
  func addRight(_ state: State) { tally.right.add(state.prior, else: prior(ofCode: codeTop)) }

  func addRight(_ state: State, _ steps: UInt64) {
    addRight(state)
    let program = Program(productions: (0..<codeTop).map { code[$0] })
    tally.add(
      WalkTally.Solution(
        program: program, probability: prior(ofCode: codeTop), steps: steps, copies: Int(state.copies)))
  }
}
