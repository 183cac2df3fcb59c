import Evaluation
import ExactArithmetic
import Grammars

/// Sums x ↦ x + T(y, n) over y = 1 … n as functions of a number n, the likeliest first, each once; with the sets of numbers
/// that comparing them tells: {n : Σ T(y, n) = c(n)}, and so for <.
///
/// They are made without a look at what is wanted: whatever the examples are, the same sets come first.
struct NumberedSums {
  let side: Int
  let variable: Int
  let sums: [NumberFunction]
  /// The shortest terms, which sums are compared with.
  let rows: [NumberFunction]

  private static let leastPassing = 3
  private static let leastFailing = 3
  private static let mostRows = 20

  /// - Parameters:
  ///   - side: the nonterminal of sums and terms.
  ///   - variable: the number.
  init?(
    _ inversion: LoopInversion, side: Int, variable: Int, work: Double, _ machine: TermMachine,
    _ isOver: @escaping () -> Bool
  ) {
    let attempt = inversion.attempt
    let grammar = attempt.grammar
    var terms: [Int: [KnownTerm]] = [:]
    func numbered(_ nonterminal: Int) -> [KnownTerm] {
      let found = terms[nonterminal] ?? inversion.shortTerms(nonterminal, variable)
      terms[nonterminal] = found
      return found
    }
    func function(_ program: Program, bits: Double, _ row: [Int64]) -> NumberFunction {
      NumberFunction(program, bits: bits, variable: variable, grammar, machine, first: row)
    }
    guard let frame = inversion.frames(.counted, LoopShape.all(grammar, of: side), numbered).first,
      let write = inversion.sum(frame.shape),
      let zero = numbered(frame.shape.starts[0]).first(where: { $0.constant == 0 })
    else { return nil }
    let points = frame.states.indices.flatMap {
      inversion.points(frame, example: $0, owner: $0, variable: variable, number: Int64($0))
    }
    guard
      let search = SumSearch(
        inversion.language(frame.shape.bodies[0]), points, wanted: [], memoryLimit: inversion.memoryLeft,
        stepLimit: attempt.configuration.stepLimit)
    else { return nil }
    search.store(work: work, isOver)
    var seen: Set<[Int64]> = []
    sums = search.bank.firstClasses(0, .max).compactMap { index, bits in
      guard let row = search.sums(index), seen.insert(row).inserted else { return nil }
      let loop = inversion.program(frame, body: write(search.program(0, index)), start: zero.program)
      return function(loop, bits: bits, row)
    }
    // Constants beside the shortest: what two sums make is often compared with one.
    let all = numbered(side)
    rows = all.enumerated().filter { $0.offset < Self.mostRows || $0.element.constant != nil }.map {
      function($0.element.program, bits: $0.element.bits, $0.element.row)
    }
    (self.side, self.variable) = (side, variable)
    attempt.bank.meter.note(search.bytes)
  }

  /// The likeliest sets. Of those that agree on the numbers 0 … 15 the likeliest stands for all; sets with few of these, or
  /// nearly all, are left out.
  ///
  /// - Parameter tests: productions of = and <, and what writes a test with one of them.
  func sets(most: Int, test: (_ relation: SumSearch.Relation, _ sum: Program, _ term: Program) -> Program?)
    -> [NumberSet]
  {
    struct Best {
      var bits = Double.infinity
      var relation = SumSearch.Relation.equal
      var (sum, row) = (0, 0)
    }
    var best = Array(repeating: Best(), count: 1 << NumberSets.count)
    let terms = rows.prefix(Self.mostRows)
    let others = terms.map(\.row)
    for (place, sum) in sums.enumerated() {
      let words = sum.row
      for (term, other) in others.enumerated() {
        let bits = sum.bits + terms[term].bits
        let (equal, less) = words.withUnsafeBufferPointer { NumberSets.masks($0, other) }
        for (set, relation) in [(equal, SumSearch.Relation.equal), (less, .less), (~(equal | less), .greater)] {
          let passing = set.nonzeroBitCount
          if passing >= Self.leastPassing, passing <= NumberSets.count - Self.leastFailing,
            bits < best[Int(set)].bits
          {
            best[Int(set)] = Best(bits: bits, relation: relation, sum: place, row: term)
          }
        }
      }
    }
    return best.filter { $0.bits < .infinity }.ordered(most: most) { $0.bits }.compactMap { found in
      test(found.relation, sums[found.sum].program, rows[found.row].program).map {
        NumberSet(sums[found.sum], found.relation, rows[found.row], test: $0)
      }
    }
  }
}

extension SumSearch {
  /// The sums of a term by number; nil where it has no value at some point.
  func sums(_ index: Int) -> [Int64]? {
    var sums = Array(repeating: Int64(0), count: NumberSets.count)
    let row = bank.tables[0].row(index)
    for lane in 0..<lanes {
      if row[lane] == Value.noValueWord { return nil }
      guard let owner = owners[lane] else { continue }
      sums[owner] &+= row[lane] &* times[lane]
    }
    return sums
  }
}
