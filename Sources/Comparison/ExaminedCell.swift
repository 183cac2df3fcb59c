internal import Documents

/// A cell that was examined, with what its tables name it by.
public struct ExaminedCell: Sendable {
  let entry: RunFolder.Entry
  let method: String
  /// What was found out about the cell's network.
  public let examination: Examination

  init?(_ entry: RunFolder.Entry, _ results: ComparisonResults) {
    guard !entry.isFailure, let examination = entry.record["circuits"].flatMap({ Examination(record: $0) }) else {
      return nil
    }
    self.entry = entry
    self.examination = examination
    let name = entry.record["method"]?.string ?? ""
    method = results.methods.first { $0.name == name }?.title ?? name
  }

  /// The task's reference as text, such as `mod-add@113`; empty when the record has none.
  public var task: String { entry.record["task"]?.string ?? "" }

  /// `MLP, seed 0, 3,831 examples`.
  public var name: String {
    let training = entry.record["data"]?["training"]?.integer(as: Int.self).map { Numerals.grouped($0) } ?? "?"
    return "\(method), seed \(entry.record["seed"]?.integer(as: UInt64.self) ?? 0), \(training) examples"
  }
}

extension ComparisonResults {
  /// The examined cells, in the order of the plan.
  public var examined: [ExaminedCell] { entries.compactMap { ExaminedCell($0, self) } }
}
