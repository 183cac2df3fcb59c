import Evaluation
import ExactArithmetic
import Grammars

/// Tests that compare a sum: Σ T(y, n) = A, < A or > A. They are found where numbers are known to pass or not: below `compr`, and
/// where two values alternate and `ite` chooses.
extension LoopInversion {
  private struct TestQuestion {
    /// The nonterminal of the test.
    let test: Int
    /// The variable that stands for the number.
    let variable: Int
    let numbers: [Int64]
    let passes: [Bool]
    let write: (Program) -> Program
  }

  private static let mostTestPoints = 128
  private static let mostTestProposals = 4_000
  private static let mostNumbers = 64

  /// The first program found that agrees with all training examples.
  func sumTests(work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    var asked: Set<[Bool]> = []
    for question in selectionQuestions() + choiceQuestions() {
      let share = work / 3 / Double(asked.count + 1)
      if share < 5 * Self.leastWork || isOver() { return nil }
      guard Set(question.passes).count == 2, asked.insert(question.passes).inserted else { continue }
      if let test = test(question, work: share, isOver) {
        let program = question.write(test)
        if attempt.wrongExamples(program).isEmpty { return program }
      }
    }
    return nil
  }

  private func selectionQuestions() -> [TestQuestion] {
    shapes.filter { $0.head == .compr }.flatMap { shape in
      places(shape).compactMap { place in
        guard let (numbers, passes) = place.numbers(Int64(Self.mostNumbers)) else { return nil }
        return TestQuestion(test: shape.bodies[0], variable: shape.variables[0], numbers: numbers, passes: passes) {
          place.goal.around(shape.program([$0], count: place.count.program, starts: []))
        }
      }
    }
  }

  private func choiceQuestions() -> [TestQuestion] {
    let grammar = attempt.grammar
    let values = Array(Set(attempt.outputs)).sorted()
    guard values.count == 2 else { return [] }
    let inputs = attempt.inputs
    return grammar.nonterminals[0].productions.flatMap { number -> [TestQuestion] in
      let production = grammar.productions[number]
      guard production.symbol == .operation(.ite) else { return [] }
      return [values, values.reversed()].compactMap { pair in
        guard let then = attempt.constant(pair[0], production.arguments[1]),
          let otherwise = attempt.constant(pair[1], production.arguments[2])
        else { return nil }
        return TestQuestion(
          test: production.arguments[0], variable: 0, numbers: inputs, passes: attempt.outputs.map { $0 == pair[0] }
        ) { Program(number, [$0, then, otherwise]) }
      }
    }
  }

  /// The shortest test met that passes the right numbers.
  private func test(_ question: TestQuestion, work: Double, _ isOver: @escaping () -> Bool) -> Program? {
    let grammar = attempt.grammar
    let comparisons = grammar.nonterminals[question.test].productions.filter {
      let production = grammar.productions[$0]
      return [.operation(.equal), .operation(.less)].contains(production.symbol) && Set(production.arguments).count == 1
    }
    guard let first = comparisons.first else { return nil }
    let side = grammar.productions[first].arguments[0]
    let terms = shortTerms(side, question)
    guard let zero = terms.first(where: { $0.constant == 0 }) else { return nil }
    var best: (program: Program, probability: Rational)?
    for shape in LoopShape.all(grammar, of: side) where shape.head == .loop {
      guard let sum = sum(shape) else { continue }
      for count in terms.filter({ Self.counts($0.row) }).prefix(2) where !isOver() {
        let (points, owners) = points(shape, count, question)
        guard
          let search = SumSearch(
            language(shape.bodies[0]), points, wanted: [], memoryLimit: memoryLeft,
            stepLimit: attempt.configuration.stepLimit)
        else { continue }
        let sides = comparisons.filter { grammar.productions[$0].arguments == [side, side] }
        let (tests, write) = written(sides, terms.prefix(16), owners) {
          shape.program([sum($0)], count: count.program, starts: [zero.program])
        }
        var tried = 0
        search.run(work: work / 2, tests, passes: owners.map { question.passes[$0] }, isOver) { proposal in
          let program = write[proposal.goal](proposal.program)
          let probability = grammar.probability(of: program)
          if let best, best.probability >= probability { return false }
          tried += 1
          if passes(program, question) { best = (program, probability) }
          return tried >= Self.mostTestProposals
        }
        attempt.bank.meter.note(search.bytes)
      }
    }
    return best?.program
  }

  /// The points that a loop's sum is taken over, for as many numbers as there is room for, and which numbers these are.
  private func points(_ shape: LoopShape, _ count: KnownTerm, _ question: TestQuestion)
    -> (points: [SumSearch.Point], owners: [Int])
  {
    var (points, owners) = ([SumSearch.Point](), [Int]())
    for (place, number) in question.numbers.enumerated()
    where count.row[place] <= Int64(Self.mostTestPoints - points.count) {
      for y in stride(from: 1, through: count.row[place], by: 1) {
        var words = words(shape, [Value.noValueWord, y])
        if !shape.variables.contains(question.variable) { words[question.variable] = number }
        points.append(SumSearch.Point(words: words, owner: owners.count, times: 1))
      }
      owners.append(place)
    }
    return (points, owners)
  }

  /// The comparisons of a loop with stored terms: what is asked of its sum, and how the test is written.
  private func written(
    _ productions: [Int], _ terms: ArraySlice<KnownTerm>, _ owners: [Int], _ loop: @escaping (Program) -> Program
  ) -> (tests: [SumSearch.Test], write: [(Program) -> Program]) {
    var (tests, write) = ([SumSearch.Test](), [(Program) -> Program]())
    for production in productions {
      let isEqual = attempt.grammar.productions[production].symbol == .operation(.equal)
      for term in terms {
        for relation in isEqual ? [SumSearch.Relation.equal] : [.less, .greater] {
          tests.append(SumSearch.Test(relation: relation, row: owners.map { term.row[$0] }))
          write.append {
            Program(production, relation == .greater ? [term.program, loop($0)] : [loop($0), term.program])
          }
        }
      }
    }
    return (tests, write)
  }

  /// Whether a test passes just the numbers that it should.
  private func passes(_ test: Program, _ question: TestQuestion) -> Bool {
    guard let machine = attempt.bank.kernelTables.machine else { return false }
    let number = machine.number(of: attempt.grammar.term(of: test))
    var words = Array(repeating: Value.noValueWord, count: attempt.grammar.variables.count)
    for (input, passes) in zip(question.numbers, question.passes) {
      words[question.variable] = input
      let word = machine.run(number, on: words, stepLimit: attempt.configuration.stepLimit).word
      if word != (passes ? 1 : 0) { return false }
    }
    return true
  }

  /// The shortest terms of a nonterminal with their values at the numbers of a question.
  private func shortTerms(_ nonterminal: Int, _ question: TestQuestion) -> [KnownTerm] {
    let language = language(nonterminal)
    let tables = KernelTables(language.grammar)
    let numbers = question.numbers
    let inputs = numbers.map { number in
      language.grammar.parameters.indices.map {
        Value(sort: .int, word: $0 == question.variable ? number : Value.noValueWord)
      }
    }
    guard
      let bank = try? ClassBank(
        grammar: language.grammar, signature: Signature(inputs: inputs, tables: tables),
        countsMass: false, memoryLimit: memoryLeft, tables: tables, stepLimit: attempt.configuration.stepLimit)
    else { return [] }
    while bank.tables[0].count < 40, let level = bank.upcoming(), case .level = bank.store(level) {}
    return bank.firstClasses(0, 40).compactMap { index, bits in
      let row = bank.tables[0].row(index)
      let values = numbers.indices.map { row[$0] }
      if values.contains(Value.noValueWord) { return nil }
      return KnownTerm(program: language.original(bank.program(0, index)), bits: bits, row: values)
    }
  }
}
