internal import Documents

extension RunFolder {
  /// What differs between the header in a folder and that of the run that is to go on in it, each a fault; none when
  /// its finished cells can be kept.
  ///
  /// A table or file that could not be read when the run began, null in its header, may be there now: no finished cell
  /// rests on it.
  static func changes(from known: JSONValue, to header: JSONValue) -> [InputError.Fault] {
    var faults = settingChanges(from: known, to: header)
    guard known["data"]?.object != nil, known["files"]?.object != nil else {
      if faults.isEmpty {
        faults.append(
          fault(
            "its plan.json, of an older levin, does not say with which data and grammars its cells were made",
            hint: "choose another folder with --out; 'levin report' reads this one"))
      }
      return faults
    }
    faults += changedNames(known["data"], header["data"]).map { digestFault("the data of", $0) }
    faults += changedNames(known["files"], header["files"]).map { digestFault("the file", $0) }
    if faults.isEmpty, settings(of: known) != settings(of: header) {
      faults.append(fault("plan, version or settings differ"))
    }
    return faults
  }

  /// Everything but digests.
  private static func settings(of header: JSONValue) -> [String: JSONValue] {
    (header.object ?? [:]).filter { $0.key != "data" && $0.key != "files" }
  }

  /// Version, plan, and, where the plan is the same, settings of methods and examination.
  private static func settingChanges(from known: JSONValue, to header: JSONValue) -> [InputError.Fault] {
    var faults: [InputError.Fault] = []
    if known["version"] != header["version"] {
      let versions = [known, header].map { $0["version"]?.string ?? "unknown" }
      faults.append(fault("it was begun by version '\(versions[0])', this is '\(versions[1])'"))
    }
    let plans = [known, header].map { $0["plan"]?.object ?? [:] }
    let members = Set(plans.flatMap(\.keys)).filter { plans[0][$0] != plans[1][$0] }.sorted()
    guard members.isEmpty else {
      return faults + [fault("its plan has another \(members.map { "'\($0)'" }.joined(separator: ", "))")]
    }
    let methods = [known, header].map { $0["methods"]?.array ?? [] }
    for (old, new) in zip(methods[0], methods[1]) where old != new {
      faults.append(fault("the settings of '\(new["name"]?.string ?? "")' differ"))
    }
    if known["examination"] != header["examination"] { faults.append(fault("the settings of the examination differ")) }
    return faults
  }

  /// A digest that was and is there, and differs.
  private typealias Change = (name: String, old: JSONValue, new: JSONValue)

  private static func changedNames(_ known: JSONValue?, _ header: JSONValue?) -> [Change] {
    let new = header?.object ?? [:]
    return (known?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, digest in
      guard digest != .null, let now = new[name], now != digest else { return nil }
      return (name: name, old: digest, new: now)
    }
  }

  private static func digestFault(_ what: String, _ change: Change) -> InputError.Fault {
    func text(_ digest: JSONValue) -> String { digest.string.map { "sha256 \($0.prefix(12))…" } ?? "not readable" }
    return fault(
      "\(what) '\(change.name)' changed: \(text(change.old)) when it was begun, \(text(change.new)) now",
      hint: "choose another folder with --out, or restore what changed")
  }

  private static func fault(
    _ message: String, hint: String = "choose another folder with --out, or remove this one"
  ) -> InputError.Fault {
    InputError.Fault(message: "another comparison is in this folder: \(message)", hint: hint)
  }
}
