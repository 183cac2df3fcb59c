import Documents

/// The file in which a search saves what it has done. Of files that were there before, only those of the same search are
/// replaced or removed.
struct CheckpointFile {
  let path: String
  /// Of the search: the member of that name in its checkpoints.
  let identity: String

  /// - Throws: `InputError` when something else is there, or when nothing can be written there: at the beginning, not when the work is
  ///   done.
  init(_ path: String, identity: String) throws(InputError) {
    (self.path, self.identity) = (path, identity)
    guard let last = path.last, last != "/" else {
      throw InputError(file: path, message: "--checkpoint '\(path)' is no file")
    }
    if exists(path) {
      guard isOwn else {
        throw InputError(
          file: path,
          message:
            "no checkpoint of this search: another file, or that of a search with other flags; name another with --checkpoint, or remove it"
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

  func save(_ text: String) throws(InputError) { try replaceFile(path, with: text) }

  /// Removes the checkpoint of this search, where there is one: it has ended.
  func remove() { if exists(path), isOwn { removeFile(path) } }
}
