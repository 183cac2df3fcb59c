#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The bytes of a file.
///
/// - Parameter limit: The greatest number of bytes; reading stops there, so that a device cannot fill the memory.
/// - Throws: `InputError` for a file that is missing, a directory, not readable, or longer than `limit`.
public func readFile(_ path: String, limit: Int) throws(InputError) -> [UInt8] {
  guard !path.isEmpty, !path.utf8.contains(0) else { throw InputError(file: path, message: "not the name of a file") }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw systemError(path) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw systemError(path) }
  guard status.st_mode & S_IFMT != S_IFDIR else {
    throw InputError(file: path, message: "a directory; expected a file")
  }
  guard Int(status.st_size) <= limit else { throw tooLong(path, limit) }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(Int(status.st_size))
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw systemError(path) }
    if count == 0 { return bytes }
    guard bytes.count + count <= limit else { throw tooLong(path, limit) }
    bytes += chunk[..<count]
  }
}

private func tooLong(_ path: String, _ limit: Int) -> InputError {
  InputError(file: path, message: "a file of more than \(limit) bytes, the most that is read")
}

/// What the last system call says about the file.
private func systemError(_ path: String) -> InputError {
  let code = errno
  switch code {
  case ENOENT: return InputError(file: path, message: "no such file")
  case EACCES, EPERM: return InputError(file: path, message: "no permission to read the file")
  default:
    return InputError(
      file: path, message: "cannot read the file: \(strerror(code).map { String(cString: $0) } ?? "\(code)")")
  }
}
