import Comparison
import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Search
import Tasks

/// A problem of the comparison with the language that it is searched in.
struct ProgramLanguage {
  let problem: FunctionProblem
  let grammar: Grammar
  let name: String
  /// How many of the shipped languages compute with such values: choosing one of them is charged, not one that was given or is
  /// the file's.
  let choices: Int

  /// The language that `ComparisonPlan.grammar` says, or the file's own, or that a built-in task is meant for, else the one of
  /// its sorts.
  init(_ problem: Problem, grammar given: String?) throws {
    guard case .function(let function) = problem else {
      throw CellFailure("programs here are functions of single inputs")
    }
    self.problem = function
    let own = given ?? function.grammarFile
    choices = own == nil && function.task.outputSort == .int ? 2 : 1
    guard let language = own ?? Self.language(of: function.task) else {
      throw CellFailure("no language for results of sort \(function.task.outputSort)")
    }
    let path = try Self.path(language)
    do {
      grammar = try Assignment.grammar(path, for: function.task, modulus: function.task.modulus)
    } catch let error as InputError {
      // By the file's name: records have no folder of this machine.
      let file = Assignment.shortName(path)
      throw CellFailure(
        error.faults.map { "\(file)\($0.line > 0 ? ":\($0.line):\($0.column)" : ""): \($0.message)" }
          .joined(separator: "; "))
    }
    name = own.map(Self.fileName) ?? Assignment.shortName(path)
  }

  private static func language(of task: TaskData) -> String? {
    Assignment.language(of: task.name) ?? language(of: task.outputSort)
  }

  private static func language(of sort: Sort) -> String? {
    switch sort {
    case .int: "integers"
    case .bool: "boolean"
    case .permutation: "permutations"
    case .bitVector(let width): width == 8 ? "bitvectors" : nil
    case .list, .pair, .function: nil
    }
  }

  /// The path of a language's file.
  ///
  /// - Throws: `CellFailure` when there is none; records keep its text, so that it names no folder of this machine.
  static func path(_ language: String) throws(CellFailure) -> String {
    guard let path = try? GrammarFile.path(language) else {
      throw CellFailure(
        "no grammar \(fileName(language)), neither in the working directory nor in a folder above the command")
    }
    return path
  }

  /// The file of a language as records name it: that of a shipped one, or one that was given, wherever it lies.
  static func fileName(_ language: String) -> String {
    language.contains("/") || SyGuSTask.isFile(language)
      ? language.split(separator: "/").last.map(String.init) ?? language : "grammars/\(language).sl"
  }

  /// The file of a language as it is now.
  static func file(_ language: String) -> FileDigest {
    FileDigest(name: fileName(language), bytes: try? readFile(path(language), limit: 64 << 20))
  }

  /// The grammars that a search for a problem reads.
  ///
  /// - Parameter grammar: what `ComparisonPlan.grammar` says.
  static func files(for problem: Problem, grammar: String?) -> [FileDigest] {
    switch problem {
    case .function(let function):
      (grammar ?? function.grammarFile ?? language(of: function.task)).map { [file($0)] } ?? []
    case .sequences(let sequences): SequenceProgram.languages(of: sequences, grammar).map { file($0) }
    }
  }

  /// Reads a grammar that was given for a task.
  ///
  /// - Throws: every fault of the file, or what the grammar is for when that is not the task.
  static func check(_ name: String, for task: TaskReference) throws {
    if task.kind != .function {
      let grammar = try GrammarFile.grammar(name)
      let sorts = grammar.parameters.map(\.sort) + [grammar.resultSort]
      let (sort, values) = task.kind == .terms ? (Sort.int, "integers to integers") : (.list, "lists to lists")
      guard sorts == [sort, sort] else {
        throw InputError(
          file: name,
          message: "'\(task.text)' maps \(values), the grammar is for functions "
            + "(\(sorts.dropLast().map(\.description).joined(separator: " "))) -> \(grammar.resultSort)")
      }
    } else {
      let data = try task.table().task
      _ = try Assignment.grammar(GrammarFile.path(name), for: data, modulus: data.modulus)
    }
  }

  /// Searches with the first `count` labels known.
  func search(
    top: Int, knownLabels count: Int, extraWork: Double, countsMass: Bool, maxPrograms: UInt64,
    signatureExamples: Int? = nil, context: CellContext
  ) throws -> SearchReport {
    let report = try Self.search(
      grammar, Array(problem.order[..<count]), probes: problem.order[count...], top: top, extraWork: extraWork,
      countsMass: countsMass, maxPrograms: maxPrograms, signatureExamples: signatureExamples,
      until: context.shouldStop)
    if report.stop == .interrupted { throw CellInterrupted() }
    return report
  }

  /// Searches a language with training examples; `probes` are unseen ones, of which the inputs are looked at.
  static func search(
    _ grammar: Grammar, _ training: [Example], probes: ArraySlice<Example>, top: Int, extraWork: Double,
    countsMass: Bool, maxPrograms: UInt64?, signatureExamples: Int? = nil,
    until shouldStop: @escaping () -> Bool = { false }
  ) throws -> SearchReport {
    var configuration = LengthOrderedSearch.Configuration()
    configuration.top = top
    configuration.extraWork = extraWork
    configuration.countsMass = countsMass
    configuration.maxPrograms = maxPrograms
    configuration.signatureExamples = signatureExamples
    configuration.memoryLimit = memoryLimit
    if grammar.isStructured { configuration.probes = 0 }
    return try LengthOrderedSearch(grammar, configuration).run(
      training: training, probes: probes.prefix(4096).map(\.inputs)
    ) { _ in shouldStop() }
  }

  /// Searches with the first `count` labels known, of which some may be wrong.
  func searchWithExceptions(knownLabels count: Int, maxPrograms: UInt64, context: CellContext) throws -> ExceptionReport
  {
    var configuration = ExceptionSearch.Configuration()
    configuration.maxPrograms = maxPrograms
    configuration.memoryLimit = Self.memoryLimit
    configuration.seed = problem.seed
    let report = try ExceptionSearch(grammar, labels: problem.alphabet, configuration).run(
      training: Array(problem.order[..<count])
    ) { _ in context.shouldStop() }
    if report.stop == .interrupted { throw CellInterrupted() }
    return report
  }

  /// Whether no program with an exception or more has a shorter code than one of this prior without any: not even the
  /// likeliest program.
  func hasNoShorterCode(than prior: Rational, labels: Int) -> Bool {
    let code = ExceptionCode(labels: labels, alphabet: problem.alphabet.count)
    var ladder = Ladder(grammar)
    while let level = ladder.next() {
      guard level.nonterminal == 0 else { continue }
      return prior * code.probability(0)! >= level.probability * code.greatestProbability(from: 1)
    }
    return true
  }

  /// Bytes of a search's tables, at most.
  static let memoryLimit = 1 << 30

  /// The limits of a search, as its record holds them.
  static func budget(maxPrograms: UInt64, tableBytes: Int = memoryLimit) -> [String: UInt64] {
    ["maxPrograms": maxPrograms, "tableBytes": UInt64(tableBytes)]
  }

  /// The values of a program on inputs, as words; `Int64.min` where it has none.
  func words(_ program: Program, on examples: [Example]) -> [Int64] {
    if examples.isEmpty { return [] }
    return BatchEvaluator(grammar, inputs: examples.map(\.inputs), stepLimit: SymbolScore.stepLimit)
      .words(of: grammar.term(of: program))
  }

  /// Places in the order of the labels that a program misses, and whether it says there what no label is.
  func misses(_ program: Program) -> [(place: Int, isOutside: Bool)] {
    let labels = Set(problem.alphabet.map(\.word))
    return zip(words(program, on: problem.order), problem.order).enumerated().compactMap { place, said in
      said.0 == said.1.output.word ? nil : (place, !labels.contains(said.0))
    }
  }

  /// Examples that a program answers rightly.
  func right(_ program: Program, on examples: [Example]) -> Int {
    zip(words(program, on: examples), examples).count { $0 == $1.output.word }
  }

  /// Interpreter steps of a program on all inputs of the task.
  func steps(_ program: Program) -> UInt64 {
    let term = grammar.term(of: program)
    if grammar.runsStructure {
      let runner = ProgramRunner(term, in: grammar, stepLimit: SymbolScore.stepLimit)
      return problem.order.reduce(0) { $0 + runner.run(on: $1.inputs.map { .init($0) }).steps }
    }
    let interpreter = Interpreter(grammar)
    return problem.order.reduce(0) { $0 + interpreter.run(term, on: $1.inputs).steps }
  }

  /// A program as records hold it.
  func record(_ solution: SearchReport.Solution) -> [String: JSONValue] {
    record(solution.program, solution.probability)
  }

  /// A program with its prior as records hold it.
  func record(_ program: Program, _ probability: Rational) -> [String: JSONValue] {
    var record = Self.record(program, probability, in: grammar, name)
    record["steps"] = .integer(steps(program))
    return record
  }

  /// A program of a grammar with this name as records hold it, without its steps.
  static func record(_ program: Program, _ probability: Rational, in grammar: Grammar, _ name: String)
    -> [String: JSONValue]
  {
    [
      "program": .string(SyGuSPrinter(grammar).definition(program)),
      "infix": .string(InfixPrinter(grammar).text(grammar.term(of: program))),
      "prior": .exact(probability), "bits": .real(-probability.log2), "grammar": .string(name),
    ]
  }

  /// The counters of a search.
  static func work(_ report: some CountedSearch) -> [String: UInt64] {
    [
      "candidates": report.candidates, "lookups": report.lookups, "filtered": report.filtered,
      "operations": report.candidates + report.lookups + report.filtered,
    ]
  }
}

/// A finished search with its counters.
protocol CountedSearch {
  var candidates: UInt64 { get }
  var lookups: UInt64 { get }
  var filtered: UInt64 { get }
  var bytes: Int { get }
}

extension SearchReport: CountedSearch {}
extension ExceptionReport: CountedSearch {}

extension Outcome {
  /// Adds the work of a search to that of others, one after another in the same memory.
  mutating func add(_ report: some CountedSearch) {
    work.merge(ProgramLanguage.work(report)) { $0 + $1 }
    bytes = max(bytes ?? 0, report.bytes)
  }
}
