internal import Documents
internal import Tasks

/// A file that decides outcomes beside task and settings, such as a grammar, by its bytes.
public struct FileDigest: Hashable, Sendable {
  /// As records name it, such as `grammars/field.sl`: no folder of one machine.
  public let name: String
  /// SHA-256 of its bytes in lowercase hexadecimal, as `sha256sum` prints it; nil where the file cannot be read.
  public let sha256: String?

  /// A file of these bytes; nil for one that cannot be read.
  public init(name: String, bytes: [UInt8]?) {
    self.name = name
    sha256 = bytes.map { SHA256.hexadecimalDigest(of: $0) }
  }

  var record: JSONValue { sha256.map { .string($0) } ?? .null }
}

/// What the cells of a run depend on beside plan, version and settings: the tasks' data and the files that methods
/// read.
///
/// It is looked up once, before the first cell, and stands in the run's header; a cell that meets something else fails.
struct RunInputs: Sendable {
  /// SHA-256 of a task's table by the task's name in the plan; null where there is no table, so that its cells fail.
  ///
  /// Built-in tasks on sequences have none: their examples follow from version, plan and seed.
  private(set) var data: [String: JSONValue] = [:]
  /// SHA-256 of a file by its name; null where it cannot be read.
  private(set) var files: [String: JSONValue] = [:]

  init(_ plan: ComparisonPlan, _ methods: [any ComparedMethod], _ examiner: (any CellExaminer)?) {
    let kinds = Dictionary(uniqueKeysWithValues: methods.map { ($0.name, $0.kind) })
    let examined = Set(
      plan.cells(methods).filter { examiner?.examines($0, of: kinds[$0.method]!) == true }.map(\.task))
    for task in plan.tasks {
      let cell = Cell(task: task, question: .code(""), seed: plan.seeds.first ?? 0, method: "")
      guard let problem = try? plan.problem(cell) else {
        data[task.text] = .null
        continue
      }
      if !task.isSampled { data[task.text] = problem.record["sha256"] }
      var read = methods.filter { $0.handles(task.kind) }.flatMap { $0.files(for: problem) }
      if let examiner, examined.contains(task) { read += examiner.files(for: problem) }
      for file in read { files[file.name] = file.record }
    }
  }

  /// - Parameter record: what records say of a cell's data.
  /// - Throws: `CellFailure` when the data are not those of the header.
  func check(data record: JSONValue, of task: TaskReference) throws(CellFailure) {
    guard let known = data[task.text], known != record["sha256"] else { return }
    throw CellFailure("the data of '\(task.text)' changed while the comparison ran")
  }

  /// - Throws: `CellFailure` when one of the files is not that of the header.
  func check(_ read: [FileDigest]) throws(CellFailure) {
    guard let changed = read.first(where: { files[$0.name] != $0.record }) else { return }
    throw CellFailure("the file '\(changed.name)' changed while the comparison ran")
  }

  /// Whether a finished cell was made with these files; one that missed a file is run again once it is there.
  func hold(for record: JSONValue) -> Bool {
    (record["files"]?.object ?? [:]).allSatisfy { $0.value != .null && files[$0.key] == $0.value }
  }
}
