internal import Documents
internal import ExactArithmetic

extension RunFolder {
  /// Greatest count of examples, labels or bits that is read.
  private static let most = 1_000_000_000_000

  /// What a cell's record says that no cell says, a number out of its range; nil when there is none.
  ///
  /// A member that is missing, or of another kind, is no fault: it is left out of the report.
  static func fault(in record: JSONValue) -> String? {
    var numbers: [(name: String, value: JSONValue?, range: ClosedRange<Int>)] = [
      ("unseen", record["unseen"], 0...most)
    ]
    for name in ["training", "examples", "labels", "trainingLabels"] {
      numbers.append(("data.\(name)", record["data"]?[name], 0...most))
    }
    for code in record["codes"]?.array ?? [] {
      numbers.append(("codes.bits", code["bits"], 0...most))
      for part in code["parts"]?.array ?? [] { numbers.append(("codes.parts.bits", part["bits"], 0...most)) }
    }
    for level in record["details"]?["levels"]?.array ?? [] {
      numbers.append(("details.levels.massLog2", level["massLog2"], -most...0))
    }
    for (name, value, range) in numbers {
      guard let value, case .number(let digits) = value else { continue }
      // A number that `Double` cannot hold is out of any range.
      let isInside = value.double.map { Double(range.lowerBound) <= $0 && $0 <= Double(range.upperBound) }
      if isInside != true { return "'\(name)' is \(digits), outside \(range.lowerBound) … \(range.upperBound)" }
    }
    if let unseen = record["unseen"]?.integer(as: Int.self),
      let right = record["unseenRight"]?.string.flatMap({ Rational($0) }), right < 0 || right > Rational(unseen)
    {
      return "'unseenRight' is \(right), outside 0 … \(unseen)"
    }
    return nil
  }
}
