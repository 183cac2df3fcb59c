import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// What one program does on a task.
struct ProgramMeasure {
  let trainingRight: Int
  let unseenRight: Int
  /// Interpreter steps on all inputs of the task, with or without a value; of a run that a limit cut off, those up to
  /// there.
  let steps: UInt64
  /// Inputs of the task on which the program has no value.
  let noValue: NoValueCount
  /// Description length + log2 steps.
  ///
  /// Nil where a run was cut off: its steps are the limit's, not the program's. A run that overflows, divides by zero or
  /// leaves an operator's range ends by itself, after the steps that are counted.
  let levinCost: Double?
  /// Fresh inputs of a task on symbols.
  let symbols: SymbolScore?

  /// Steps that a program may take on one input.
  private static let stepLimit: UInt64 = 100_000_000

  /// Runs a program on all examples, and on fresh inputs of a task on symbols.
  ///
  /// - Parameters:
  ///   - probability: its prior.
  ///   - testCount: fresh sequences of each test length; nil chooses.
  init(
    _ program: Program, probability: Rational, on assignment: Assignment, testCount: Int?, showsProgress: Bool = true
  ) {
    let grammar = assignment.grammar
    let runner = ExampleRunner(grammar.term(of: program), in: grammar, stepLimit: Self.stepLimit)
    var steps: UInt64 = 0
    var noValue = NoValueCount()
    func right(_ examples: [Example]) -> Int {
      var count = 0
      for example in examples {
        let outcome = runner.run(on: example)
        steps += outcome.steps
        noValue.add(outcome.reason)
        if outcome.isRight { count += 1 }
      }
      return count
    }
    trainingRight = right(assignment.training)
    unseenRight = right(assignment.unseen)
    self.steps = steps
    self.noValue = noValue
    levinCost =
      steps > 0 && noValue[.stepLimit] == 0 ? (Rational(BigInteger(steps)) / probability).log2 : nil
    symbols = assignment.symbols.map {
      SymbolScore(
        program, grammar, on: $0, count: testCount ?? SymbolScore.standardCount($0), seed: assignment.seed,
        showsProgress: showsProgress)
    }
  }
}

// MARK: - Text

extension ProgramMeasure {
  /// The program, as it is written and as people write it, with its prior.
  static func heading(_ program: Program, _ probability: Rational, _ grammar: Grammar, name: String = "program")
    -> [(String, String)]
  {
    [
      (name, SyGuSPrinter(grammar).definition(program)),
      ("infix", InfixPrinter(grammar).text(grammar.term(of: program))),
      ("prior", "\(SearchOutcome.short(probability)), \(bits(probability)) bits"),
    ]
  }

  /// −log2 of a prior, whole or rounded to nearest: the figure of a greater prior is never greater.
  static func bits(_ prior: Rational, places: Int = 3) -> String {
    let bits = -prior.log2
    return Number.rounded(bits, bits == bits.rounded() ? 0 : places)
  }

  /// Steps, inputs without a value, and right answers.
  func lines(_ assignment: Assignment) -> [(String, String)] {
    var lines = [("steps", stepText)]
    if let text = noValue.text("inputs") { lines.append(("no value", text)) }
    lines.append(("training", Self.share(trainingRight, assignment.training.count)))
    if !assignment.unseen.isEmpty { lines.append(("unseen", Self.share(unseenRight, assignment.unseen.count))) }
    if let symbols {
      lines.append(("unseen", symbols.text))
      if let text = symbols.noValue.text("fresh inputs") { lines.append(("no value", text)) }
    }
    return lines
  }

  private var stepText: String {
    let cut = noValue[.stepLimit]
    let text = "\(cut > 0 ? "at least " : "")\(Number.grouped(steps)) on \(Number.grouped(noValue.runs)) inputs; "
    if let levinCost { return text + "Kt = \(Number.rounded(levinCost, 2)) bits" }
    return text + "no Kt" + (cut > 0 ? ": \(Number.grouped(cut)) of the runs did not end within the limit" : "")
  }

  private static func share(_ right: Int, _ all: Int) -> String {
    "\(Number.grouped(right)) of \(Number.grouped(all)) right"
  }

  /// Names, then what belongs to them, at least one blank apart; an empty name is an empty line.
  static func text(_ lines: [(String, String)]) -> String {
    lines.map { name, text in
      name.isEmpty ? "\n" : name + String(repeating: " ", count: max(1, 11 - name.count)) + text + "\n"
    }.joined()
  }
}

// MARK: - Records

extension ProgramMeasure {
  /// The members of a record about a program.
  func members(_ program: Program, _ probability: Rational, _ grammar: Grammar) -> [String: JSONValue] {
    var record: [String: JSONValue] = [
      "program": .string(SyGuSPrinter(grammar).definition(program)),
      "infix": .string(InfixPrinter(grammar).text(grammar.term(of: program))),
      "prior": SearchOutcome.exact(probability),
      "size": .integer(grammar.size(of: program)),
      "steps": .integer(steps), "kt": .real(levinCost), "noValue": noValue.record,
      "trainingRight": .integer(trainingRight), "unseenRight": .integer(unseenRight),
    ]
    if let symbols { record["test"] = symbols.record }
    return record
  }
}

extension Assignment {
  /// The task and its split, for a record.
  var record: JSONValue {
    var record: [String: JSONValue] = [
      "name": .string(self.name), "sha256": .string(self.task.digest()),
      "modulus": self.task.modulus.map { .integer($0) } ?? .null, "split": .string(self.split),
      "trainingExamples": .integer(self.training.count), "unseenExamples": .integer(self.unseen.count),
      "seed": .integer(self.seed), "shuffle": .string(self.shuffle),
    ]
    if !renamedInputs.isEmpty {
      record["inputs"] = .array(self.task.parameters.map { .string($0.name) })
    }
    return .object(record)
  }

  var grammarHash: String { grammar.digest }
}
