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

  /// What became of derivations: each has a sum in the tally.
  package enum Fate: Int, CaseIterable {
    case open, tooLong, merged, failed, wrong, right

    package var sum: WritableKeyPath<WalkTally, MassSum> {
      switch self {
      case .open: \.open
      case .tooLong: \.tooLong
      case .merged: \.merged
      case .failed: \.failed
      case .wrong: \.wrong
      case .right: \.right
      }
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
    Fate.allCases.reduce(Rational(0)) { $0 + self[keyPath: $1.sum].total }
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
    for fate in Fate.allCases { self[keyPath: fate.sum].add(other[keyPath: fate.sum]) }
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
  @inline(never)
  func wideLimit(_ best: PriorFraction, _ number: Int32, _ parent: Int32) -> UInt64 {
    if let settled = best.floorOfBounds(times: settings.phase) { return settled }
    let steps = (wideBest(number, parent) * Rational(BigInteger(1) << Int(settings.phase))).floor()
    return UInt64(exactly: steps) ?? .max
  }

  /// Whether the likeliest completion of such a prefix has more than so many bits.
  @inline(never)
  func isWideTooLong(_ best: PriorFraction, _ bits: Int32, _ number: Int32, _ parent: Int32) -> Bool {
    if let settled = best.floorOfBounds(times: bits) { return settled == 0 }
    return wideBest(number, parent) * Rational(BigInteger(1) << Int(bits)) < 1
  }

  /// The prior of its likeliest completion.
  private func wideBest(_ number: Int32, _ parent: Int32) -> Rational {
    let grammar = tables.grammar
    let last = grammar.productions[Int(number)]
    var best = prior(ofCode: codeTop) * last.arguments.reduce(last.probability) { $0 * tables.best[$1] }
    var place = parent
    while place >= 0 {
      let frame = frame(place).pointee
      for argument in grammar.productions[Int(frame.production)].arguments.dropFirst(Int(frame.argument) + 1) {
        best *= tables.best[argument]
      }
      place = frame.parent
    }
    return best
  }

  /// Which of the derivations that begin with the code so far are meant.
  enum Continuations {
    case all
    /// Those that go on with this production.
    case production(Int32)
    /// Those that go on with a production of this nonterminal, from a place of its order on.
    case places(Int, from: Int)
  }

  /// Their prior, where it does not fit a `PriorFraction`.
  func wideMass(_ part: Continuations) -> MassSum.Wide {
    let count = tables.wideScale.priors.basis.count
    var tail = 0
    let exponents = [Int64](unsafeUninitializedCapacity: count) { sums, length in
      for place in 0..<count { sums[place] = 0 }
      for position in 0..<codeTop { tables.addExponents(of: Int(code[position]), to: sums) }
      switch part {
      case .all: break
      case .production(let number): tables.addExponents(of: Int(number), to: sums)
      case .places(let nonterminal, let first): tail = tables.tailNumber(nonterminal, first)
      }
      length = count
    }
    return MassSum.Wide(exponents: exponents, tail: tail)
  }

  /// Adds to the mass of a fate; of powers of two in the path's own words, which `collect` empties.
  @inline(__always)
  private func add(_ mass: PriorFraction, to fate: WalkTally.Fate, _ part: Continuations = .all) {
    if mass.odd == 1, UInt32(bitPattern: mass.shift) < UInt32(MassSum.shifts) {
      // Of a wide fraction nothing is added here.
      path.pointee.masses[fate.rawValue &* MassSum.shifts &+ Int(mass.shift)] &+= UInt128(mass.numerator)
      if !mass.isWide { return }
    }
    addSlowly(mass, to: fate, part)
  }

  @inline(never)
  private func addSlowly(_ mass: PriorFraction, to fate: WalkTally.Fate, _ part: Continuations) {
    path.pointee.tally[keyPath: fate.sum].add(mass, else: wideMass(part), of: tables.wideScale)
  }

  /// Brings the path's words into the tally.
  func collect() {
    for fate in WalkTally.Fate.allCases {
      let words = path.pointee.masses + fate.rawValue * MassSum.shifts
      path.pointee.tally[keyPath: fate.sum].add(dyadic: words)
      words.update(repeating: 0, count: MassSum.shifts)
    }
  }

  /// Leaves derivations of prior `mass` that begin with the code so far, and take `steps` at least.
  func leave(
    _ mass: PriorFraction, _ steps: UInt64, isTooLong: Bool, isTooDeep: Bool = false, _ part: Continuations
  ) {
    add(mass, to: isTooLong ? .tooLong : .open, part)
    if goal == .stream { leaveUnvisited(mass, steps, isTooDeep: isTooDeep, part) }
  }

  func addMerged(_ prior: PriorFraction, _ number: Int32) { add(prior, to: .merged, .production(number)) }
  func merge(_ state: UnsafeMutablePointer<State>) { add(state.pointee.prior, to: .merged) }
  func addOpen(_ state: UnsafeMutablePointer<State>) { add(state.pointee.prior, to: .open) }
  func addFailed(_ state: UnsafeMutablePointer<State>) { add(state.pointee.prior, to: .failed) }
  func addWrong(_ state: UnsafeMutablePointer<State>) { add(state.pointee.prior, to: .wrong) }
  func addRight(_ state: UnsafeMutablePointer<State>) { add(state.pointee.prior, to: .right) }

  func addRight(_ state: UnsafeMutablePointer<State>, _ steps: UInt64) {
    addRight(state)
    let program = Program(productions: (0..<codeTop).map { code[$0] })
    tally.add(
      WalkTally.Solution(
        program: program, probability: prior(ofCode: codeTop), steps: steps, copies: Int(state.pointee.copies)))
  }
}
