import Foundation
import TestSupport
import Testing

/// `levin prior` where programs have one text, are deep, endless, far down the order, or stand under lambdas.
@Suite struct PriorTests {
  /// Runs the command on the grammar of a function of `a` with these nonterminals.
  private static func run(_ nonterminals: String, _ arguments: [String]) throws -> Command.Outcome {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try "(synth-fun f ((a Int)) Int (\(nonterminals)))".write(
      to: folder.appendingPathComponent("g.sl"), atomically: true, encoding: .utf8)
    return try Command.run(["prior", "g.sl"] + arguments, in: folder)
  }

  @Test func negativeNumbersAreFoundWhereTheyAreNegations() throws {
    let negation = try Self.run("(S Int (a 3 (- S) (div S D))) (D Int ((- 3) 2))", ["--program", "(- 3)"])
    #expect(negation.code == 0 && negation.output.contains("prior        1/16\n"), "\(negation.error)")
    let both = try Self.run("(S Int (a 3 (- 3) (- S)))", ["--program", "(- 3)"])
    #expect(both.output.contains("prior        1/4\n"))
    #expect(both.output.contains("derivations  2; the likeliest is shown\n"))
    #expect(both.output.contains("rank         2 (0 is the first program)\n"))
  }

  @Test func programsThatAreTooDeepAreNotWritten() throws {
    let chain = "(S Int (a (- S)))"
    #expect(try Self.run(chain, ["--unrank", "1999"]).code == 0)
    let refused = try Self.run(chain, ["--unrank", "2000"])
    #expect(refused.code == 2 && refused.output.isEmpty)
    #expect(
      refused.error.contains("the program with rank 2000 is nested 2001 deep: at most 2000 levels are written out"))
  }

  /// Draws of some 100,000 symbols, nearly all of them deep or beyond the limit.
  @Test func deepAndEndlessDrawsAreLinesOfTheirOwn() throws {
    for productions in [
      "(! a :probability 1/100000) (! (- S) :probability 99999/100000)",
      "(! a :probability 1/10) (! (+ S S) :probability 9/10)",
    ] {
      let drawn = try Self.run("(S Int (\(productions)))", ["--sample", "4"])
      #expect(drawn.code == 0 && drawn.error.isEmpty, "\(drawn.error)")
      let lines = drawn.output.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(
        lines.contains {
          $0.hasPrefix("no program of up to 100000 symbols") || $0.hasSuffix("at most 2000 levels are written out")
        })
      let records = try Self.run("(S Int (\(productions)))", ["--sample", "4", "--json"])
      #expect(records.output.contains(#""program":null"#), "\(records.output.prefix(400))")
    }
  }

  @Test func ranksAndLevelsEndAtTheLimitOfBatches() throws {
    let program = ["prior", "field", "--program", "(ff.add a b)", "--max-batches", "2"]
    let text = try Command.run(program)
    #expect(text.code == 0 && text.output.contains("prior        1/128\n"))
    #expect(text.output.hasSuffix("rank         not found within 2 batches (--max-batches)\n"), "\(text.output)")
    let record = try Command.run(program + ["--json"])
    #expect(record.output.contains(#""level":null,"levelPrograms":null"#) && record.output.contains(#""rank":null"#))
    let levels = try Command.run(["prior", "field", "--levels", "9", "--max-batches", "2"])
    #expect(levels.code == 3 && levels.output.contains("\n0  2  1/4  2  "))
    #expect(levels.error == "levin: level 1 not found within 2 batches (--max-batches)\n")
    let unranked = try Command.run(["prior", "field", "--unrank", "1000", "--max-batches", "2"])
    #expect(unranked.code == 3 && unranked.output.isEmpty && unranked.error.contains("rank 1000 not found within"))
    for arguments in [["--max-batches", "9"], ["--levels", "2", "--max-batches", "0"]] {
      let refused = try Command.run(["prior", "field"] + arguments)
      #expect(refused.code == 64 && refused.error.contains("--max-batches"))
    }
  }

  @Test func probabilityOneIsZeroBits() throws {
    #expect(try Self.run("(S Int (a))", ["--program", "a"]).output.contains("\nbits         0\n"))
    #expect(try Self.run("(S Int (a))", ["--program", "a", "--json"]).output.hasPrefix(#"{"bits":0.0,"#))
    #expect(try Self.run("(S Int (a))", ["--levels", "1", "--json"]).output.hasPrefix(#"{"bits":0.0,"#))
  }

  /// S and T are used outside of lambdas and in the test of `compr`.
  @Test func nonterminalsInBodiesAreToldApart() throws {
    let lines = try Command.run(["prior", "sequences"]).output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(Set(lines).count == lines.count)
    for line in [
      "S: Int", "S (in a body with n): Int", "B (in a body with n x y): Int",
      "termination mass of T (in a body with n): 1",
    ] {
      #expect(lines.contains { $0 == line }, "\(line): \(lines)")
    }
    let records = try Command.run(["prior", "sequences", "--json"]).output
    #expect(records.contains(#""open":true,"#) && records.contains(#""variables":["n","x","y"]"#))
  }
}
