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

  /// Stores terms within some work, and no more levels than hold so many classes; then keeps the first of those that `isKept` says.
  ///
  /// - Parameter values: of `variable`, the only one that has any.
  init?(
    _ language: BodyLanguage, reading variable: Int, values: [Int64], work limit: Double = .infinity, classes: Int,
    most: Int, memoryLimit: Int, stepLimit: UInt64, _ isOver: @escaping () -> Bool,
    keeping isKept: (UnsafePointer<Int64>) -> Bool
  ) {
    let points = values.map { word in
      language.grammar.parameters.indices.map { $0 == variable ? word : Value.noValueWord }
    }
    guard let bank = language.bank(points, memoryLimit: memoryLimit, stepLimit: stepLimit) else { return nil }
    self.language = language
    self.bank = bank
    bank.shouldStop = { _ in isOver() }
    let unit = Self.unit(lanes: bank.signature.lanes)
    while let level = bank.upcoming(), bank.tables[0].count < classes {
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
