#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Replaces a file as a whole: writes a temporary one beside it, syncs it, and renames it.
///
/// Whatever happens, the file holds either all of the old bytes or all of the new ones.
///
/// - Throws: `InputError` when the system refuses; it names the step.
public func replaceFile(_ path: String, with bytes: [UInt8]) throws(InputError) {
  // Of this process: another one may be writing the same file.
  let temporary = "\(path).\(getpid()).tmp"
  func failed(_ step: String) -> InputError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    unlink(temporary)
    return InputError(file: path, message: "cannot \(step) the file: \(reason)")
  }
  guard let file = fopen(temporary, "wb") else { throw failed("write") }
  let written = bytes.withUnsafeBufferPointer { $0.isEmpty ? 0 : fwrite($0.baseAddress!, 1, $0.count, file) }
  let isComplete = written == bytes.count && fflush(file) == 0 && fsync(fileno(file)) == 0
  guard fclose(file) == 0, isComplete else { throw failed("write") }
  guard rename(temporary, path) == 0 else { throw failed("rename") }
}

/// Replaces a file by a text in UTF-8.
public func replaceFile(_ path: String, with text: String) throws(InputError) {
  try replaceFile(path, with: Array(text.utf8))
}

/// Appends a text to a file, which is made where it is missing, and syncs it.
///
/// A crash may leave a part of the text at the end; nothing that was there before is touched.
public func appendToFile(_ path: String, _ text: String) throws(InputError) {
  func failed() -> InputError {
    InputError(
      file: path,
      message: "cannot append to the file: \(strerror(errno).map { String(cString: $0) } ?? "error \(errno)")")
  }
  guard let file = fopen(path, "ab") else { throw failed() }
  let bytes = Array(text.utf8)
  let written = bytes.withUnsafeBufferPointer { $0.isEmpty ? 0 : fwrite($0.baseAddress!, 1, $0.count, file) }
  let isComplete = written == bytes.count && fflush(file) == 0 && fsync(fileno(file)) == 0
  guard fclose(file) == 0, isComplete else { throw failed() }
}
