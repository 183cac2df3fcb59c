import Evaluation
import Grammars

/// Terms that read a state and nothing else, with their values at all states between two bounds.
final class StateTerms {
  /// The states that are looked at: a search that meets another leaves what it is at.
  static let states: ClosedRange<Int64> = -512...3_583
  static let width = states.count

  let list: TermList
  /// Values by term, then by state from the least one on.
  private let values: UnsafeMutablePointer<Int64>
  var count: Int { list.count }
  var bits: [Double] { list.bits }
  var bytes: Int { list.bytes + count * Self.width * 8 }
  /// Work that it took, in candidates of eight words.
  var work: Double { list.work + Double(count * Self.width / 32) }

  /// States that terms are told apart by: all small ones, then each about a sixteenth further.
  private static let samples: [Int64] = {
    var samples = Array(Int64(-16)..<128)
    while let last = samples.last, last < states.upperBound {
      samples.append(min(states.upperBound, last + last / 16 + 1))
    }
    return samples
  }()

  init?(
    _ language: BodyLanguage, reading variable: Int, work: Double, most: Int, memoryLimit: Int, stepLimit: UInt64,
    _ isOver: @escaping () -> Bool
  ) {
    let lanes = Self.samples.count
    guard
      let list = TermList(
        language, reading: variable, values: Self.samples, work: work, classes: 4 * most, most: most,
        memoryLimit: memoryLimit, stepLimit: stepLimit, isOver,
        keeping: { row in
          // What has no value at small states, or one and the same everywhere, says nothing of a state.
          (0..<24).contains { row[16 + $0] != Value.noValueWord }
            && (0..<lanes).contains { row[$0] != row[16] }
        })
    else { return nil }
    self.list = list
    let inputs = Self.states.map { state in
      language.grammar.parameters.indices.map { Value(sort: .int, word: $0 == variable ? state : Value.noValueWord) }
    }
    let evaluator = BatchEvaluator(language.grammar, inputs: inputs, stepLimit: stepLimit)
    values = .allocate(capacity: max(1, list.count * Self.width))
    for number in 0..<list.count {
      let words = evaluator.words(of: list.term(number))
      (values + number * Self.width).update(from: words, count: Self.width)
    }
  }

  deinit { values.deallocate() }

  /// Whether a term has all these values at some states.
  func gives(_ answers: Set<Int64>, _ number: Int) -> Bool {
    var left = answers
    for state in Self.states where !left.isEmpty { left.remove(origin(number)[Int(state)]) }
    return left.isEmpty
  }

  /// The values of a term, at the state 0.
  func origin(_ number: Int) -> UnsafePointer<Int64> {
    UnsafePointer(values + number * Self.width - Int(Self.states.lowerBound))
  }
}
