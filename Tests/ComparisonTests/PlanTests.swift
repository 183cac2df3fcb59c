import Documents
import ExactArithmetic
import Grammars
import Tasks
import Testing

@testable import Comparison

@Suite struct PlansAndReferences {
  @Test func referencesReadAsTheyAreWritten() throws {
    for text in ["mod-add", "mod-add@97", "mod-add@97:random", "s5-compose:permuted", "folder/pairs.csv:noisy"] {
      #expect(try TaskReference(text).text == text)
    }
    let resolved = try TaskReference("mod-add:noisy").resolved(modulus: 11) { try SequenceTask.named($0, among: []) }
    #expect(resolved.text == "mod-add@11:noisy")
    #expect(
      try TaskReference("s5-compose").resolved(modulus: 11) { try SequenceTask.named($0, among: []) }.text
        == "s5-compose")
    #expect(
      try TaskReference("parity-check").resolved(modulus: nil) { try SequenceTask.named($0, among: []) }.isSequences)
  }

  @Test(arguments: [
    ("mod-add:randm", "did you mean 'random'?"), ("mod-add@x", "'x' is no modulus"),
    ("@7", "name of a task is missing"),
  ]) func wrongReferencesAreRefused(_ text: String, _ message: String) {
    let error = #expect(throws: InputError.self) { try TaskReference(text) }
    #expect("\(error!)".contains(message))
  }

  /// Names of built-in tasks are words; paths of files may have any character.
  @Test func differentCellsHaveDifferentFolders() throws {
    func folder(_ task: String) throws -> String {
      Cell(task: try TaskReference(task), question: .learn(Rational(3, 10)), seed: 0, method: "mlp").folderName
    }
    #expect(try folder("mod-add@7") == "mod-add@7-learn-3-10-seed-0-mlp")
    #expect(try folder("mod-add@7:random") == "mod-add@7-random-learn-3-10-seed-0-mlp")
    #expect(try folder("pairs.csv") == "pairs.csv-learn-3-10-seed-0-mlp")
    #expect(try folder("a/b_c.csv") == "a_2Fb_5Fc.csv-learn-3-10-seed-0-mlp")
    #expect(ReportFigures.fileName("mod-add@7:random") == "mod-add-7-random")
    let tasks = [
      "/a/d/t.csv", "/a/d-t.csv", "/a/d_t.csv", "/a/d t.csv", "/a/d/t-csv", "/a/d_2Ft.csv", "-a-d-t.csv",
      "/a/d/t.csv:noisy", "/a/d/t.csv-noisy", "mod-add:noisy", "mod-add",
    ]
    #expect(try Set(tasks.map { try folder($0) }).count == tasks.count)
    #expect(Set(tasks.map { ReportFigures.fileName($0) }).count == tasks.count)
  }

  @Test func planReadsBackAsWritten() throws {
    var plan = ComparisonPlan(
      tasks: try ["mod-add@7", "parity-check"].map { try TaskReference($0) }, methods: ["fixed"],
      fractions: [Rational(1, 3), Rational(1, 2)], seeds: [0, 5])
    plan.networkSteps = 17
    plan.codes = false
    var read = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    try read.read(plan.record, file: "plan")
    #expect(read == plan)
    // And as a run leaves it.
    var left = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    try left.read(["type": "levin comparison", "version": "x", "plan": plan.record], file: "plan.json")
    #expect(left == plan)
  }

  /// All faults at once.
  @Test func faultyPlanIsRefusedWithEveryFault() throws {
    var plan = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    let document = try JSONValue(
      parsing: #"{"task":["mod-add"],"fractions":["3/2"],"seeds":[-1],"codes":1,"maxPrograms":0}"#, file: "plan")
    let error = #expect(throws: InputError.self) { try plan.read(document, file: "plan") }
    let text = "\(error!)"
    #expect(error!.faults.count == 5, "\(text)")
    #expect(text.contains("did you mean 'tasks'?") && text.contains("'fractions' is [\"3/2\"]"))
    let repeated = ComparisonPlan(
      tasks: [try TaskReference("mod-add"), try TaskReference("mod-add")], methods: ["serch"], fractions: [], seeds: [0]
    )
    let second = #expect(throws: InputError.self) { try repeated.validate(known: ["search"], file: "plan") }
    #expect("\(second!)".contains("did you mean 'search'?") && "\(second!)".contains("'mod-add' is there 2 times"))
  }

  /// What could not be drawn or kept is refused before the run.
  @Test func hugeNumbersAreRefused() throws {
    var plan = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    let huge = "1000000000000000000"
    for name in ["sequenceExamples", "codedSequences", "testExamples", "networkSteps"] {
      let document = try JSONValue(parsing: "{\"\(name)\":\(huge)}", file: "plan")
      let error = try #require(throws: InputError.self) { try plan.read(document, file: "plan") }
      #expect("\(error)".contains("expected a whole number from 1 to"))
    }
    for lengths in ["[\(huge)]", "[0]"] {
      let document = try JSONValue(parsing: "{\"testLengths\":\(lengths)}", file: "plan")
      #expect(throws: InputError.self) { try plan.read(document, file: "plan") }
    }
    plan.tasks = [try TaskReference("reverse-string")]
    plan.testLengths = [5, 5]
    let repeated = try #require(throws: InputError.self) { try plan.validate(known: [], file: "plan") }
    #expect("\(repeated)".contains("test length '5' is there 2 times"))
    // A modulus is that of a task, mod-add@7.
    let modulus = try JSONValue(parsing: "{\"modulus\":7}", file: "plan")
    #expect(throws: InputError.self) { try plan.read(modulus, file: "plan") }
  }

  /// What is coded of sequences is the beginning of what is learned from, in the order in which it is drawn.
  @Test func codedSequencesAreTheFirstTrainingExamples() throws {
    var plan = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    plan.codedSequences = 25
    plan.sequenceExamples = 80
    let task = try TaskReference("binary-addition")
    let problems = try [Cell.Question.learn(nil), .code("c")].map { question in
      try plan.problem(Cell(task: task, question: question, seed: 3, method: "m"))
    }
    guard case .sequences(let learned) = problems[0], case .sequences(let coded) = problems[1] else {
      throw InputError(file: "", message: "no sequences")
    }
    #expect(Array(learned.training.prefix(25)) == coded.training && coded.test.isEmpty)
    #expect(problems[1].labelCount == coded.training.reduce(0) { $0 + $1.output.count })
    #expect(problems[0].record["orderSHA256"] != problems[1].record["orderSHA256"])
    // The identity of the examples, outputs included, is that of their file.
    let file = try SymbolData(.named("binary-addition"), examples: coded.training).jsonLines()
    #expect(problems[1].record["sha256"]?.string == FileDigest(name: "", bytes: file).sha256)
    #expect(problems[1].record["testSHA256"] == .null && problems[0].record["testSHA256"]?.string?.count == 64)
  }

  @Test func smallerSharesArePrefixesOfLargerOnes() throws {
    let plan = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    let task = try TaskReference("mod-add@7")
    let orders = try [Rational(1, 5), Rational(9, 10)].map { share in
      try plan.problem(Cell(task: task, question: .learn(share), seed: 3, method: "m"))
    }.compactMap { problem in if case .function(let function) = problem { function } else { nil } }
    #expect(orders[0].order == orders[1].order)
    #expect(orders.map(\.trainingCount) == [9, 44])
    guard case .function(let coded) = try plan.problem(Cell(task: task, question: .code("c"), seed: 3, method: "m"))
    else { throw InputError(file: "", message: "no function") }
    #expect(coded.order == orders[0].order && coded.alphabet.count == 7)
  }
}

@Suite struct Controls {
  private func table(_ text: String) throws -> FunctionProblem {
    let plan = ComparisonPlan(tasks: [], methods: [], fractions: [], seeds: [])
    let cell = Cell(task: try TaskReference(text), question: .code("c"), seed: 0, method: "m")
    guard case .function(let function) = try plan.problem(cell) else {
      throw InputError(file: "", message: "no function")
    }
    return function
  }

  /// Where labels are drawn or renamed, the task's formula is not theirs.
  @Test func controlsWithOtherLabelsHaveNoFormula() throws {
    for task in ["mod-add@7", "mod-add@7:noisy"] { #expect(try table(task).formula == "a + b (mod p)") }
    for task in ["mod-add@7:random", "mod-add@7:permuted"] { #expect(try table(task).formula == nil) }
  }

  @Test func noisyChangesOneLabelInTwenty() throws {
    let (plain, noisy) = (try table("mod-add@31").task, try table("mod-add@31:noisy").task)
    let changed = zip(plain.examples, noisy.examples).count { $0.output != $1.output }
    #expect(changed == 961 / 20)
    #expect(zip(plain.examples, noisy.examples).allSatisfy { $0.inputs == $1.inputs })
  }

  @Test func permutedIsTheTaskUnderOtherNames() throws {
    let (plain, permuted) = (try table("mod-add@13").task, try table("mod-add@13:permuted").task)
    // The renaming is read off the examples in table order; it must be a bijection that explains every one.
    var names: [Int64: Int64] = [:]
    for (a, b) in zip(plain.examples, permuted.examples) {
      for (from, to) in zip(a.inputs + [a.output], b.inputs + [b.output]) {
        #expect(names[from.word, default: to.word] == to.word)
        names[from.word] = to.word
      }
    }
    #expect(Set(names.values).count == 13 && names.contains { $0 != $1 })
  }

  @Test func randomLabelsAreEvenlySpread() throws {
    let labels = try table("mod-add@31:random").task.examples.map(\.output.word)
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    // 31 labels on 961 places: 31 each; a count of 70 is seven deviations off.
    #expect(counts.count == 31 && counts.values.allSatisfy { (5...70).contains($0) })
    #expect(try table("mod-add@31:random").task == table("mod-add@31:random").task)
  }
}
