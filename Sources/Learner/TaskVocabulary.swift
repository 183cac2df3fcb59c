public import Grammars

/// The tokens of a task: every value that occurs, numbered.
///
///     TaskVocabulary(modular addition, p = 113).inputs.count      // 113; the token of the residue r is r
///
/// Integers, truth values and words are numbered in increasing order, permutations in lexicographic order of their images.
/// Parameters of one sort share their tokens; another sort goes on with the next number. Outputs have the numbers of the
/// inputs where all of them occur there, and numbers of their own otherwise.
public struct TaskVocabulary: Hashable, Sendable {
  /// The value of each input token.
  public let inputs: [Value]
  /// The value of each output.
  public let outputs: [Value]
  private let inputNumbers: [Value: Int32]
  private let outputNumbers: [Value: Int32]

  /// The values of these examples.
  public init(_ examples: [Example]) {
    inputs = Self.ordered(Set(examples.lazy.flatMap(\.inputs)))
    let known = Set(inputs)
    let answers = Set(examples.lazy.map(\.output))
    outputs = answers.isSubset(of: known) ? inputs : Self.ordered(answers)
    inputNumbers = Self.numbers(inputs)
    outputNumbers = Self.numbers(outputs)
  }

  /// The token of an input value; nil when it never occurs.
  public func token(of value: Value) -> Int32? { inputNumbers[value] }

  /// The number of an output; nil when it never occurs.
  public func output(of value: Value) -> Int32? { outputNumbers[value] }

  private static func numbers(_ values: [Value]) -> [Value: Int32] {
    Dictionary(uniqueKeysWithValues: values.enumerated().map { ($0.element, Int32($0.offset)) })
  }

  private static func ordered(_ values: Set<Value>) -> [Value] {
    values.sorted { a, b in
      if a.sort != b.sort { return rank(a.sort) < rank(b.sort) }
      switch a.sort {
      case .permutation: return a.images.lexicographicallyPrecedes(b.images)
      case .bitVector: return UInt64(bitPattern: a.word) < UInt64(bitPattern: b.word)
      case .list: return a.elements.lexicographicallyPrecedes(b.elements)
      case .int, .bool, .pair, .function: return a.word < b.word
      }
    }
  }

  /// A number per sort, different for different sorts.
  private static func rank(_ sort: Sort) -> Int {
    switch sort {
    case .int: 0
    case .bool: 1
    case .bitVector(let width): 2 + width
    case .permutation(let degree): 100 + degree
    case .list: 200
    case .pair, .function: 201
    }
  }
}
