#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Files of the repository, for tests.
public enum Repository {
  /// The folder that holds `Package.swift`.
  public static let root = String(#filePath.dropLast("/Sources/TestSupport/Repository.swift".count))

  /// All bytes of a file; a missing file ends the test.
  public static func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { preconditionFailure("cannot open \(path)") }
    defer { fclose(file) }
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 { all += part[..<count] }
    return all
  }

  /// All of a file as UTF-8; a missing file ends the test.
  public static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }
}
