internal import Documents
internal import ExactArithmetic

extension RunFolder {
  /// Greatest count of examples, labels or bits that is read.
  private static let most = 1_000_000_000_000

  /// What a cell's record says that no cell says; nil when there is nothing.
  ///
  /// A member on which a report stands may not be missing or of another kind: leaving it out would leave out its method without
  /// a word. A cell that failed has no more than its reason.
  static func fault(in record: JSONValue) -> String? {
    if let fault = nameFault(record) { return fault }
    let isFailure = record["failure"] != nil
    if isFailure, record["failure"]?.string == nil { return "'failure' is no text" }
    let data = record["data"]
    if !isFailure, data?.object == nil { return "'data' is missing, or no object" }
    if data?.object != nil {
      let counts = ["training", "labels"] + ["examples", "trainingLabels"].filter { data?[$0] != nil }
      for name in counts { if let fault = numberFault("data.\(name)", data?[name], 0...most) { return fault } }
    }
    return scoreFault(record) ?? codeFault(record) ?? levelFault(record)
  }

  /// The name of a cell says all that tells it from others.
  private static func nameFault(_ record: JSONValue) -> String? {
    if record["type"] != "cell" { return "'type' is not 'cell'" }
    guard let seed = record["seed"]?.integer(as: UInt64.self) else { return "'seed' is missing, or no seed" }
    let parts = ["task", "question", "method"].map { record[$0]?.string ?? "" }
    let name = Cell.name(task: parts[0], question: parts[1], seed: seed, method: parts[2])
    if let cell = record["cell"]?.string, cell != name { return "'cell' is '\(cell)' of a record of '\(name)'" }
    return nil
  }

  private static func numberFault(_ name: String, _ value: JSONValue?, _ range: ClosedRange<Int>) -> String? {
    guard let value else { return "'\(name)' is missing" }
    guard case .number(let digits) = value else { return "'\(name)' is no number" }
    // A number that `Double` cannot hold is out of any range.
    let isInside = value.double.map { Double(range.lowerBound) <= $0 && $0 <= Double(range.upperBound) }
    return isInside == true ? nil : "'\(name)' is \(digits), outside \(range.lowerBound) … \(range.upperBound)"
  }

  private static func fractionFault(_ name: String, _ value: JSONValue?, upTo most: Int) -> String? {
    guard let value else { return "'\(name)' is missing" }
    guard let text = value.string, let number = Rational(text) else {
      return "'\(name)' is no text of a whole number or a fraction"
    }
    return 0 <= number && number <= Rational(most) ? nil : "'\(name)' is \(number), outside 0 … \(most)"
  }

  /// What is right of what is unseen: both or neither, since of some tasks there is no end.
  private static func scoreFault(_ record: JSONValue) -> String? {
    if record["unseen"] != nil || record["unseenRight"] != nil {
      if let fault = numberFault("unseen", record["unseen"], 0...most) { return fault }
      guard let unseen = record["unseen"]?.integer(as: Int.self) else { return "'unseen' is no whole number" }
      if let fault = fractionFault("unseenRight", record["unseenRight"], upTo: unseen) { return fault }
    }
    if let lengths = record["accuracyByLength"] {
      guard let lengths = lengths.array else { return "'accuracyByLength' is no list" }
      for length in lengths {
        if let fault = numberFault("accuracyByLength.length", length["length"], 0...most)
          ?? fractionFault("accuracyByLength.accuracy", length["accuracy"], upTo: 1)
        {
          return fault
        }
      }
    }
    return nil
  }

  private static func codeFault(_ record: JSONValue) -> String? {
    guard let codes = record["codes"] else { return nil }
    guard let codes = codes.array else { return "'codes' is no list" }
    func fault(_ name: String, _ part: JSONValue) -> String? {
      if part["name"]?.string == nil { return "'\(name).name' is missing, or no text" }
      return numberFault("\(name).bits", part["bits"], 0...most)
    }
    for code in codes {
      if let fault = fault("codes", code) { return fault }
      guard let parts = code["parts"]?.array else { return "'codes.parts' is missing, or no list" }
      for part in parts { if let fault = fault("codes.parts", part) { return fault } }
    }
    return nil
  }

  private static func levelFault(_ record: JSONValue) -> String? {
    for level in record["details"]?["levels"]?.array ?? [] {
      if let fault = numberFault("details.levels.massLog2", level["massLog2"], -most...0) { return fault }
    }
    return nil
  }
}
