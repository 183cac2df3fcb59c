public import Documents
public import ExactArithmetic
internal import Tasks

/// What is compared: methods on tasks, at shares of the examples, with seeds.
public struct ComparisonPlan: Hashable, Sendable {
  /// Tasks in the order of records, none twice.
  public var tasks: [TaskReference]
  /// Names of methods (`ComparedMethod.name`) in the order of records, none twice.
  public var methods: [String]
  /// Shares to learn from of a function's examples, of a file's sequences, or of an integer sequence's terms, none twice.
  public var fractions: [Rational]
  /// Every question is asked once with each of these seeds.
  public var seeds: [UInt64]
  /// Whether labels are coded too.
  public var codes = true
  /// Whether trained networks are read and compared with the programs found.
  public var circuits = false
  /// Whether the local learning coefficient of trained networks is estimated.
  public var learningCoefficients = false
  /// The grammar that programs are searched in, a name in `grammars/` or a file; nil takes those that tasks are meant for.
  public var grammar: String?
  /// Most updates of a network in one training, at most `mostNetworkSteps`; nil leaves it to the recipe.
  public var networkSteps: Int?
  /// Most programs of one search: candidates evaluated and goals looked up.
  public var maxPrograms: UInt64 = 20_000_000
  /// Training examples of built-in tasks on sequences.
  public var sequenceExamples = 10_000
  /// Of these the first so many are coded, in the order in which they are drawn.
  public var codedSequences = 1000
  /// Lengths that built-in tasks on sequences are scored on, beside some training lengths.
  public var testLengths: [Int] = [10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500]
  /// Examples of each.
  public var testExamples = 32

  /// What `networkSteps` may be at most.
  public static let mostNetworkSteps = 100_000_000

  /// A plan with these tasks, methods, shares and seeds, and the defaults for everything else.
  public init(tasks: [TaskReference], methods: [String], fractions: [Rational], seeds: [UInt64]) {
    self.tasks = tasks
    self.methods = methods
    self.fractions = fractions
    self.seeds = seeds
  }
}

extension ComparisonPlan {
  /// Every cell in the order of records: tasks, then questions, then seeds, then methods.
  public func cells(_ methods: [any ComparedMethod]) -> [Cell] {
    var cells: [Cell] = []
    for task in tasks {
      let able = methods.filter { $0.handles(task.kind) }
      let shares: [Rational?] = task.isSampled ? [nil] : fractions
      for share in shares {
        for seed in seeds {
          cells += able.filter { $0.learns(task.kind) }.map {
            Cell(task: task, question: .learn(share), seed: seed, method: $0.name)
          }
        }
      }
      guard codes else { continue }
      for seed in seeds {
        for method in able {
          cells += method.codes(for: task.kind).map {
            Cell(task: task, question: .code($0), seed: seed, method: method.name)
          }
        }
      }
    }
    return cells
  }

  /// The data of a cell.
  ///
  /// - Throws: what the task's table and its split throw.
  public func problem(_ cell: Cell) throws -> Problem {
    if cell.task.isSampled {
      let task = try SymbolTask.named(cell.task.base)
      if case .code = cell.question {
        // A smaller count gives the first of the training examples.
        return .sequences(
          SequenceProblem(
            task: task, training: task.trainingExamples(count: codedSequences, seed: cell.seed), test: [],
            seed: cell.seed))
      }
      return .sequences(
        SequenceProblem(
          task: task, training: task.trainingExamples(count: sequenceExamples, seed: cell.seed),
          test: testLengths.map { length in
            (length, task.testExamples(count: testExamples, length: length, seed: cell.seed &+ 1_000_003))
          }, seed: cell.seed))
    }
    if cell.task.isSequences { return try .sequences(fileProblem(cell)) }
    if cell.task.kind == .terms { return try .sequences(termProblem(cell)) }
    let (task, formula) = try cell.task.table()
    let split = try split(task, for: cell)
    return .function(
      FunctionProblem(
        name: cell.task.text, formula: formula, task: task, order: split.training + split.unseen,
        trainingCount: split.training.count, seed: cell.seed, grammarFile: cell.task.grammarFile))
  }

  /// The first terms of an integer sequence, by the share that is learnt from, before the others; all of them where they are
  /// coded.
  private func termProblem(_ cell: Cell) throws -> SequenceProblem {
    guard let sequence = cell.task.sequence else {
      throw CellFailure("the terms of '\(cell.task.text)' were not looked up")
    }
    var count = sequence.terms.count
    if case .learn(let share?) = cell.question {
      count = try Split.Size.fraction(share).count(of: count, task: cell.task.text)
    }
    return SequenceProblem(name: cell.task.text, terms: sequence, trainingCount: count, seed: cell.seed)
  }

  /// The examples to learn from before the others; all of them where labels are coded.
  private func split(_ task: TaskData, for cell: Cell) throws -> Split {
    var size = Split.Size.count(task.distinctExamples.count)
    if case .learn(let share?) = cell.question { size = .fraction(share) }
    return try Split(of: task, size: size, seed: cell.seed)
  }

  /// The sequences of a file, split as `levin search` splits them; of those that are coded the first.
  private func fileProblem(_ cell: Cell) throws -> SequenceProblem {
    let data = try SymbolData.read(path: cell.task.base)
    let split = try split(data.table(), for: cell)
    var training = split.training[...]
    if case .code = cell.question { training = training.prefix(codedSequences) }
    return SequenceProblem(
      name: cell.task.text, file: data, training: training.map { SequenceExample(onLists: $0) },
      unseen: split.unseen.map { SequenceExample(onLists: $0) }, seed: cell.seed)
  }
}

extension ComparisonPlan {
  /// The plan as a file holds it.
  public var record: JSONValue {
    var record: [String: JSONValue] = [
      "tasks": .array(tasks.map { .string($0.text) }), "methods": .array(methods.map { .string($0) }),
      "fractions": .array(fractions.map { .exact($0) }), "seeds": .array(seeds.map { .integer($0) }),
      "codes": .bool(codes), "learningCoefficients": .bool(learningCoefficients),
      "networkSteps": networkSteps.map { .integer($0) } ?? .null,
      "maxPrograms": .integer(maxPrograms), "sequenceExamples": .integer(sequenceExamples),
      "codedSequences": .integer(codedSequences),
      "testLengths": .array(testLengths.map { .integer($0) }), "testExamples": .integer(testExamples),
    ]
    // Said only where it is asked for: other runs go on in the folders that they were begun in.
    if circuits { record["circuits"] = true }
    if let grammar { record["grammar"] = .string(grammar) }
    return .object(record)
  }

  /// Names that a plan may have.
  private static let names = [
    "tasks", "methods", "fractions", "seeds", "codes", "circuits", "learningCoefficients", "grammar", "networkSteps",
    "maxPrograms", "sequenceExamples", "codedSequences", "testLengths", "testExamples",
  ]

  /// Reads a plan, or that in a run's `plan.json`; names that are missing keep the values that `self` has.
  ///
  /// - Throws: `InputError` with every fault of the plan.
  public mutating func read(_ document: JSONValue, file: String) throws(InputError) {
    let isHeader = document["type"]?.string == ComparisonRunner.headerType
    guard let members = (isHeader ? document["plan"] : document)?.object else {
      throw InputError(file: file, message: "a plan is an object such as {\"tasks\":[\"mod-add\"]}")
    }
    var faults: [String] = []
    for name in members.keys.sorted() where !Self.names.contains(name) {
      let near = nearestMatch(to: name, among: Self.names).map { "; did you mean '\($0)'?" } ?? ""
      faults.append("unknown name '\(name)'; expected \(Self.names.joined(separator: ", "))\(near)")
    }
    func list<Element>(_ name: String, _ what: String, _ read: (JSONValue) -> Element?) -> [Element]? {
      guard let value = members[name] else { return nil }
      let found = value.array?.compactMap(read)
      if let found, !found.isEmpty, found.count == value.array?.count { return found }
      faults.append("'\(name)' is \(value); expected a list of \(what)")
      return nil
    }
    func positive(_ name: String, most: Int = 1 << 62) -> Int? {
      guard let value = members[name], value != .null else { return nil }
      if let number = value.integer(as: Int.self), (1...most).contains(number) { return number }
      faults.append("'\(name)' is \(value); expected a whole number from 1 to \(most)")
      return nil
    }
    if let texts = list("tasks", "names of tasks", { $0.string }) {
      tasks = []
      for text in texts {
        do { tasks.append(try TaskReference(text)) } catch { faults.append("\(error)") }
      }
    }
    methods = list("methods", "names of methods", { $0.string }) ?? methods
    fractions =
      list("fractions", "shares such as \"3/10\" or 0.3", Self.share) ?? fractions
    seeds = list("seeds", "numbers from 0 up", { $0.integer(as: UInt64.self) }) ?? seeds
    testLengths =
      list(
        "testLengths", "lengths from 1 to 100000",
        { $0.integer(as: Int.self).flatMap { (1...100_000).contains($0) ? $0 : nil } })
      ?? testLengths
    func flag(_ name: String) -> Bool? {
      guard let value = members[name] else { return nil }
      if let flag = value.bool { return flag }
      faults.append("'\(name)' is \(value); expected true or false")
      return nil
    }
    codes = flag("codes") ?? codes
    circuits = flag("circuits") ?? circuits
    learningCoefficients = flag("learningCoefficients") ?? learningCoefficients
    if let value = members["grammar"], value != .null {
      if let name = value.string, !name.isEmpty {
        grammar = name
      } else {
        faults.append("'grammar' is \(value); expected a name in grammars/ or a file")
      }
    }
    networkSteps = positive("networkSteps", most: Self.mostNetworkSteps) ?? networkSteps
    maxPrograms = positive("maxPrograms").map(UInt64.init) ?? maxPrograms
    sequenceExamples = positive("sequenceExamples", most: 10_000_000) ?? sequenceExamples
    codedSequences = positive("codedSequences", most: 10_000_000) ?? codedSequences
    testExamples = positive("testExamples", most: 1_000_000) ?? testExamples
    if !faults.isEmpty { throw InputError(file: file, faults: faults.map { InputError.Fault(message: $0) }) }
  }

  /// A share above 0 and up to 1, as text or as a JSON number with its digits.
  private static func share(_ value: JSONValue) -> Rational? {
    let text: String? = if case .number(let digits) = value { digits } else { value.string }
    return text.flatMap { Rational($0) }.flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
  }

  /// Checks what reading cannot: names of methods, repeated entries.
  ///
  /// - Parameter known: the names of methods that there are.
  public func validate(known: [String], file: String) throws(InputError) {
    var faults: [InputError.Fault] = []
    for method in methods where !known.contains(method) {
      faults.append(
        InputError.Fault(
          message: "unknown method '\(method)'; expected \(known.joined(separator: ", "))",
          hint: nearestMatch(to: method, among: known).map { "did you mean '\($0)'?" }))
    }
    func repeated<Item: Hashable>(_ items: [Item], _ what: String, _ text: (Item) -> String) {
      for (item, number) in Dictionary(items.map { ($0, 1) }, uniquingKeysWith: +).filter({ $0.value > 1 })
        .sorted(by: { text($0.key) < text($1.key) })
      {
        faults.append(InputError.Fault(message: "\(what) '\(text(item))' is there \(number) times"))
      }
    }
    repeated(tasks, "task") { $0.text }
    repeated(methods, "method") { $0 }
    repeated(fractions, "fraction") { "\($0)" }
    repeated(seeds, "seed") { "\($0)" }
    repeated(testLengths, "test length") { "\($0)" }
    if tasks.isEmpty { faults.append(InputError.Fault(message: "there is no task to compare on")) }
    if !faults.isEmpty { throw InputError(file: file, faults: faults) }
  }
}
