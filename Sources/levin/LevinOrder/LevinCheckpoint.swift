import Documents
import ExactArithmetic
import Grammars
import Search

/// A Levin search in a file: its finished phases, and the finished parts of the next one.
enum LevinCheckpoint {
  private static let type = "levin checkpoint of --order levin"

  static func text(_ log: LevinLog, identity: String) -> String {
    JSONWriter.line([
      "identity": .string(identity), "phases": .array(log.phases.map { json($0.tally, phase: $0.number) }),
      "shards": .array(log.shards.map { json($0, phase: log.phases.count + 1) }), "type": .string(type),
      "version": .string(Levin.version),
    ])
  }

  private static func json(_ tally: WalkTally, phase: Int) -> JSONValue {
    var record: [String: JSONValue] = [
      "phase": .integer(phase), "prefixes": .integer(tally.prefixes), "programs": .integer(tally.programs),
      "steps": .integer(tally.steps),
      "solutions": .array(
        tally.solutions.map { solution in
          [
            "copies": .integer(solution.copies), "steps": .integer(solution.steps),
            "program": .array(solution.program.productions.map { .integer($0) }),
          ]
        }),
    ]
    for fate in WalkTally.Fate.allCases { record["\(fate)"] = .exact(tally[keyPath: fate.sum].total) }
    return .object(record)
  }

  /// The log in a checkpoint of the search with this identity.
  static func read(_ path: String, identity: String, grammar: Grammar, top: Int) throws(InputError) -> LevinLog {
    let value = try CheckpointFile.contents(
      of: path, type: type, identity: identity, command: "levin search --order levin")
    func damaged(_ fault: String) -> InputError {
      InputError(file: path, message: "the checkpoint is damaged: \(fault)")
    }
    func phases(_ name: String) throws(InputError) -> [LevinLog.Phase] {
      guard let parts = value[name]?.array else { throw damaged("no list '\(name)'") }
      let read = parts.compactMap { part in
        part["phase"]?.integer(as: Int.self).flatMap { number in
          tally(part, grammar, top).map { LevinLog.Phase(number: number, tally: $0) }
        }
      }
      guard read.count == parts.count else { throw damaged("an entry of '\(name)' is none") }
      return read
    }
    var log = LevinLog()
    log.phases = try phases("phases")
    let shards = try phases("shards")
    if let other = shards.first(where: { $0.number != log.phases.count + 1 }) {
      throw damaged("a part of phase \(other.number) behind \(log.phases.count) phases")
    }
    log.shards = shards.map(\.tally)
    if let fault = log.fault(over: grammar) { throw damaged(fault) }
    return log
  }

  private static func tally(_ value: JSONValue, _ grammar: Grammar, _ top: Int) -> WalkTally? {
    guard let prefixes = value["prefixes"]?.counter, let programs = value["programs"]?.counter,
      let steps = value["steps"]?.counter,
      let solutions = value["solutions"]?.array
    else { return nil }
    var tally = WalkTally(positions: 0, solutionLimit: max(16, top))
    (tally.prefixes, tally.programs, tally.steps) = (prefixes, programs, steps)
    for fate in WalkTally.Fate.allCases {
      guard let text = value["\(fate)"]?.string, let mass = Rational(text), mass >= 0 else { return nil }
      tally[keyPath: fate.sum] = MassSum(mass)
    }
    for solution in solutions {
      // A program that gives every example takes a step; phases end at 62.
      guard let steps = solution["steps"]?.integer(as: UInt64.self), 1...(1 << 62) ~= steps,
        let copies = solution["copies"]?.integer(as: Int.self), (0...4096).contains(copies),
        let productions = solution["program"]?.array?.integers(as: Int32.self),
        grammar.derives(Program(productions: productions))
      else { return nil }
      let program = Program(productions: productions)
      tally.solutions.append(
        WalkTally.Solution(
          program: program, probability: grammar.probability(of: program), steps: steps, copies: copies))
    }
    return tally
  }
}
