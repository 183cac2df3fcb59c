import Evaluation
import ExactArithmetic
import Grammars

/// States that are residues.
extension TransducerInversion {
  /// Greatest modulus by the number of states: a cell is a byte.
  private static let mostModulus = [1: 24, 2: 12]
  private static let mostLooks = 4_096

  /// Updates modulo m that differ by blocks of symbols (`ResidueMachines`).
  ///
  /// - Parameter steps: what the search for a machine takes of one candidate's work.
  func residues(_ shape: TransducerShape, work: Double, steps: Double = 1, _ isOver: @escaping () -> Bool) {
    let (least, greatest) = (tree.answers.lowerBound, tree.answers.upperBound)
    guard least >= 0, greatest < Self.mostModulus[shape.states]!,
      (2...ResidueMachines.mostSymbols).contains(tree.symbols.count)
    else { return }
    let starts = residueStarts(shape)
    let isSymmetric = areAlike(shape)
    let first = max(2, Int(greatest) + 1)
    // Half of the work is for the modulus that the answers suggest.
    for modulus in first...Self.mostModulus[shape.states]! where !isOver() {
      let share = work / Double((modulus - first + 1) * (modulus - first + 2))
      if share < Self.leastWork { return }
      let variables = (shape.updateVariables, shape.outputVariables)
      let updates = shape.updates.map {
        ResidueTerms(
          attempt, $0, states: Array(variables.0.prefix(shape.states)), symbol: (variables.0.last!, tree.symbols),
          modulus: modulus, looks: Self.mostLooks, most: ResidueMachines.mostTerms, isOver)
      }
      let output = ResidueTerms(
        attempt, shape.output, states: Array(variables.1.prefix(shape.states)), symbol: nil, modulus: modulus,
        looks: Self.mostLooks, most: ResidueMachines.mostOutputs, isOver)
      let machines = ResidueMachines(
        tree, modulus: modulus, updates: updates, output: output, isSymmetric: isSymmetric,
        memory: attempt.memoryLeft / 2, work: share * steps, threads: attempt.configuration.threads, isOver)
      let residues = starts.filter { $0.values.allSatisfy { (0..<modulus).contains($0) } }
      let bits = bestBits - shape.bits(attempt.grammar)
      if let machine = machines.run(residues.map { ($0.values, $0.bits) }, within: bits) {
        let starts = residues.first { $0.values == machine.starts }!.programs
        var program = ResidueProgram(self, shape, machine, modulus, updates, output, starts: starts)
        program?.shorten(work: share / steps, isOver)
      }
      attempt.bank.meter.note(machines.bytes)
    }
  }

  /// Whether two states are written alike and with as many bits.
  private func areAlike(_ shape: TransducerShape) -> Bool {
    guard shape.states == 2, shape.starts[0] == shape.starts[1], shape.updates[0] == shape.updates[1] else {
      return false
    }
    func bits(_ nonterminal: Int, _ variables: [Int]) -> [Double?] { variables.map { leaf(nonterminal, $0)?.bits } }
    let (update, output) = (bits(shape.updates[0], shape.updateVariables), bits(shape.output, shape.outputVariables))
    return update[0] == update[1] && output[0] == output[1]
  }

  /// Values for the starts of all states, likeliest first.
  private func residueStarts(_ shape: TransducerShape) -> [(values: [Int], programs: [Program], bits: Double)] {
    shape.starts.reduce([([], [], 0)]) { known, nonterminal in
      known.flatMap { known in
        starts(nonterminal).map { (known.0 + [Int($0.value)], known.1 + [$0.program], known.2 + $0.bits) }
      }
    }
    .ordered { $0.2 }
  }
}

/// A machine of residues written as programs: the updates are least choices by the symbol between stored terms
/// (`SymbolChoices`), reduced by `mod` where the program needs it.
private struct ResidueProgram {
  let inversion: TransducerInversion
  let shape: TransducerShape
  let machine: ResidueMachines.Machine
  let modulus: Int
  let starts: [Program]
  /// The updates and the output of the best program.
  private var parts: [Program]
  /// The value at each cell.
  private let values: [UInt8]

  /// Offers all ways to write a machine; nil if none agrees with the examples and is better than what is known.
  init?(
    _ inversion: TransducerInversion, _ shape: TransducerShape, _ machine: ResidueMachines.Machine, _ modulus: Int,
    _ updates: [ResidueTerms], _ output: ResidueTerms, starts: [Program]
  ) {
    (self.inversion, self.shape, self.machine) = (inversion, shape, machine)
    (self.modulus, self.starts, parts, values) = (modulus, starts, [], output.tables[machine.output])
    let grammar = inversion.attempt.grammar
    let count = inversion.tree.symbols.count
    let cells = machine.step.count / count
    var plain: [Program] = []
    for (state, terms) in updates.enumerated() {
      let wanted = machine.step.map { state == 0 ? Int($0) % modulus : Int($0) / modulus }
      let agreeing = terms.tables.indices.map { term in
        let lanes = SymbolChoices.Choices.set(count) { place in
          (place * cells..<(place + 1) * cells).allSatisfy { Int(terms.tables[term][$0]) == wanted[$0] }
        }
        return SymbolChoices.Choices.Choice(lanes: lanes, bits: terms.bits[term], part: terms.programs[term])
      }
      let choices = SymbolChoices(
        inversion.attempt, shape.updates[state], symbol: shape.updateVariables.last!, inversion.tree.symbols)
      guard let update = choices?.least(agreeing) else { return nil }
      plain.append(update)
    }
    plain.append(output.programs[machine.output])
    let written = zip(plain, shape.updates + [shape.output]).map { program, nonterminal in
      [program] + (reduced(program, nonterminal).map { [$0] } ?? [])
    }
    let ways = written.reduce([[Program]()]) { ways, part in ways.flatMap { way in part.map { way + [$0] } } }
    for way in ways.ordered(by: { $0.reduce(0) { $0 - grammar.probability(of: $1).log2 } }) where offer(way) {
      parts = way
      return
    }
    return nil
  }

  private func offer(_ parts: [Program]) -> Bool {
    inversion.offer(shape.program(starts: starts, updates: Array(parts.dropLast()), output: parts.last!))
  }

  /// A term modulo m; nil where the language has no `mod` or no such number.
  private func reduced(_ program: Program, _ nonterminal: Int) -> Program? {
    let grammar = inversion.attempt.grammar
    return grammar.numerals(of: nonterminal, upTo: Int64(modulus)).last { $0.value == modulus }.flatMap {
      grammar.derivation(of: .operation(.mod, [grammar.term(of: program), $0.term]), from: nonterminal)
    }
  }

  /// Seeks shorter parts: the machine tells the states at all positions, so each is an ordinary question.
  mutating func shorten(work: Double, _ isOver: @escaping () -> Bool) {
    let grammar = inversion.attempt.grammar
    for (part, question) in questions().enumerated() {
      let beside = inversion.bestBits + grammar.probability(of: parts[part]).log2
      guard let question,
        let sought = inversion.body(question, beside: beside, work: work / 4, unproven: true, isOver)
      else { continue }
      var parts = parts
      parts[part] = sought
      if offer(parts) { self.parts = parts }
    }
  }

  /// The updates on all states and symbols that occur, and the output where an answer is wanted.
  private func questions() -> [BodyQuestion?] {
    let tree = inversion.tree
    func states(_ cell: UInt8) -> [Int64] {
      shape.states == 1 ? [Int64(cell)] : [Int64(Int(cell) % modulus), Int64(Int(cell) / modulus)]
    }
    var (points, next, ends, answers) = ([[Int64]](), [[Int64]](), [[Int64]](), [Int64]())
    var met: Set<[Int64]> = []
    var isEnd = Array(repeating: false, count: tree.count)
    for group in tree.groups where group >= 0 { isEnd[group] = true }
    func value(_ position: Int) -> Int64 { Int64(values[Int(machine.cells[position])]) }
    for position in 0..<tree.count {
      let (parent, after) = (tree.parents[position], states(machine.cells[position]))
      let before = parent < 0 ? machine.starts.map { Int64($0) } : states(machine.cells[parent])
      let group = tree.groups[position]
      let point = before + [group < 0 ? tree.symbols[tree.places[position]] : value(group)]
      if met.insert(point).inserted {
        points.append(inversion.words(shape.updateVariables, point))
        next.append(after)
      }
      if isEnd[position] || tree.wanted[position] != Value.noValueWord {
        ends.append(inversion.words(Array(shape.outputVariables.prefix(shape.states)), after))
        answers.append(value(position))
      }
    }
    return shape.updates.indices.map { state in BodyQuestion(shape.updates[state], points, next.map { $0[state] }) }
      + [BodyQuestion(shape.output, ends, answers, least: 1)]
  }
}
