import Documents

/// The file in which a search saves what it has done. Of files that were there before, only those of the same search are
/// replaced or removed.
struct CheckpointFile {
  let path: String
  /// Of the search: the member of that name in its checkpoints.
  let identity: String

  /// - Parameters:
  ///   - work: what is saved there, in a word.
  ///   - isNamed: whether the command takes another place for it, with `--checkpoint`.
  /// - Throws: `InputError` when something else is there, or when nothing can be written there: at the beginning, not when the work is
  ///   done.
  init(_ path: String, identity: String, of work: String = "search", isNamed: Bool = true) throws(InputError) {
    (self.path, self.identity) = (path, identity)
    guard let last = path.last, last != "/" else {
      throw InputError(file: path, message: "--checkpoint '\(path)' is no file")
    }
    if exists(path) {
      guard isOwn else {
        throw InputError(
          file: path,
          message:
            "no checkpoint of this \(work): another file, or that of a \(work) with other flags; \(isNamed ? "name another with --checkpoint, or " : "")remove it"
        )
      }
    }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "./"
    guard isWritable(String(folder)) else {
      throw InputError(file: path, message: "no checkpoint can be written: the folder is missing or cannot be changed")
    }
  }

  /// Whether a checkpoint of this search is there.
  var isOwn: Bool {
    guard let bytes = try? readFile(path, limit: 1 << 30), let value = try? JSONValue(parsing: bytes, file: path) else {
      return false
    }
    return value["identity"]?.string == identity
  }

  /// What a checkpoint holds.
  ///
  /// - Parameters:
  ///   - type: the member of that name; `command` is what writes it.
  ///   - other: what it is when it belongs to something else.
  /// - Throws: `InputError` when it is no such checkpoint, or not that of the search with this identity.
  static func contents(
    of path: String, type: String, identity: String, command: String,
    other: String = "search: another task, grammar, version or setting"
  ) throws(InputError) -> JSONValue {
    let value = try JSONValue(parsing: readFile(path, limit: 1 << 30), file: path)
    guard value["type"]?.string == type, let stored = value["identity"]?.string else {
      throw InputError(file: path, message: "not a checkpoint of \(command)")
    }
    guard stored == identity else {
      throw InputError(file: path, message: "the checkpoint is of another \(other)")
    }
    return value
  }

  func save(_ text: String) throws(InputError) { try replaceFile(path, with: text) }

  /// Removes the checkpoint of this search, where there is one: it has ended.
  func remove() { if exists(path), isOwn { removeFile(path) } }
}
