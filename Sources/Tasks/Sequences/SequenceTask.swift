public import Documents

/// An integer sequence of the OEIS: the first terms to learn from, the next to be scored on.
///
///     let suite = try SequenceTask.read(path: "benchmarks/suites/sequences.jsonl")
///     suite.first { $0.number == "A000045" }?.kept.first        // 6765
///
/// Term `i` of `terms`, from 0, is a(offset + i). A program that fits the given terms and fails on a kept one is wrong.
public struct SequenceTask: Hashable, Sendable {
  /// The number in the OEIS: `A000045`.
  public let number: String
  /// What the sequence is called, in words.
  public let name: String
  /// What the sequence is about: `recurrence`, `divisor`, `prime`, …
  public let group: String
  /// The index of the first term, as the OEIS gives it.
  public let offset: Int64
  /// The terms that a method sees.
  public let given: [Int64]
  /// The terms that follow and that no method sees.
  public let kept: [Int64]

  /// Terms given and terms kept of the suite's sequences.
  public static let standardCount = 20

  /// A sequence by its terms.
  ///
  /// - Precondition: at least one term given and one kept; the indices of all terms within 64 bits.
  public init(number: String, name: String, group: String, offset: Int64, given: [Int64], kept: [Int64]) {
    precondition(!given.isEmpty && !kept.isEmpty, "\(number): no terms to learn from, or none to score")
    precondition(offset.addingReportingOverflow(Int64(given.count + kept.count)).overflow == false, "\(number): offset")
    self.number = number
    self.name = name
    self.group = group
    self.offset = offset
    self.given = given
    self.kept = kept
  }

  /// The indices of all terms.
  public var indices: Range<Int64> { givenIndices.lowerBound..<keptIndices.upperBound }
  /// All terms, the given ones first.
  public var terms: [Int64] { given + kept }

  /// The indices of the given terms: offset, offset + 1, …
  public var givenIndices: Range<Int64> { offset..<offset + Int64(given.count) }
  /// The indices of the kept terms.
  public var keptIndices: Range<Int64> { givenIndices.upperBound..<givenIndices.upperBound + Int64(kept.count) }
}

extension SequenceTask {
  /// The sequence of a number among these.
  ///
  /// - Throws: `TaskError.unknownTask` with the nearest number.
  public static func named(_ number: String, among suite: [SequenceTask]) throws(TaskError) -> SequenceTask {
    if let task = suite.first(where: { $0.number == number }) { return task }
    throw .unknownTask(number, nearest: nearestMatch(to: number, among: suite.map(\.number)))
  }

  /// Whether this is written as the number of a sequence: `A` and 6 to 9 digits.
  public static func isNumber(_ text: some StringProtocol) -> Bool {
    text.first == "A" && text.utf8.count >= 7 && text.utf8.count <= 10
      && text.utf8.dropFirst().allSatisfy { (48...57).contains($0) }
  }

  /// The sequences of a file in JSON Lines.
  ///
  /// - Throws: `InputError` when the file cannot be read or has faults; see `SequenceReader`.
  public static func read(path: String) throws(InputError) -> [SequenceTask] {
    try SequenceReader.read(readFile(path, limit: TaskFileLimits.bytes), file: path)
  }

  /// The sequence of a file that holds one.
  ///
  /// - Throws: `InputError` where it holds several.
  public static func only(of suite: [SequenceTask], file: String) throws(InputError) -> SequenceTask {
    guard suite.count == 1 else {
      throw InputError(
        file: file, message: "\(suite.count) integer sequences; a task is one of them",
        hint: "keep the header and one line, as 'levin tasks A000045' writes them")
    }
    return suite[0]
  }

  /// The sequence as a line of a suite, which `SequenceReader` reads back as an equal task.
  public var json: JSONValue {
    [
      "given": .array(given.map { .integer($0) }), "group": .string(group), "kept": .array(kept.map { .integer($0) }),
      "name": .string(name), "number": .string(number), "offset": .integer(offset),
    ]
  }
}
