import Evaluation
import ExactArithmetic
import Grammars

/// Finds programs on streams, (start, update, output), by their halves: the update is run on the training streams without an
/// output, and an output is sought for the states that it leaves.
///
/// 1. *Answers as states.* If the output is a state, every state is known but the first, and its update is sought as an ordinary
///    program with known examples; with two states, beside one that goes its own way (`+Answers`).
/// 2. *Updates in two parts*, one that reads the state and one that reads the symbol (`SeparableUpdates`).
/// 3. *Updates in order of prior*, as the attempt has stored them (`+Updates`).
/// 4. *States that are residues*, with an update of its own for each block of symbols (`+Residues`); this way alone where the
///    transducer stands in frames (`StreamReading`).
///
/// An update is left as soon as the wanted answer is no function of what the output sees. For those that remain the output is
/// one of the stored terms, or is sought by a search of its own.
///
/// What is found is some program, an upper bound of the shortest: the likeliest of all that were met. It is run as a whole on
/// all training examples before it counts, and outside of frames on the longest training inputs one behind another: where it has no
/// value there, it would answer no long stream. Lengths in `Double` order the work and share it out; they decide nothing else.
final class TransducerInversion {
  let attempt: SearchAttempt
  let tree: StreamTree
  let shapes: [TransducerShape]
  private let work: Double
  private(set) var best: BestProgram
  /// Bits of the best program so far; infinite without one.
  private(set) var bestBits = Double.infinity
  private var languages: BodyLanguages
  private var refuted: Set<Program> = []

  /// Least work that a search for a part is worth: listing levels takes that much before anything is run.
  static let leastWork = 1e5
  /// What a machine of residues in frames may take for a candidate: one there is some hundred runs of a transducer.
  private static let framedSteps = 32.0
  /// Longest part that is searched for, in bits.
  private static let mostBits = 48.0

  /// The likeliest program over all ways to read the training streams.
  ///
  /// - Parameter work: candidates that it may take, about.
  static func search(_ attempt: SearchAttempt, work: Double, until isOver: @escaping () -> Bool) -> Program? {
    let readings = StreamReading.all(attempt)
    let found = readings.compactMap { reading in
      TransducerInversion(attempt, reading, work: work / Double(readings.count)).run(until: isOver)
    }
    return found.min { attempt.grammar.probability(of: $0) > attempt.grammar.probability(of: $1) }
  }

  init(_ attempt: SearchAttempt, _ reading: StreamReading, work: Double) {
    (shapes, tree) = (reading.shapes, reading.tree)
    self.attempt = attempt
    best = BestProgram(attempt.grammar)
    languages = BodyLanguages(attempt.grammar)
    self.work = work
  }

  /// The likeliest program met that agrees with all training examples.
  func run(until isOver: @escaping () -> Bool) -> Program? {
    let share = work / Double(shapes.count)
    for shape in shapes where !isOver() {
      if shape.frames.isEmpty {
        if shape.states == 1 { single(shape, work: share, isOver) } else { double(shape, work: share, isOver) }
        residues(shape, work: share * 0.5, isOver)
      } else {
        residues(shape, work: share, steps: Self.framedSteps, isOver)
      }
    }
    return best.program
  }

  private func single(_ shape: TransducerShape, work: Double, _ isOver: @escaping () -> Bool) {
    answers(shape, work: work * 0.05, isOver)
    guard let outputs = stateTerms(shape.output, shape.outputVariables[0], work: work, isOver) else { return }
    let pool = OutputPool(self, shape, outputs, isOver)
    if let halves = UpdateHalves(self, shape, state: 0, work: work * 0.2, isOver) {
      let separable = SeparableUpdates(
        self, halves, outputs,
        .init(wanted: tree.wanted, first: nil, bits: shape.bits(attempt.grammar)) {
          shape.program(starts: [$0], updates: [$1], output: $2)
        })
      separable.fromOutputs(work: work * 0.1)
      separable.followed(work: work * 0.3)
      separable.fromUpdates(pool, work: work * 0.15)
    }
    enumerated(shape, pool, work: work * 0.05, isOver)
    pool.search(work: work * 0.15)
  }

  private func double(_ shape: TransducerShape, work: Double, _ isOver: @escaping () -> Bool) {
    driven(shape, work: work * 0.25, isOver)
    guard let terms = stateTerms(shape.updates[0], shape.updateVariables[1], work: work, isOver),
      let halves = UpdateHalves(self, shape, state: 1, work: work * 0.2, isOver)
    else { return }
    delayed(shape, halves, terms, work: work * 0.55)
  }

  /// Terms of a state alone.
  private func stateTerms(_ nonterminal: Int, _ variable: Int, work: Double, _ isOver: @escaping () -> Bool)
    -> StateTerms?
  {
    let terms = StateTerms(
      language(nonterminal), reading: variable, work: work / 32,
      most: UpdateHalves.mostStates(work: work / 4, memory: attempt.memoryLeft),
      memoryLimit: attempt.memoryLeft, stepLimit: attempt.configuration.stepLimit, isOver)
    attempt.bank.meter.note(terms?.bytes ?? 0)
    return terms.flatMap { $0.count > 0 ? $0 : nil }
  }
}

extension TransducerInversion {
  /// A program that may be right: it is run, and kept if it is and no likelier one is known.
  @discardableResult func offer(_ program: Program) -> Bool {
    let isBest = best.offer(program) {
      refuted.insert($0).inserted && attempt.wrongExamples($0).isEmpty && hasValueOnLongStream($0)
    }
    if isBest { bestBits = -best.probability.log2 }
    return isBest
  }

  private func hasValueOnLongStream(_ program: Program) -> Bool {
    guard let machine = attempt.bank.kernelTables.machine else { return false }
    if tree.joined.isEmpty { return true }
    let stream = Value.list(tree.joined.map { tree.symbols[$0] })
    let number = machine.number(of: attempt.grammar.term(of: program))
    return machine.run(number, on: [machine.word(stream)], stepLimit: attempt.configuration.runLimit).word != nil
  }

  /// The shortest body that answers a question, so short that the whole, of `bits` beside it, is the best.
  ///
  /// - Parameter unproven: whether some body will do where the shortest is not found.
  func body(
    _ question: BodyQuestion, beside bits: Double, work: Double, unproven: Bool, _ isOver: @escaping () -> Bool
  ) -> Program? {
    let (language, room) = (language(question.body), min(Self.mostBits, bestBits - bits))
    if room < 1 { return nil }
    func found(_ unproven: Bool, _ work: Double) -> Program? {
      attempt.body(question, language, work: work, unproven: unproven, maxBits: Int(room), isOver)
    }
    return unproven ? found(false, work / 4) ?? found(true, work / 4) : found(false, work / 2)
  }

  /// The language of the bodies of an open nonterminal.
  func language(_ body: Int) -> BodyLanguage { languages.language(body, binds: true) }

  /// Constants for the start of a state, shortest first.
  func starts(_ nonterminal: Int) -> [(value: Int64, program: Program, bits: Double)] {
    attempt.knownTerms(nonterminal, 16).compactMap { term in term.constant.map { ($0, term.program, term.bits) } }
  }

  /// The program of a variable with its bits.
  func leaf(_ nonterminal: Int, _ variable: Int) -> (program: Program, bits: Double)? {
    attempt.leaf(nonterminal, variable).map { ($0, -attempt.grammar.probability(of: $0).log2) }
  }

  func words(_ variables: [Int], _ values: [Int64]) -> [Int64] { attempt.words(variables, values) }
}
