import Evaluation
import Grammars

/// The first terms of a language of bodies that read no variable but one, merged by their values, shortest first.
final class TermList {
  private let language: BodyLanguage
  private let bank: ClassBank
  /// Classes with a value wherever it is needed, and the bits of their shortest programs.
  private let indices: [Int]
  let bits: [Double]
  /// Work that it took, in candidates of eight words.
  let work: Double

  var count: Int { indices.count }
  var bytes: Int { bank.meter.peak }

  /// Stores terms within some work, then keeps those that `isKept` says.
  ///
  /// - Parameter values: of `variable`, the only one that has any.
  init?(
    _ language: BodyLanguage, reading variable: Int, values: [Int64], work limit: Double, most: Int, memoryLimit: Int,
    stepLimit: UInt64, _ isOver: @escaping () -> Bool, keeping isKept: (UnsafePointer<Int64>) -> Bool
  ) {
    let inputs = values.map { word in
      language.grammar.parameters.indices.map { Value(sort: .int, word: $0 == variable ? word : Value.noValueWord) }
    }
    let tables = KernelTables(language.grammar)
    guard
      let bank = try? ClassBank(
        grammar: language.grammar, signature: Signature(inputs: inputs, tables: tables), countsMass: false,
        memoryLimit: memoryLimit, tables: tables, stepLimit: stepLimit)
    else { return nil }
    self.language = language
    self.bank = bank
    bank.shouldStop = { _ in isOver() }
    let unit = Self.unit(lanes: bank.signature.lanes)
    while let level = bank.upcoming(), bank.tables[0].count < 4 * most {
      let cost = (Double(bank.candidates) + bank.storingCost(level)) * unit
      guard cost <= limit, case .level = bank.store(level) else { break }
    }
    work = Double(bank.candidates) * unit
    let kept = bank.firstClasses(0, .max).filter { isKept(bank.tables[0].row($0.index)) }.prefix(most)
    indices = kept.map(\.index)
    bits = kept.map(\.bits)
  }

  /// Work of a candidate: its row is not all that it takes.
  private static func unit(lanes: Int) -> Double { Double(2 + lanes / 8) / 3 }

  func row(_ number: Int) -> UnsafePointer<Int64> { UnsafePointer(bank.tables[0].row(indices[number])) }

  /// As a program of the language that the bodies belong to.
  func program(_ number: Int) -> Program { language.original(bank.program(0, indices[number])) }

  /// The term as one of the language of bodies.
  func term(_ number: Int) -> Term { language.grammar.term(of: bank.program(0, indices[number])) }
}

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
        language, reading: variable, values: Self.samples, work: work, most: most, memoryLimit: memoryLimit,
        stepLimit: stepLimit, isOver,
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
