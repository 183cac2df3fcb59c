import Documents
import Evaluation
import ExactArithmetic
import Grammars
import Tasks

/// How a program does on fresh inputs of a task on symbols.
struct SymbolScore {
  /// Sequences tried, and those answered right in every symbol.
  let sequences: Int
  let right: Int
  /// The mean over the test lengths of the mean share of right symbols, exact.
  let score: Rational
  let lengths: ClosedRange<Int>
  /// Runs, of streams one on every beginning, and those without a value.
  let noValue: NoValueCount
  /// Sequences that were to be tried: more than `sequences` where a signal ended the scoring.
  let asked: Int
  /// Whether a signal ended the scoring.
  var isCut: Bool { sequences < asked }

  /// Length of the fresh streams.
  static let streamLength = 200
  /// Steps of one run on a test input.
  static let stepLimit: UInt64 = 100_000_000

  /// Runs a program on fresh inputs: lengths 41 … 500 for the tasks of Delétang et al. 2022, streams of length 200.
  ///
  /// A signal ends it, unless one ended the search before: what a search has found is scored all the same.
  ///
  /// - Parameters:
  ///   - count: sequences of each test length; of streams, all.
  ///   - showsProgress: not in a suite, which has a line of its own.
  init(
    _ program: Program, _ grammar: Grammar, on task: SymbolTask, count: Int, seed: UInt64, showsProgress: Bool = true
  ) {
    let runner = ProgramRunner(grammar.term(of: program), in: grammar, stepLimit: Self.stepLimit)
    lengths = task.kind == .stream ? Self.streamLength...Self.streamLength : ChomskyProtocol.testLengths
    var total = LengthScore(lengths: lengths)
    var (tried, right) = (0, 0)
    var noValue = NoValueCount()
    let all = lengths.count * count
    asked = all
    let hears = Interruption.signalNumber == 0
    let line = LiveLine()
    scoring: for length in lengths {
      for example in task.testExamples(count: count, length: length, seed: seed) {
        if hears, Interruption.signalNumber != 0 { break scoring }
        if showsProgress {
          line.show {
            "\(task.name): scored on \(Number.grouped(tried)) of \(Number.grouped(all)) sequences"
          }
        }
        let answer = Self.answer(runner, example.input, isStream: task.kind == .stream, counting: &noValue) {}
        let accuracy = ChomskyProtocol.accuracy(of: answer, for: example)
        // Where outputs end with a symbol of their own the whole answer must be right; more than the output is wrong too.
        if accuracy == 1, answer.count == example.output.count { right += 1 }
        tried += 1
        total.add(accuracy, length: length)
      }
    }
    line.clear()
    sequences = tried
    self.right = right
    self.noValue = noValue
    score = total.score ?? 0
  }

  /// The score in a line.
  var text: String {
    let range =
      "length\(lengths.count > 1 ? "s" : "") \(lengths.lowerBound)"
      + (lengths.count > 1 ? " … \(lengths.upperBound)" : "")
    return "\(Number.grouped(right)) of \(Number.grouped(sequences)) sequences of \(range) right; "
      + "score \((score * 100).decimalString(digits: 2)) (mean accuracy over the lengths)"
      + (isCut ? "; interrupted: \(Number.grouped(asked)) were asked for" : "")
  }

  /// The score in a record.
  var record: JSONValue {
    [
      "sequences": .integer(sequences), "asked": .integer(asked), "right": .integer(right), "score": .exact(score),
      "lengths": .string("\(lengths.lowerBound)...\(lengths.upperBound)"), "noValue": noValue.record,
    ]
  }

  /// Fresh sequences of each test length, of streams in all, unless told otherwise.
  static func standardCount(_ task: SymbolTask) -> Int { task.kind == .stream ? 100 : 4 }

  /// What a program answers to an input; to a stream, after each symbol.
  static func answer(_ runner: ProgramRunner, _ input: [Int], isStream: Bool) -> [Int] {
    answer(runner, input, isStream: isStream) {}
  }

  /// The same with something to be asked before each run; what it throws ends all.
  static func answer<Failure: Error>(
    _ runner: ProgramRunner, _ input: [Int], isStream: Bool, poll: () throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    var noValue = NoValueCount()
    return try answer(runner, input, isStream: isStream, counting: &noValue, poll: poll)
  }

  private static func answer<Failure: Error>(
    _ runner: ProgramRunner, _ input: [Int], isStream: Bool, counting noValue: inout NoValueCount,
    poll: () throws(Failure) -> Void
  ) throws(Failure) -> [Int] {
    func answer(_ input: [Int]) throws(Failure) -> [Int] {
      try poll()
      let outcome = runner.run(on: [list(input)])
      noValue.add(outcome.reason)
      return symbols(outcome.value)
    }
    if !isStream { return try answer(input) }
    // One answer after each symbol; -1 where the program has none.
    var answers: [Int] = []
    for position in input.indices {
      let last = try answer(Array(input[...position]))
      answers.append(last.count == 1 ? last[0] : -1)
    }
    return answers
  }

  private static func list(_ symbols: [Int]) -> WideInterpreter.Wide { .list(symbols.map { .integer(Int64($0)) }) }

  /// The numbers of an answer; -1 for what is no symbol, none for no value.
  private static func symbols(_ value: WideInterpreter.Wide?) -> [Int] {
    guard case .list(let elements) = value else { return [] }
    return elements.map { if case .integer(let number) = $0 { Int(number) } else { -1 } }
  }
}
