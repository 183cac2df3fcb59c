import Evaluation
import ExactArithmetic
import Grammars

/// Everything that a language can say on some inputs: the functions of every nonterminal, and what each symbol makes of them.
struct FunctionTable: FunctionSystem {
  /// A production on all functions of its arguments.
  struct Operation {
    let production: Int
    /// The nonterminals of the arguments.
    let arguments: [Int]
    /// The function of its nonterminal for every tuple of arguments, the last argument fastest.
    let results: [Int32]
  }

  let grammar: Grammar
  /// Functions by nonterminal.
  let counts: [Int]
  /// By nonterminal, in the order of its productions.
  let operations: [[Operation]]

  /// Most functions of all nonterminals together, and most tuples of arguments over all productions.
  static let mostFunctions = 1_024
  static let mostTuples = 1 << 25

  /// The table of a bank that is closed (`ClassBank.isClosed`); nil where it would be too large.
  ///
  /// - Complexity: one evaluation and one lookup for every tuple of functions that a production takes.
  init?(_ bank: ClassBank) {
    grammar = bank.grammar
    let counts = bank.grammar.nonterminals.indices.map { bank.tables[$0].count }
    self.counts = counts
    var tuples = 0
    for production in bank.grammar.productions {
      var product = 1
      for argument in production.arguments {
        let (next, overflow) = product.multipliedReportingOverflow(by: counts[argument])
        if overflow { return nil }
        product = next
      }
      tuples += product
      if tuples > Self.mostTuples { return nil }
    }
    let numbers = RowNumbers(bank)
    operations = bank.grammar.nonterminals.map { nonterminal in
      nonterminal.productions.map { Operation($0, bank, numbers) }
    }
  }
}

extension FunctionTable {
  func value(_ nonterminal: Int, at x: [[BigInteger]]) -> [BigInteger] {
    var value = Array(repeating: BigInteger(0), count: counts[nonterminal])
    for operation in operations[nonterminal] {
      let arguments = operation.arguments
      var sums = Array(repeating: BigInteger(0), count: value.count)
      operation.forEachTuple(counts) { function, tuple in
        switch arguments.count {
        case 0: sums[function] += 1
        case 1: sums[function] += x[arguments[0]][tuple.0]
        case 2: sums[function].addProduct(x[arguments[0]][tuple.0], x[arguments[1]][tuple.1])
        default:
          sums[function].addProduct(x[arguments[0]][tuple.0] * x[arguments[1]][tuple.1], x[arguments[2]][tuple.2])
        }
      }
      let weighted = weighted(sums, arguments: arguments.count, production: operation.production)
      for function in value.indices { value[function] += weighted[function] }
    }
    return value
  }

  func proposal(_ component: [Int], known: [[BigInteger]], totals: [RationalInterval]) -> FunctionProposal? {
    FunctionNewton(self, component, known: known, totals: totals).proposal()
  }
}

extension FunctionTable.Operation {
  /// Calls `body` with the result and the arguments of every tuple.
  @inline(__always)
  func forEachTuple(_ counts: [Int], _ body: (_ function: Int, _ tuple: (Int, Int, Int)) -> Void) {
    let sizes = (0..<3).map { $0 < arguments.count ? counts[arguments[$0]] : 1 }
    var place = 0
    for first in 0..<sizes[0] {
      for second in 0..<sizes[1] {
        for third in 0..<sizes[2] {
          body(Int(results[place]), (first, second, third))
          place += 1
        }
      }
    }
  }
}

/// The number of every row in a bank, by its nonterminal.
private struct RowNumbers {
  private var numbers: [[[Int64]: Int32]] = []

  init(_ bank: ClassBank) {
    for nonterminal in bank.grammar.nonterminals.indices {
      var known: [[Int64]: Int32] = [:]
      for index in 0..<bank.tables[nonterminal].count {
        known[Self.row(bank.tables[nonterminal].row(index), bank.signature.lanes)] = Int32(index)
      }
      numbers.append(known)
    }
  }

  static func row(_ words: UnsafePointer<Int64>, _ lanes: Int) -> [Int64] {
    Array(UnsafeBufferPointer(start: words, count: lanes))
  }

  func number(_ nonterminal: Int, _ words: UnsafePointer<Int64>, _ lanes: Int) -> Int32 {
    guard let number = numbers[nonterminal][Self.row(words, lanes)] else {
      preconditionFailure("a symbol leads out of a closed bank")
    }
    return number
  }
}

extension FunctionTable.Operation {
  fileprivate init(_ number: Int, _ bank: ClassBank, _ numbers: RowNumbers) {
    let arguments = bank.grammar.productions[number].arguments
    self.init(production: number, arguments: arguments, results: Self.results(number, arguments, bank, numbers))
  }

  private static func results(_ number: Int, _ arguments: [Int], _ bank: ClassBank, _ numbers: RowNumbers) -> [Int32] {
    let nonterminal = bank.grammar.productions[number].nonterminal
    let (lanes, block) = (bank.signature.lanes, RowProgram.blockSize)
    let rows = UnsafeMutablePointer<Int64>.allocateLines(capacity: lanes * block)
    defer { rows.deallocateLines() }
    guard !arguments.isEmpty else {
      bank.leafRow(number, into: rows, bank.scratch)
      return [numbers.number(nonterminal, rows, lanes)]
    }
    let counts = arguments.map { bank.tables[$0].count }
    let tuples = counts.reduce(1, *)
    let indices = UnsafeMutablePointer<UInt32>.allocate(capacity: 3 * block)
    defer { indices.deallocate() }
    // A place without an argument repeats the last one.
    let places = (0..<3).map { min($0, arguments.count - 1) }
    func source(_ place: Int) -> RowSource {
      RowSource(bank.tables[arguments[places[place]]].rows.base, step: lanes, indices: indices + place * block)
    }
    var results: [Int32] = []
    results.reserveCapacity(tuples)
    for start in stride(from: 0, to: tuples, by: block) {
      let count = min(block, tuples - start)
      for offset in 0..<count {
        var (rest, tuple) = (start + offset, [0, 0, 0])
        for place in counts.indices.reversed() {
          (rest, tuple[place]) = rest.quotientAndRemainder(dividingBy: counts[place])
        }
        for place in 0..<3 { indices[place * block + offset] = UInt32(tuple[places[place]]) }
      }
      bank.symbols[number]!.run(
        (source(0), source(1), source(2)), into: rows, step: lanes, count: count, lanes: lanes, scratch: bank.scratch)
      for offset in 0..<count {
        results.append(numbers.number(nonterminal, rows + offset * lanes, lanes))
      }
    }
    return results
  }
}
