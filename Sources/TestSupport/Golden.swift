#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Texts that are kept in files: whole error messages, reports.
///
/// With `LEVIN_RECORD=1` in the environment the files are written anew, and every comparison fails.
public enum Golden {
  /// nil when the file of this path in the repository holds `text`; else the first difference.
  public static func difference(_ text: String, _ path: String) -> String? {
    let path = Repository.root + "/" + path
    if getenv("LEVIN_RECORD") != nil {
      guard let file = fopen(path, "wb") else { return "cannot write \(path)" }
      fputs(text, file)
      fclose(file)
      return "recorded \(path)"
    }
    guard access(path, R_OK) == 0 else { return "there is no \(path)" }
    let known = Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, (line, other)) in zip(lines, known).enumerated() where line != other {
      return "\(path):\(index + 1): '\(line)' where '\(other)' was expected"
    }
    return lines.count == known.count ? nil : "\(path): \(lines.count) lines where \(known.count) were expected"
  }
}
