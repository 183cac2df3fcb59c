import Documents
import ExactArithmetic
import Foundation
import Testing

@testable import Comparison

@Suite struct FindingsFollowTheRecords {
  private func results(
    _ methods: [any ComparedMethod], tasks: [String], fractions: [Rational] = [Rational(3, 10)], codes: Bool = true
  ) throws -> ComparisonResults {
    let scratch = Scratch()
    defer { scratch.remove() }
    var plan = ComparisonPlan(
      tasks: try tasks.map { try TaskReference($0) }, methods: methods.map(\.name), fractions: fractions, seeds: [0])
    plan.codes = codes
    let runner = ComparisonRunner(
      plan, methods: methods, folder: RunFolder(scratch.folder.path), version: "test", threads: 1,
      environment: scratch.environment)
    return ComparisonResults(header: runner.header, entries: try #require(try runner.run()))
  }

  private static func pair(_ program: Rational, _ network: Rational) -> [any ComparedMethod] {
    [
      FixedMethod(name: "p", kind: .program, accuracy: program, bits: 10),
      FixedMethod(name: "n", kind: .network, accuracy: network, bits: 90),
    ]
  }

  @Test func sentenceSaysWhoWonEvenWhenItIsTheNetwork() throws {
    let won = Findings(try results(Self.pair(1, Rational(1, 2)), tasks: ["mod-add@5"]))
    #expect(won.sentences.contains("Most accurate: P, ahead of N by 50.00 % of the unseen inputs."))
    let lost = Findings(try results(Self.pair(0, Rational(9, 10)), tasks: ["mod-add@5"]))
    #expect(lost.sentences.contains("Most accurate: N, ahead of P by 90.00 % of the unseen inputs."))
    let none = Findings(try results(Self.pair(0, 0), tasks: ["mod-add@5"]))
    #expect(none.sentences.contains("No unseen input is answered rightly by P and N."))
    let equal = Findings(try results(Self.pair(1, 1), tasks: ["mod-add@5"]))
    #expect(equal.sentences.contains("Equally accurate: P and N."))
    #expect(equal.best("mod-add@5", Rational(3, 10)) == ["p", "n"])
  }

  /// Codes of one name are told apart by their methods, and all that are equally short have won.
  @Test func equallyShortCodesAllWin() throws {
    let methods: [any ComparedMethod] = [
      FixedMethod(name: "m", kind: .network, bits: 20, codeName: "network"),
      FixedMethod(name: "t", kind: .network, bits: 30, codeName: "network"),
      // What rounding leaves of 20.
      FixedMethod(name: "u", kind: .baseline, bits: 20.0.nextUp),
    ]
    let one = try results(methods, tasks: ["mod-add@5"])
    #expect(one.codes("mod-add@5").map(\.title) == ["network (M)", "network (T)", "u code"])
    #expect(Findings(one).shortestCodes("mod-add@5").map(\.title) == ["network (M)", "u code"])
    #expect(
      Findings(one).sentences.contains(
        "Bits for all 25 labels: 20.0 by network (M), 30.0 by network (T) and 20.0 by u code."))
    // In the first table and in the ledger.
    #expect(ReportPage(one).html.components(separatedBy: "20.0 ★").count == 5)
    let two = Findings(try results(methods, tasks: ["mod-add@5", "mod-sub@5"]))
    #expect(two.sentences.contains("The shortest codes are equal on 2 of 2 tasks: network (M) and u code."))
    let won = Findings(try results(Array(methods[1...]), tasks: ["mod-add@5", "mod-sub@5"]))
    #expect(won.sentences.contains("The shortest code for all labels is the u code on 2 of 2 tasks."))
  }

  @Test func baselinesAloneAreCompared() throws {
    let methods: [any ComparedMethod] = [
      FixedMethod(name: "u", kind: .baseline), FixedMethod(name: "l", kind: .baseline, accuracy: Rational(1, 4)),
    ]
    let sentences = Findings(try results(methods, tasks: ["mod-add@5"], codes: false)).sentences
    #expect(
      sentences == [
        "From 7 of 25 examples of mod-add@5, U answers 50.00 % in 0.00 s of CPU; L answers 25.00 % in 0.00 s of CPU.",
        "Most accurate: U, ahead of L by 25.00 % of the unseen inputs.",
      ])
  }

  /// With all examples to learn from no input is unseen, and without codes none is short.
  @Test func controlSaysWhatWasMeasured() throws {
    let honest = [FixedMethod(name: "n", kind: .network, accuracy: Rational(1, 11), bits: 500)]
    func control(_ share: Rational, codes: Bool) throws -> String? {
      Findings(try results(honest, tasks: ["mod-add@11:random"], fractions: [share], codes: codes)).sentences.first {
        $0.hasPrefix("Control, random labels: ")
      }
    }
    let (answers, codes) = (
      "no method is above chance by more than 4 standard deviations",
      "no code is shorter than the uniform one by more than 20 bits"
    )
    #expect(try control(Rational(1, 2), codes: true) == "Control, random labels: \(answers), and \(codes).")
    #expect(try control(Rational(1, 2), codes: false) == "Control, random labels: \(answers).")
    #expect(try control(1, codes: true) == "Control, random labels: \(codes).")
    #expect(try control(1, codes: false) == nil)
  }

  @Test func severalTasksAreCounted() throws {
    let findings = Findings(try results(Self.pair(0, 1), tasks: ["mod-add@5", "mod-sub@5", "mod-mul@5"]))
    #expect(findings.sentences[1] == "Programs are more accurate on 0 tasks, networks on 3, and they are equal on 0.")
  }

  @Test func beatingChanceOnRandomLabelsIsShouted() throws {
    let honest = [FixedMethod(name: "n", kind: .network, accuracy: Rational(1, 11), bits: 500)]
    let cheat = [FixedMethod(name: "n", kind: .network, accuracy: Rational(1, 2), bits: 300)]
    #expect(
      Findings(try results(honest, tasks: ["mod-add@11:random"])).sentences.contains {
        $0.hasPrefix("Control, random labels: no method")
      })
    let text = Findings(try results(cheat, tasks: ["mod-add@11:random"])).sentences.joined(separator: "\n")
    #expect(
      text.contains("CONTROL VIOLATED") && text.contains("N with 50.00 %") && text.contains("n code with 300.0 bits"))
  }

  @Test func examplesNeededAreTheFewestOfTheSharesTried() throws {
    let shares = [Rational(1, 2), Rational(1, 5)]
    let findings = Findings(try results(Self.pair(1, Rational(98, 100)), tasks: ["mod-add@5"], fractions: shares))
    let methods = findings.results.methods
    #expect(findings.examplesNeeded("mod-add@5", methods[0]) == 5)
    #expect(findings.examplesNeeded("mod-add@5", methods[1]) == nil)
  }

  /// Estimates stand in a table of their own and in no ledger; without an estimate the reason does.
  @Test func learningCoefficientsAreApartFromCodes() throws {
    func entry(_ seed: Int, _ estimate: JSONValue, _ fault: JSONValue, bytes: Int) -> RunFolder.Entry {
      let record: JSONValue = [
        "cell": .string("t learn 3/10 seed \(seed) n"), "task": "mod-add@5", "method": "n", "question": "learn 3/10",
        "unseen": 10, "unseenRight": "5/1", "data": ["training": 7], "bytes": .integer(bytes),
        "learningCoefficient": [
          "estimate": estimate, "standardError": .real(0.5), "fault": fault, "inverseTemperature": .real(464.25),
          "stepSize": .real(0.0003), "localization": .real(100), "draws": 200, "burnIn": 20, "chains": 3,
          "byHalfOfDraws": [.real(11.5), .real(12.5)],
        ],
      ]
      return RunFolder.Entry(
        record: record, times: ["processPeakBytes": .integer(5_000_000 + seed), "cpuSeconds": .real(1)])
    }
    let header: JSONValue = [
      "plan": ["tasks": ["mod-add@5"], "fractions": ["3/10"], "seeds": [0, 1]],
      "methods": [["name": "n", "title": "N", "kind": "network", "settings": [:]]],
    ]
    let sound = ComparisonResults(
      header: header,
      entries: [entry(0, .real(14), .null, bytes: 1000), entry(1, .real(12.25), .null, bytes: 2500)])
    #expect(sound.coefficients.count == 1)
    let summary = try #require(sound.coefficients.first)
    #expect(summary.estimate == 12.25 && summary.value == "12.2 ± 0.5" && summary.halves == "11.5, 12.5")
    #expect(summary.sampler.hasPrefix("nβ 464.2, ε ") && summary.training == 7)
    #expect(sound.codes("mod-add@5").isEmpty && Findings(sound).sentences.allSatisfy { !$0.contains("12.2") })
    let page = ReportPage(sound).html
    #expect(page.contains("It is no code and has no bits") && page.contains("12.2 ± 0.5"))
    // The cost table: own storage beside the process's.
    #expect(sound.costs.map(\.bytes) == [2500] && sound.costs.map(\.processBytes) == [5_000_001])
    #expect(page.contains("2.5 kB") && page.contains("5.0 MB"))
    let faulty = ComparisonResults(
      header: header, entries: [entry(0, .real(14), .null, bytes: 1), entry(1, .null, "chain 2 is lost", bytes: 1)])
    #expect(faulty.coefficients.first?.estimate == nil && faulty.coefficients.first?.fault == "chain 2 is lost")
    #expect(ReportPage(faulty).html.contains("chain 2 is lost"))
    // Halves of no chain say nothing, whatever the record holds for them.
    var lost = entry(0, .null, "lost", bytes: 1).record.object ?? [:]
    let halves: JSONValue = [.real(0), .real(0)]
    lost["learningCoefficient"] = ["estimate": .null, "fault": "lost", "byChain": [], "byHalfOfDraws": halves]
    let none = ComparisonResults(
      header: header, entries: [RunFolder.Entry(record: .object(lost), times: [:])])
    #expect(none.coefficients.first?.halves == "–")
  }

  @Test func pageIsOneFileThatNamesNothingElse() throws {
    let shares = [Rational(1, 5), Rational(3, 10), Rational(1, 2)]
    for tasks in [["mod-add@5"], ["mod-add@5", "mod-sub@5", "mod-mul@5:random"]] {
      let page = ReportPage(try results(Self.pair(1, Rational(1, 2)), tasks: tasks, fractions: shares))
      for word in ["<script", "<link", "<img", "@import", "url(", "http-equiv"] { #expect(!page.html.contains(word)) }
      // The only address is the name space of SVG.
      let addresses = page.html.components(separatedBy: "://").count - 1
      #expect(addresses == page.html.components(separatedBy: "xmlns=\"http://www.w3.org/2000/svg\"").count - 1)
      #expect(!page.figures.isEmpty && Set(page.figures.map(\.name)).count == page.figures.count)
      #expect(page.html.contains("★"))
    }
  }
}
