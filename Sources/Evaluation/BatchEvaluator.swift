public import Grammars

/// Runs terms on many inputs at once, through the batch kernels.
///
/// Agrees with `Interpreter` on every input (tested), without steps and reasons.
public struct BatchEvaluator {
  /// Inputs given.
  public let count: Int
  private let columns: [[Int64]]
  private let sorts: [Sort]
  private let definitions: [Grammar.Definition]
  private let tables: KernelTables
  private let scratch = RowScratch(lanes: 8)
  private let lanes: Int

  /// Steps that one run may take, where programs may loop.
  private let stepLimit: UInt64

  /// An evaluator for inputs of the grammar's parameters.
  ///
  /// - Parameters:
  ///   - tables: those of the search that shares the words; nil for tables of its own.
  ///   - stepLimit: steps on one input, for grammars with loops or lists.
  public init(_ grammar: Grammar, inputs: [[Value]], tables: KernelTables? = nil, stepLimit: UInt64 = .max) {
    count = inputs.count
    self.tables = tables ?? KernelTables(grammar)
    self.stepLimit = stepLimit
    let tables = self.tables
    lanes = (inputs.count + 7) / 8 * 8
    let lanes = lanes
    columns = grammar.parameters.indices.map { parameter in
      (0..<lanes).map { tables.word(inputs[min($0, inputs.count - 1)][parameter]) }
    }
    sorts = grammar.parameters.map(\.sort)
    definitions = grammar.definitions
  }

  /// The term's words on the inputs, in order; `Value.noValueWord` where an Int, Bool or permutation has no value.
  ///
  /// - Complexity: one pass over the inputs per operator.
  public func words(of term: Term) -> [Int64] {
    guard count > 0 else { return [] }
    if let machine = tables.machine {
      let number = machine.number(of: term)
      return (0..<count).map { index in
        machine.run(number, on: columns.map { $0[index] }, stepLimit: stepLimit).word ?? Value.noValueWord
      }
    }
    return Array(evaluate(term, columns, sorts).words.prefix(count))
  }

  /// How many examples (inputs in the evaluator's order) the term answers rightly.
  public func correct(_ term: Term, outputs: [Int64]) -> Int {
    zip(words(of: term), outputs).count { $0 == $1 }
  }

  private func evaluate(_ term: Term, _ environment: [[Int64]], _ sorts: [Sort]) -> (words: [Int64], sort: Sort) {
    switch term {
    case .variable(let index): return (environment[index], sorts[index])
    case .lambda: preconditionFailure("lambdas are the machine's")
    case .constant(let value, _): return (Array(repeating: value.word, count: lanes), value.sort)
    case .call(let index, let arguments):
      let results = arguments.map { evaluate($0, environment, sorts) }
      var answer = evaluate(definitions[index].body, results.map(\.words), results.map(\.sort))
      // Calls are strict, also in arguments that the body leaves unread.
      for argument in results where !argument.sort.isBitVector && !answer.sort.isBitVector {
        for lane in 0..<lanes where argument.words[lane] == Value.noValueWord { answer.words[lane] = Value.noValueWord }
      }
      return answer
    case .operation(let op, let arguments):
      let results = arguments.map { evaluate($0, environment, sorts) }
      let symbol = RowProgram(op, sorts: results.map(\.sort), tables: tables)
      let words = [Int64](unsafeUninitializedCapacity: lanes) { out, written in
        results[0].words.withUnsafeBufferPointer { a in
          results[min(1, results.count - 1)].words.withUnsafeBufferPointer { b in
            results[results.count - 1].words.withUnsafeBufferPointer { c in
              symbol.run(
                (
                  RowSource(a.baseAddress!, step: 0), RowSource(b.baseAddress!, step: 0),
                  RowSource(c.baseAddress!, step: 0)
                ), into: out.baseAddress!, step: lanes, count: 1, lanes: lanes, scratch: scratch)
            }
          }
        }
        written = lanes
      }
      return (words, op.resultSort(of: results.map(\.sort))!)
    }
  }
}
