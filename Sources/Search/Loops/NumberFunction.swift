import Evaluation
import Grammars

/// A program that reads one variable, the number n, with its values at 0, 1, 2, … as far as they were asked for.
final class NumberFunction {
  let program: Program
  let bits: Double
  private let machine: TermMachine
  private let term: Int32
  private let variable: Int
  private var words: [Int64]
  private var values: [Int64]

  /// Steps of one value: a loop over some hundred numbers.
  private static let stepLimit: UInt64 = 20_000

  /// - Parameter first: values that are known already, from 0 on.
  init(_ program: Program, bits: Double, variable: Int, _ grammar: Grammar, _ machine: TermMachine, first: [Int64]) {
    self.program = program
    self.bits = bits
    self.machine = machine
    self.variable = variable
    term = machine.number(of: grammar.term(of: program))
    words = Array(repeating: Value.noValueWord, count: grammar.variables.count)
    values = first
  }

  /// The value at a number from 0; nil where it has none.
  func value(_ number: Int) -> Int64? {
    while values.count <= number {
      words[variable] = Int64(values.count)
      values.append(machine.run(term, on: words, stepLimit: Self.stepLimit).word ?? Value.noValueWord)
    }
    return values[number] == Value.noValueWord ? nil : values[number]
  }

  /// The values at the numbers of `NumberSets`; `Value.noValueWord` where there is none.
  var row: [Int64] { (0..<NumberSets.count).map { value($0) ?? Value.noValueWord } }
}
