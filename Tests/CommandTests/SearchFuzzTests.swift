import Evaluation
import Grammars
import Search
import TestSupport
import Testing

/// Whatever grammar and examples the reader accepts can be searched: no crash, and no wrong program.
@Suite struct SearchFuzzTests {
  private static let count = isLongRun ? 100_000 : 1500

  private static let files: [[UInt8]] = {
    let constraints: [(Language, String)] = [
      (.integers, "(constraint (= (f 1 2) 3))\n(constraint (= (f 5 (- 1)) 4))"),
      (.field, "(constraint (= (f 7 9) 63))\n(constraint (= (f 100 2) 87))"),
      (.permutations, "(constraint (= (f (perm 1 0 2 3 4) (perm 0 1 2 4 3)) (perm 1 0 2 4 3)))"),
      (.boolean, "(constraint (f true false true false))\n(constraint (not (f true true true true)))"),
      (.bitvectors, "(constraint (= (f #x06) #x02))\n(constraint (= (f #x08) #x08))"),
    ]
    let languages = constraints.map { language, text in
      let lines = Repository.text(Repository.root + "/grammars/\(language).sl").split(separator: "\n").filter {
        !$0.hasPrefix(";")
      }
      return Array((lines + [Substring(text)]).joined(separator: "\n").utf8)
    }
    let examples = ["pbe-bv-macros", "pbe-bv-conditions", "pbe-lia"].map {
      Repository.bytes(Repository.root + "/Tests/GrammarsTests/Files/\($0).sl")
    }
    return languages + examples
  }()

  @Test(.timeLimit(.minutes(60))) func acceptedFilesAreSearchedSafely() throws {
    var damage = Damage(seed: 21)
    var configuration = LengthOrderedSearch.Configuration()
    configuration.maxPrograms = 2000
    configuration.extraWork = 0
    configuration.memoryLimit = 200 << 20
    configuration.audits = true
    var searched = 0
    var solved = 0
    for number in 0..<Self.count {
      let bytes = damage.damaged(Self.files)
      guard let read = try? SyGuSReader.problem(bytes, file: "f"), !read.examples.isEmpty else { continue }
      configuration.countsMass = number % 3 != 0
      let report: SearchReport
      do {
        report = try LengthOrderedSearch(read.grammar, configuration).run(training: read.examples)
      } catch is SearchError { continue }
      searched += 1
      let interpreter = Interpreter(read.grammar)
      for solution in report.solutions {
        solved += 1
        let term = read.grammar.term(of: solution.program)
        #expect(
          read.examples.allSatisfy { interpreter.run(term, on: $0.inputs).value == $0.output },
          "number \(number): \(String(decoding: bytes, as: UTF8.self))")
      }
    }
    #expect(searched > Self.count / 30 && solved > 0)
  }
}
