import ExactArithmetic
import Foundation
import Grammars
import Search
import Tasks
import TestSupport
import Testing

/// The Swift of the README, compiled and run: its lines are these lines.
@Suite struct LibraryExampleTests {
  @Test func theProgramIsFound() throws {
    let task = try TaskFamily.named("mod-add").table(modulus: 113)
    let split = try Split(of: task, size: .fraction(Rational(3, 10)), seed: 0)
    let file = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/grammars/field.sl"))
    let grammar = try SyGuSReader.problem([UInt8](file), file: "field.sl", modulus: 113).grammar

    let probes = split.unseen.prefix(8).map(\.inputs)
    let report = try LengthOrderedSearch(grammar).run(training: split.training, probes: probes)
    let solution = report.solutions[0]
    #expect(InfixPrinter(grammar).text(grammar.term(of: solution.program)) == "a + b")
    #expect(solution.probability == Rational(1, 128))
    #expect(report.stop == .found)
  }

  @Test func readmeHasTheseLines() {
    let readme = Repository.text(Repository.root + "/README.md")
    let block = readme.split(separator: "```swift\n")[1].split(separator: "```")[0]
    let own = Repository.text(#filePath)
    let code = block.split(separator: "\n").filter { !$0.hasPrefix("print(") }
    #expect(code.count > 10)
    for line in code {
      let here = line.replacingOccurrences(
        of: "\"grammars/field.sl\"", with: "Repository.root + \"/grammars/field.sl\"")
      #expect(own.contains(here), "\(line)")
    }
  }
}
