import Documents
import ExactArithmetic
import Foundation
import Grammars
import TestSupport
import Testing

/// `levin prior` where programs have one text, are deep, endless, far down the order, or stand under lambdas; and its
/// records.
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

  /// Of equally likely derivations the first one is shown.
  @Test func rankOfAProgramIsTheLeastOfItsLikeliestDerivations() throws {
    let nonterminals = "(E Int (T a)) (T Int (a))"
    let ranked = try Self.run(nonterminals, ["--program", "a"])
    #expect(ranked.output.contains("derivations  2; the likeliest is shown\n"))
    #expect(ranked.output.hasSuffix("rank         0 (0 is the first program)\n"))
    #expect(try Self.run(nonterminals, ["--unrank", "0"]).output == ranked.output)
    let uneven = "(E Int ((! a :probability 3/4) (! T :probability 1/4))) (T Int (a))"
    let other = try Self.run(uneven, ["--unrank", "1"]).output
    #expect(other.contains("prior        1/4\n") && other.contains("rank         1 (0"), "\(other)")
    #expect(other.contains("derivations  2; another one is likelier than the one shown\n"))
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

  @Test func aModulusNeedsAPlaceInTheGrammar() throws {
    let refused = try Command.run(["prior", "boolean", "--modulus", "7"])
    #expect(refused.code == 2 && refused.output.isEmpty)
    #expect(
      refused.error.hasSuffix("boolean.sl: the grammar has no modulus: --modulus says nothing\n"), "\(refused.error)")
    #expect(try Command.run(["prior", "field", "--modulus", "7", "--count", "1"]).code == 0)
  }

  /// A mass of 1 - 10^-30, about, is not shown as 1.
  @Test func endsOfAMassAreRoundedOutward() throws {
    let third = "1" + String(repeating: "0", count: 29) + "1/3" + String(repeating: "0", count: 30)
    let rest = "1" + String(repeating: "9", count: 30) + "/3" + String(repeating: "0", count: 30)
    let near = try Self.run(
      "(S Int ((! a :probability \(rest)) (! (+ S S S) :probability \(third))))", ["--termination"])
    #expect(
      near.output == "termination mass of S: between 0.99999999999999999999 and 1.00000000000000000000 "
        + "(ends rounded outward; exact ends with --json)\n")
    // The least x = 1/4 + 3/4 x³ is (√21 - 3)/6 = 0.26376261582597333443134…
    let irrational = try Self.run(
      "(S Int ((! a :probability 1/4) (! (+ S S S) :probability 3/4)))", ["--termination"])
    #expect(irrational.output.contains("between 0.26376261582597333443 and 0.26376261582597333444 "))
  }

  /// Version, grammar and its hash in each; exact probabilities with their logarithms; the seed of what is drawn.
  @Test func recordsSayWhatTheyAreFunctionsOf() throws {
    let version = try Command.run(["--version"]).output.split(separator: "\n").first.map(String.init)
    let hash = SHA256.hexadecimalDigest(of: Array(SyGuSPrinter(try Language.field.grammar()).problem([]).utf8))
    let asked = [
      "--program", "b", "--levels", "2", "--count", "3", "--unrank", "4", "--sample", "2", "--seed", "7",
      "--termination",
    ]
    var types: Set<String> = []
    for arguments in [[], asked] {
      let lines = try Command.run(["prior", "field", "--json"] + arguments).output.split(separator: "\n")
      for line in lines {
        let record = try JSONValue(parsing: String(line))
        #expect(JSONWriter.text(record) == line, "keys are sorted, numbers as they are")
        let type = try #require(record["type"]?.string)
        types.insert(type)
        #expect(record["version"]?.string == version && version != nil)
        #expect(record["grammar"]?["file"]?.string == "grammars/field.sl")
        #expect(record["grammar"]?["sha256"]?.string == hash)
        #expect(record["seed"]?.int64 == (type == "sample" ? 7 : Int64?.none))
        let isListed = ["program", "level"].contains(type)
        #expect(record["limits"]?["maxBatches"]?.int64 == (isListed ? 500_000 : Int64?.none))
        var probabilities = ["prior", "lower", "upper", "sum", "openLower", "openUpper"].compactMap { record[$0] }
        probabilities += record["productions"]?.array?.compactMap { $0["probability"] } ?? []
        #expect(type == "count" || !probabilities.isEmpty)
        for probability in probabilities {
          let exact = try #require(probability["exact"]?.string.flatMap { Rational($0) }, "\(line)")
          #expect(probability["log2"]?.double == exact.log2, "\(line)")
        }
      }
    }
    #expect(types == ["nonterminal", "termination", "program", "level", "count", "sample"])
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

  /// The records of all functions of three truth values: the bounds of all together enclose the prior of all programs.
  @Test func priorsOfFunctionsAddUp() throws {
    let outcome = try Command.run(["prior", "boolean", "--variables", "2", "--functions", "100", "--json"])
    let records = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)).object ?? [:] }
    func exact(_ record: [String: JSONValue], _ name: String) throws -> Rational {
      let text = try #require(record[name]?.object?["exact"]?.string)
      return try #require(Rational(text))
    }
    let summary = try #require(records.first)
    #expect(records.count == 17 && summary["every"]?.bool == true && summary["count"]?.int64 == 16)
    let open = try exact(summary, "open")
    let lower = try records.dropFirst().reduce(Rational(0)) { $0 + (try exact($1, "lower")) }
    // With two inputs a symbol brings 7/6 others: a program need not end.
    #expect(try lower <= exact(summary, "terminationLower") && lower + open >= exact(summary, "terminationUpper"))
    #expect(try exact(summary, "terminationUpper") < 1)
    for record in records.dropFirst() {
      #expect(try exact(record, "upper") == exact(record, "lower") + open)
      #expect(try exact(record, "prior") <= exact(record, "upper"))
      #expect(record["values"]?.array?.count == 4)
    }
  }

  @Test func functionsOfEndlesslyManyInputsAreRefused() throws {
    for (arguments, message) in [
      (["prior", "sequences", "--functions", "3"], "'n' is any integer: functions need finitely many values"),
      (["prior", "field", "--functions", "3"], "more than 4096"),
      (["prior", "permutations", "--functions", "3"], "where Bool, Int or bit vectors were expected"),
      (["prior", "field", "--variables", "3", "--functions", "3"], "the grammar names its inputs"),
    ] {
      let outcome = try Command.run(arguments)
      #expect(outcome.code == 2 && outcome.error.contains(message), "\(outcome.error)")
    }
    #expect(try Command.run(["prior", "boolean", "--max-bits", "9"]).code == 64)
    #expect(try Command.run(["prior", "boolean", "--variables", "0"]).code == 64)
  }
}
