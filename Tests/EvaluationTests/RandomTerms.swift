import Evaluation
import Grammars
import Randomness

/// Random typed terms over Int and Bool with calls, for comparing evaluators.
struct RandomTerms {
  var generator: SeededGenerator
  /// The definitions that a term may call.
  var definitions: [Grammar.Definition]

  mutating func term(_ sort: Sort, _ parameters: [Sort], depth: Int) -> Term {
    let variables = parameters.indices.filter { parameters[$0] == sort }
    if depth == 0 || generator.below(6) == 0 {
      if !variables.isEmpty, generator.below(3) > 0 {
        return .variable(variables[Int(generator.below(UInt64(variables.count)))])
      }
      return .constant(Samples.random(sort, &generator), name: nil)
    }
    let calls = definitions.indices.filter { definitions[$0].sort == sort }
    if !calls.isEmpty, generator.below(4) == 0 {
      let index = calls[Int(generator.below(UInt64(calls.count)))]
      return .call(index, definitions[index].parameters.map { term($0.sort, parameters, depth: depth - 1) })
    }
    let signatures = choices(sort)
    let (op, sorts) = signatures[Int(generator.below(UInt64(signatures.count)))]
    return .operation(op, sorts.map { term($0, parameters, depth: depth - 1) })
  }

  private func choices(_ sort: Sort) -> [(Operator, [Sort])] {
    let ints: [Operator] = [.add, .subtract, .multiply, .div, .mod, .fieldAdd, .fieldDivide]
    let comparisons: [Operator] = [.less, .equal, .greaterOrEqual]
    if sort == .int {
      return ints.map { ($0, [.int, .int]) } + [(.negate, [.int]), (.ite, [.bool, .int, .int])]
    }
    return comparisons.map { ($0, [.int, .int]) } + [(.even, [.int]), (.not, [.bool]), (.ite, [.bool, .bool, .bool])]
      + [Operator.and, .or, .implies].map { ($0, [.bool, .bool]) }
  }
}

/// Parameters `p0`, `p1`, … of these sorts.
func parameters(_ sorts: [Sort]) -> [Grammar.Parameter] {
  sorts.enumerated().map { .init(name: "p\($0.offset)", sort: $0.element) }
}

/// Runs a compiled definition on rows of arguments, `blockSize` rows at a time.
func run(_ program: RowProgram, _ inputs: [[Value]], lanes: Int) -> [Int64] {
  let padded = (inputs.count + lanes - 1) / lanes * lanes
  let count = padded / lanes
  let columns = (0..<3).map { column in
    (0..<padded).map { index in
      let input = inputs[min(index, inputs.count - 1)]
      return input[min(column, input.count - 1)].word
    }
  }
  var out = [Int64](repeating: 0, count: padded)
  let scratch = RowScratch(lanes: lanes)
  columns[0].withUnsafeBufferPointer { a in
    columns[1].withUnsafeBufferPointer { b in
      columns[2].withUnsafeBufferPointer { c in
        out.withUnsafeMutableBufferPointer {
          for first in stride(from: 0, to: count, by: RowProgram.blockSize) {
            let sources = [a, b, c].map { RowSource($0.baseAddress! + first * lanes, step: lanes) }
            program.run(
              (sources[0], sources[1], sources[2]), into: $0.baseAddress! + first * lanes, step: lanes,
              count: min(count - first, RowProgram.blockSize), lanes: lanes, scratch: scratch)
          }
        }
      }
    }
  }
  return Array(out.prefix(inputs.count))
}

extension Array {
  /// The list in an order of its own for each seed.
  func shuffled(seed: UInt64) -> [Element] {
    var (generator, list) = (SeededGenerator(seed: seed), self)
    generator.shuffle(&list)
    return list
  }
}
