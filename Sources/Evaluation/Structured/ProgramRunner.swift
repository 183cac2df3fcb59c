public import Grammars

/// Runs one program on many inputs as the mathematical function that it is: integers have no limit.
///
/// The 64-bit machine runs it first; where an integer leaves 64 bits the run begins anew in `WideInterpreter`. Lists that the
/// machine has met are given up now and then, so memory stays bounded. Not thread-safe.
public final class ProgramRunner {
  private let grammar: Grammar
  private let term: Term
  private let stepLimit: UInt64
  private let wide: WideInterpreter
  private var machine: TermMachine
  private var number: Int32

  /// Bytes of lists at which a new machine is taken.
  private static let memoryLimit = 64 << 20

  /// - Parameter stepLimit: steps on one input; a program that needs more has no value there.
  public init(_ term: Term, in grammar: Grammar, stepLimit: UInt64) {
    self.term = term
    self.grammar = grammar
    self.stepLimit = stepLimit
    wide = WideInterpreter(grammar, range: .unlimited)
    machine = TermMachine(grammar)
    number = machine.number(of: term)
  }

  /// The value on words and lists of words, the reason when there is none, and the steps taken.
  public func run(on inputs: [WideInterpreter.Wide]) -> (value: WideInterpreter.Wide?, reason: NoValue?, steps: UInt64)
  {
    if machine.bytes > Self.memoryLimit {
      machine = TermMachine(grammar)
      number = machine.number(of: term)
    }
    if let words = words(inputs) {
      let result = machine.run(number, on: words, stepLimit: stepLimit)
      if let word = result.word { return (machine.wide(word, grammar.resultSort), nil, result.steps) }
      if result.reason != .overflow { return (nil, result.reason, result.steps) }
    }
    return wide.run(term, on: inputs, stepLimit: stepLimit)
  }

  private func words(_ inputs: [WideInterpreter.Wide]) -> [Int64]? {
    var words: [Int64] = []
    for input in inputs {
      guard let word = machine.word(input) else { return nil }
      words.append(word)
    }
    return words
  }
}

extension TermMachine {
  /// The word of a value on this machine; nil when it leaves 64 bits.
  func word(_ value: WideInterpreter.Wide) -> Int64? {
    switch value {
    case .integer(let number): return number
    case .bool(let truth): return truth ? 1 : 0
    case .list(let elements):
      let base = state.pointee.top
      for element in elements {
        guard case .integer(let number) = element else {
          state.pointee.top = base
          return nil
        }
        push(number)
      }
      return popList(from: base)
    case .large, .pair, .function: return nil
    }
  }

  func wide(_ word: Int64, _ sort: Sort) -> WideInterpreter.Wide {
    switch sort {
    case .bool: .bool(word == 1)
    case .list: .list(state.pointee.lists.list(word).map { .integer($0) })
    default: .integer(word)
    }
  }
}
