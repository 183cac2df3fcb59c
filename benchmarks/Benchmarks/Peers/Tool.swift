#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// One run of another program: what it printed, and the CPU time of it and its children, start-up included.
struct Run {
  let output: String
  let seconds: Double
  /// Ended by the time limit.
  let isOver: Bool

  /// Runs a command with its output in a file; `timeLimit` is in CPU seconds.
  init(_ command: [String], timeLimit: Int, output path: String) {
    var actions = Self.fileActions()
    posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The shell sets the limit and becomes the command.
    let quoted = command.map { "'" + $0 + "'" }.joined(separator: " ")
    let words = ["/bin/sh", "-c", "ulimit -t \(timeLimit); exec \(quoted)"]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    guard posix_spawn(&child, words[0], &actions, nil, &arguments, environ) == 0 else {
      fatalError("cannot run \(command[0])")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + 1e-6 * Double(time.tv_usec) }
    self.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    isOver = [SIGKILL, SIGXCPU].contains(status & 0x7f)
    output = String(decoding: contents(path), as: UTF8.self)
  }

  #if canImport(Darwin)
    private static func fileActions() -> posix_spawn_file_actions_t? {
      var actions: posix_spawn_file_actions_t?
      posix_spawn_file_actions_init(&actions)
      return actions
    }
  #else
    private static func fileActions() -> posix_spawn_file_actions_t {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      return actions
    }
  #endif

  /// The first `(define-fun …)` in the output, to its closing parenthesis.
  var definition: String? {
    let bytes = Array(output.utf8)
    let opening = Array("(define-fun".utf8)
    guard bytes.count >= opening.count,
      let start = (0...bytes.count - opening.count).first(where: {
        bytes[$0..<$0 + opening.count].elementsEqual(opening)
      })
    else { return nil }
    var depth = 0
    for position in start..<bytes.count {
      if bytes[position] == UInt8(ascii: "(") { depth += 1 }
      if bytes[position] == UInt8(ascii: ")") { depth -= 1 }
      if depth == 0 { return String(decoding: bytes[start...position], as: UTF8.self) }
    }
    return nil
  }
}

/// The bytes of a file; empty when there is none.
func contents(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var all: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&part, 1, part.count, file), count > 0 { all += part[..<count] }
  return all
}
