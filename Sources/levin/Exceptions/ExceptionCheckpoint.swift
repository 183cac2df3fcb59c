import Documents
import Grammars
import Search

/// The subsets of an exception search in a file.
enum ExceptionCheckpoint {
  private static let type = "levin checkpoint of --exceptions"

  static func text(_ log: ExceptionLog, identity: String) -> String {
    JSONWriter.line([
      "identity": .string(identity), "type": .string(type), "version": .string(Levin.version),
      "subsets": .integer(log.subsets), "bytes": .integer(log.bytes),
      "programs": .array(
        log.programs.map { met in
          ["subset": .integer(met.subset), "program": .array(met.program.map { .integer($0) })]
        }),
      "spent": [
        "candidates": .integer(log.work.candidates), "filtered": .integer(log.work.filtered),
        "lookups": .integer(log.work.lookups),
      ],
    ])
  }

  /// The log in a checkpoint of the search with this identity.
  static func read(_ path: String, identity: String, grammar: Grammar) throws(InputError) -> ExceptionLog {
    let value = try CheckpointFile.contents(
      of: path, type: type, identity: identity, command: "levin search --exceptions")
    guard let log = log(value, grammar) else { throw InputError(file: path, message: "the checkpoint is damaged") }
    return log
  }

  private static func log(_ value: JSONValue, _ grammar: Grammar) -> ExceptionLog? {
    guard let subsets = value["subsets"]?.counter, let bytes = value["bytes"]?.counter, let spent = value["spent"],
      let candidates = spent["candidates"]?.counter, let lookups = spent["lookups"]?.counter,
      let filtered = spent["filtered"]?.counter, let list = value["programs"]?.array
    else { return nil }
    let programs = list.compactMap { met -> ExceptionLog.Met? in
      guard let subset = met["subset"]?.counter, subset < subsets,
        let program = met["program"]?.array?.integers(as: Int32.self),
        grammar.derives(Program(productions: program))
      else { return nil }
      return .init(subset: Int(subset), program: program)
    }
    guard programs.count == list.count, zip(programs, programs.dropFirst()).allSatisfy({ $0.subset <= $1.subset })
    else { return nil }
    return ExceptionLog(
      subsets: Int(subsets), programs: programs,
      work: .init(candidates: candidates, lookups: lookups, filtered: filtered), bytes: Int(bytes))
  }
}
