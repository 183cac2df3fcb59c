import Foundation
import TestSupport
import Testing

/// What the README shows is what the commands print.
@Suite struct ReadmeTests {
  /// The indented lines behind `$ command`, without the indentation.
  private static func shown(_ command: String) -> [Substring] {
    let lines = Repository.text(Repository.root + "/README.md").split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0 == "    $ \(command)" }) else { return [] }
    let block = lines[(start + 1)...].prefix { $0.hasPrefix("    ") || $0.isEmpty }
    var found = block.map { $0.dropFirst(4) }
    while found.last?.isEmpty == true { found.removeLast() }
    return found
  }

  /// A line without what a clock measured.
  private static func untimed(_ line: Substring) -> Substring { line.hasPrefix("time ") ? "time" : line }

  @Test func priorOfAProgramIsAsShown() throws {
    let shown = Self.shown("levin prior field --program '(ff.add a b)'")
    let run = try Command.run(["prior", "field", "--program", "(ff.add a b)"])
    #expect(!shown.isEmpty && run.output.split(separator: "\n") == shown)
  }

  @Test func predictionOfASequenceIsAsShown() throws {
    let shown = Self.shown("levin predict 0 1 1 0 1 0 0 --depth 3 --past 0,1,0")
    let run = try Command.run(["predict", "0", "1", "1", "0", "1", "0", "0", "--depth", "3", "--past", "0,1,0"])
    #expect(!shown.isEmpty && run.output.split(separator: "\n") == shown)
  }

  @Test func symbolsAreAsShown() throws {
    let shown = Self.shown("levin tasks binary-addition --count 2 --length 9 --seed 1")
    let run = try Command.run(["tasks", "binary-addition", "--count", "2", "--length", "9", "--seed", "1"])
    #expect(!shown.isEmpty && run.output.split(separator: "\n") == shown)
  }

  /// The demo without its network, whose last digits are those of one processor: words of a line, the CPU seconds aside.
  @Test(.enabled(if: isThorough, "LEVIN_LONG=1 or a release build")) func demoIsAsShown() throws {
    func words(_ line: Substring) -> [Substring] {
      // Two places behind the point: seconds (and shares of less than all, which counts beside them say too).
      line.split(separator: " ").filter { !($0.suffix(3).first == "." && $0.last!.isNumber) }
    }
    let shown = Set(Self.shown("make demo").map(words))
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try Command.run(
      [
        "compare", "mod-add", "--modulus", "113", "--train-fraction", "0.3", "--methods",
        "search,mixture,uniform,lookup",
      ],
      in: folder)
    let titles = ["program search ", "program mixture ", "two-part program ", "uniform ", "lookup table "]
    let lines = run.output.split(separator: "\n").filter { line in
      titles.contains { line.hasPrefix($0) } && !line.contains("answers")
    }
    #expect(lines.count == 8)
    for line in lines { #expect(shown.contains(words(line)), "\(line)") }
  }

  /// The search, under the tag of long tests in debug builds, where it takes a minute.
  @Test(.enabled(if: isThorough, "LEVIN_LONG=1 or a release build")) func searchIsAsShown() throws {
    let shown = Self.shown("levin search mod-add --modulus 113 --train-fraction 3/10")
    let run = try Command.run(["search", "mod-add", "--modulus", "113", "--train-fraction", "3/10"])
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(!shown.isEmpty && lines.map(Self.untimed) == shown.map(Self.untimed))
  }
}
