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

  /// The demo, under the tag of long tests in debug builds, where it takes a minute.
  @Test(.enabled(if: isLongRun || isReleaseBuild, "LEVIN_LONG=1 or a release build")) func demoIsAsShown() throws {
    let shown = Self.shown("make demo")
    let run = try Command.run(["search", "mod-add", "--modulus", "113", "--train-fraction", "3/10"])
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(!shown.isEmpty && lines.map(Self.untimed) == shown.map(Self.untimed))
  }
}
