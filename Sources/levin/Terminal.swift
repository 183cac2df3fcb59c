import ArgumentParser
import Circuits
import Comparison
import Documents
import Grammars
import Networks
import Search
import Synchronization
import Tasks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Exit codes of the command beside success and usage.
enum Exit {
  static let nothingFound = ExitCode(1)
  static let badInput = ExitCode(2)
  static let incomplete = ExitCode(3)
}

/// Whether something could not be written to stdout.
private let isOutputLost = Atomic<Bool>(false)

/// What goes to the standard streams.
enum Terminal {
  static let errorIsTerminal = isatty(2) == 1

  /// What a captured body printed so far; nil when nothing is captured.
  private static let captured = Mutex<String?>(nil)

  static func out(_ text: String) {
    let isKept = captured.withLock { kept in
      kept?.append(text)
      return kept != nil
    }
    if !isKept { put(text, to: 1) }
  }

  /// What a body prints on stdout, instead of printing it.
  static func capturing(_ body: () throws -> Void) rethrows -> String {
    captured.withLock { $0 = "" }
    defer { captured.withLock { $0 = nil } }
    try body()
    return captured.withLock { $0! }
  }

  static func error(_ text: String) { put(text, to: 2) }

  private static func put(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if count > 0 {
          written += count
          continue
        }
        let code = errno
        if count < 0, code == EINTR { continue }
        // Whoever closes a pipe has read enough.
        if descriptor == 1, code != EPIPE { loseOutput(code) }
        return
      }
    }
  }

  /// Says once that stdout cannot be written. The command goes on, since it may have files to save, and then fails.
  private static func loseOutput(_ code: Int32) {
    if isOutputLost.exchange(true, ordering: .relaxed) { return }
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    Self.error("levin: cannot write the output: \(reason)\n")
  }

  /// Runs a command's body; errors become their messages and exit codes.
  static func reporting(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as InputError {
      Terminal.error("\(error)\n")
      throw Exit.badInput
    } catch let error as TaskError {
      Terminal.error("levin: \(error)\n")
      throw Exit.badInput
    } catch let error as CircuitError {
      Terminal.error("levin: \(error)\n")
      throw Exit.badInput
    } catch let error as SearchError {
      Terminal.error("levin: \(error)\n")
      throw Exit.badInput
    } catch let error as BLASBackend.Unavailable {
      Terminal.error("levin: \(error)\n")
      throw ExitCode.failure
    }
    if isOutputLost.load(ordering: .relaxed) { throw ExitCode.failure }
  }
}

/// The signal that came, 0 for none.
private let receivedSignal = Atomic<Int32>(0)

/// SIGINT and SIGTERM: the first asks the search to stop and save, the second kills as usual.
enum Interruption {
  /// The signal that came, 0 for none.
  static var signalNumber: Int32 { receivedSignal.load(ordering: .relaxed) }

  static func listen() {
    _ = signalNumber
    for number in [SIGINT, SIGTERM] {
      signal(number) { (number: Int32) in
        receivedSignal.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
    // A parent may have started this process with the signals blocked (worker threads do); then they would never come.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

/// The progress of a search by length.
struct ProgressLine {
  private let line = LiveLine()
  private let name: String

  init(_ name: String) { self.name = name }

  func show(_ progress: LengthOrderedSearch.Progress, best: (Program) -> String) {
    line.show {
      let programs = progress.candidates + progress.lookups
      let text =
        "\(name): \(Number.grouped(programs)) programs, \(Number.grouped(UInt64(Double(programs) / line.seconds)))/s, "
        + "level \(Number.rounded(progress.bits, 1)) bits, \(Number.grouped(progress.classes)) classes, \(progress.bytes >> 20) MB"
      return text + (progress.best.map { ", best \(best($0))" } ?? "")
    }
  }

  func clear() { line.clear() }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// Numbers for people, written as `Numerals` writes them.
enum Number {
  /// `12,769`.
  static func grouped(_ value: some BinaryInteger) -> String { Numerals.grouped(value) }

  /// `1 task`, `2,000 tasks`.
  static func counted(_ count: some BinaryInteger, _ noun: String) -> String { Numerals.counted(count, noun) }

  /// A decimal with `places` places; from 10^15 on the digits that tell it from others.
  static func rounded(_ value: Double, _ places: Int) -> String {
    abs(value) < 1e15 ? Numerals.decimal(value, places) : "\(value)"
  }
}
