import Documents
import Grammars
import Search
import Tasks

/// An interrupted search in a file: which search it was, and its log.
struct Checkpoint {
  /// Hashes of grammar and data and the settings: a log is only valid for the search that wrote it.
  let identity: String
  let log: SearchLog

  var text: String {
    JSONWriter.line([
      "identity": .string(identity),
      "known": .array(log.known.map { .integer($0) }),
      "levels": .array(log.levels.enumerated().map { Self.json($0.element, number: $0.offset) }),
      "spent": [
        "candidates": .integer(log.spentBefore.candidates), "filtered": .integer(log.spentBefore.filtered),
        "lookups": .integer(log.spentBefore.lookups),
      ],
      "type": "levin checkpoint",
      "version": .string(Levin.version),
    ])
  }

  private static func json(_ level: SearchLog.Level, number: Int) -> JSONValue {
    [
      "level": .integer(number), "filtered": .integer(level.filtered), "lookups": .integer(level.lookups),
      "hits": .array(
        level.hits.map { hit in
          [
            "count": .integer(hit.count), "order": .array(hit.orderKey.map { .integer($0) }),
            "program": .array(hit.program.map { .integer($0) }),
          ]
        }),
    ]
  }
}

extension Checkpoint {
  /// The log in a checkpoint of the search with this identity.
  static func read(_ path: String, identity: String, grammar: Grammar, examples: Int) throws(InputError) -> SearchLog {
    let value = try CheckpointFile.contents(
      of: path, type: "levin checkpoint", identity: identity, command: "levin search")
    guard let log = log(value), log.known.allSatisfy({ (0..<examples).contains($0) }), !log.known.isEmpty,
      log.levels.allSatisfy({ $0.hits.allSatisfy { grammar.derives(Program(productions: $0.program)) } })
    else { throw InputError(file: path, message: "the checkpoint is damaged") }
    return log
  }

  private static func log(_ value: JSONValue) -> SearchLog? {
    guard let known = value["known"]?.array?.integers(as: Int.self),
      let levels = value["levels"]?.array, let spent = value["spent"],
      let candidates = spent["candidates"]?.counter, let lookups = spent["lookups"]?.counter,
      let filtered = spent["filtered"]?.counter
    else { return nil }
    var read: [SearchLog.Level] = []
    for level in levels {
      // Counters are those of all levels so far.
      guard level["level"]?.integer(as: Int.self) == read.count, let lookups = level["lookups"]?.counter,
        let filtered = level["filtered"]?.counter, lookups >= read.last?.lookups ?? 0,
        filtered >= read.last?.filtered ?? 0, let hits = level["hits"]?.array
      else { return nil }
      let parsed = hits.compactMap { hit -> SearchLog.Hit? in
        guard let count = hit["count"]?.integer(as: UInt64.self),
          let program = hit["program"]?.array?.integers(as: Int32.self),
          let order = hit["order"]?.array?.integers(as: UInt32.self)
        else { return nil }
        return SearchLog.Hit(program: program, count: count, orderKey: order)
      }
      guard parsed.count == hits.count else { return nil }
      read.append(SearchLog.Level(lookups: lookups, filtered: filtered, hits: parsed))
    }
    return SearchLog(
      known: known, levels: read,
      spentBefore: SearchLog.Work(candidates: candidates, lookups: lookups, filtered: filtered))
  }
}

extension JSONValue {
  /// A counter of work; nil where it is none: counters are far below 2^62, whatever a search did.
  var counter: UInt64? { integer(as: UInt64.self).flatMap { $0 < 1 << 62 ? $0 : nil } }
}

extension [JSONValue] {
  /// All as integers; nil where one is none.
  func integers<Integer: FixedWidthInteger>(as type: Integer.Type) -> [Integer]? {
    let found = compactMap { $0.integer(as: type) }
    return found.count == count ? found : nil
  }
}
