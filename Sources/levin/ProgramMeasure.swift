import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// What one program does on a task.
struct ProgramMeasure {
  let trainingRight: Int
  let unseenRight: Int
  /// Interpreter steps on all inputs of the task.
  let steps: UInt64
  /// Description length + log2 steps.
  let levinCost: Double
  /// Fresh inputs of a task on symbols.
  let symbols: SymbolScore?

  /// Steps that a program may take on one input.
  private static let stepLimit: UInt64 = 100_000_000

  /// Runs a program on all examples, and on fresh inputs of a task on symbols.
  ///
  /// - Parameters:
  ///   - probability: its prior.
  ///   - testCount: fresh sequences of each test length; nil chooses.
  init(_ program: Program, probability: Rational, on assignment: Assignment, testCount: Int?) {
    let grammar = assignment.grammar
    let term = grammar.term(of: program)
    let interpreter = Interpreter(grammar)
    let runner = grammar.isStructured ? ProgramRunner(term, in: grammar, stepLimit: Self.stepLimit) : nil
    var steps: UInt64 = 0
    func right(_ examples: [Example]) -> Int {
      var count = 0
      for example in examples {
        if let runner {
          let outcome = runner.run(on: example.inputs.map { .init($0) })
          steps += outcome.steps
          if outcome.value == .init(example.output) { count += 1 }
        } else {
          let outcome = interpreter.run(term, on: example.inputs)
          steps += outcome.steps
          if outcome.value == example.output { count += 1 }
        }
      }
      return count
    }
    trainingRight = right(assignment.training)
    unseenRight = right(assignment.unseen)
    self.steps = steps
    levinCost = (Rational(BigInteger(steps)) / probability).log2
    symbols = assignment.symbols.map {
      SymbolScore(
        program, grammar, on: $0, count: testCount ?? SymbolScore.standardCount($0), seed: assignment.seed)
    }
  }
}

// MARK: - Text

extension ProgramMeasure {
  /// The program, as it is written and as people write it, with its prior.
  static func heading(_ program: Program, _ probability: Rational, _ grammar: Grammar, name: String = "program")
    -> [(String, String)]
  {
    let bits = -probability.log2
    return [
      (name, SyGuSPrinter(grammar).definition(program)),
      ("infix", InfixPrinter(grammar).text(grammar.term(of: program))),
      (
        "prior",
        "\(SearchOutcome.short(probability)), \(Number.rounded(bits, bits == bits.rounded() ? 0 : 3)) bits"
      ),
    ]
  }

  /// Steps and right answers.
  func lines(_ assignment: Assignment) -> [(String, String)] {
    let inputs = assignment.training.count + assignment.unseen.count
    var lines = [
      (
        "steps",
        "\(Number.grouped(steps)) on \(Number.grouped(inputs)) inputs; Kt = \(Number.rounded(levinCost, 2)) bits"
      ), ("training", Self.share(trainingRight, assignment.training.count)),
    ]
    if !assignment.unseen.isEmpty { lines.append(("unseen", Self.share(unseenRight, assignment.unseen.count))) }
    if let symbols { lines.append(("unseen", symbols.text)) }
    return lines
  }

  private static func share(_ right: Int, _ all: Int) -> String {
    "\(Number.grouped(right)) of \(Number.grouped(all)) right"
  }

  /// Names, then what belongs to them; an empty name is an empty line.
  static func text(_ lines: [(String, String)]) -> String {
    lines.map { name, text in
      name.isEmpty ? "\n" : name + String(repeating: " ", count: 11 - name.count) + text + "\n"
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
      "steps": .integer(steps), "kt": steps > 0 ? .real(levinCost) : .null,
      "trainingRight": .integer(trainingRight), "unseenRight": .integer(unseenRight),
    ]
    if let symbols { record["test"] = symbols.record }
    return record
  }
}

extension Assignment {
  /// The task and its split, for a record.
  var record: JSONValue {
    [
      "name": .string(self.name), "sha256": .string(self.task.digest()),
      "modulus": self.task.modulus.map { .integer($0) } ?? .null, "split": .string(self.split),
      "trainingExamples": .integer(self.training.count), "unseenExamples": .integer(self.unseen.count),
      "seed": .integer(self.seed), "shuffle": .string(self.shuffle),
    ]
  }

  /// SHA-256 of the grammar as it is written out.
  var grammarHash: String { SHA256.hexadecimalDigest(of: Array(SyGuSPrinter(grammar).problem([]).utf8)) }
}
