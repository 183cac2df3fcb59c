import Documents
import Grammars

/// A built-in task: a named function over a finite domain, made in full for a modulus or a width.
///
///     try TaskFamily.named("mod-add").table(modulus: 113).examples.count    // 12769
///
/// Every table lists its whole domain with the first operand slowest and the last fastest.
public struct TaskFamily: Sendable {
  /// What sets the size of a family's domain.
  public enum Size: Hashable, Sendable {
    /// A modulus `n`, 2 ... 4096, `standard` when none is given; `prime` when the function divides.
    case modulus(standard: Int64, prime: Bool)
    /// A bit width, 1 ... 12.
    case width(standard: Int)
    /// The name says it.
    case fixed
  }

  /// The command line's name, such as `mod-add`.
  public let name: String
  /// The function, in the notation of the paper that it comes from: `a + b (mod p)`.
  public let formula: String
  /// One sentence: the domain and the conventions.
  public let summary: String
  /// Author, year and place.
  public let source: String
  /// What its sizes are, and the standard one.
  public let size: Size
  /// Names of the inputs in order, such as `a` and `b`.
  public let parameterNames: [String]
  /// The number of examples at a size (1 for families of fixed size).
  let count: @Sendable (Int64) -> Int
  /// Parameter sort, output sort and examples at a size that is allowed.
  let rows: @Sendable (Int64) -> Rows

  /// A table before it gets its name.
  struct Rows {
    let parameterSort: Sort
    let outputSort: Sort
    let examples: [Example]
  }

  /// The largest modulus of a table: 16,777,216 pairs, about 2 GB.
  public static let largestModulus: Int64 = 4096
  /// The largest width of a table.
  public static let largestWidth: Int64 = 12

  /// The whole function as a table.
  ///
  /// - Parameters:
  ///   - modulus: The modulus of a family that has one; nil for its standard modulus, 113.
  ///   - width: The width of a family of bit-vector functions; nil for its standard width, 8.
  /// - Throws: `TaskError` for a size that is not allowed, a modulus that has to be a prime and is not, and a quantity
  ///   that the family does not have.
  /// - Complexity: linear in the number of examples; about 130 bytes each.
  public func table(modulus: Int64? = nil, width: Int? = nil) throws(TaskError) -> TaskData {
    let value = try sizeValue(modulus: modulus, width: width)
    let made = rows(value)
    var usedModulus: Int64?
    if case .modulus = size { usedModulus = value }
    return TaskData(
      unchecked: name, parameters: parameterNames.map { Grammar.Parameter(name: $0, sort: made.parameterSort) },
      outputSort: made.outputSort, examples: made.examples, modulus: usedModulus)
  }

  /// The number of examples of `table(modulus:width:)`, without making it.
  public func exampleCount(modulus: Int64? = nil, width: Int? = nil) throws(TaskError) -> Int {
    count(try sizeValue(modulus: modulus, width: width))
  }

  private func sizeValue(modulus: Int64?, width: Int?) throws(TaskError) -> Int64 {
    switch size {
    case .modulus(let standard, let prime):
      guard width == nil else { throw .quantityNotUsed(task: name, quantity: "width") }
      let value = modulus ?? standard
      try require(value, in: 2...Self.largestModulus, quantity: "modulus")
      if prime, !isPrime(value) {
        let next = (value...Self.largestModulus).first(where: isPrime)
        throw .notPrime(task: name, modulus: value, nextPrime: next)
      }
      return value
    case .width(let standard):
      guard modulus == nil else { throw .quantityNotUsed(task: name, quantity: "modulus") }
      let value = Int64(width ?? standard)
      try require(value, in: 1...Self.largestWidth, quantity: "width")
      return value
    case .fixed:
      guard modulus == nil else { throw .quantityNotUsed(task: name, quantity: "modulus") }
      guard width == nil else { throw .quantityNotUsed(task: name, quantity: "width") }
      return 1
    }
  }

  private func require(_ value: Int64, in allowed: ClosedRange<Int64>, quantity: String) throws(TaskError) {
    guard allowed.contains(value) else {
      throw .outOfRange(task: name, quantity: quantity, value: value, allowed: allowed)
    }
  }
}

extension TaskFamily {
  /// All built-in tasks in the order in which they are listed.
  ///
  /// A Boolean family stands here with its standard number of inputs; `named(_:)` finds the others.
  public static let all: [TaskFamily] = power2022 + symmetricGroup + boolean + bitVector

  /// The built-in task of a name; `bool-parity-6` and the like name instances of the Boolean families.
  ///
  /// - Throws: `TaskError.unknownTask` with the nearest name, `.noSuchInstance`, or `.notAFunction` for a `SymbolTask`.
  public static func named(_ name: String) throws(TaskError) -> TaskFamily {
    if let family = all.first(where: { $0.name == name }) { return family }
    if let family = try booleanInstance(named: name) { return family }
    if SymbolTask.all.contains(where: { $0.name == name }) { throw .notAFunction(name) }
    throw .unknownTask(name, nearest: nearestTask(to: name))
  }
}

/// The name of a built-in task, on functions or on symbols, that is nearest to what was written.
func nearestTask(to name: String) -> String? {
  nearestMatch(to: name, among: TaskFamily.all.map(\.name) + SymbolTask.all.map(\.name))
}
