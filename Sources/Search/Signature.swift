import Evaluation
import Grammars

/// The examples as rows: what a program is run on.
struct Signature {
  /// Words per row: a multiple of 8.
  let lanes: Int
  /// The first lanes belong to examples whose output is known: the goal; a multiple of 8.
  let goalLanes: Int
  /// One row per parameter.
  let inputs: [[Int64]]
  /// The outputs on the goal lanes.
  let goal: [Int64]

  /// Rows for `known` examples and `probes` (inputs without outputs), each group padded to a multiple of eight by
  /// repeating its first member.
  init(known: [Example], probes: [[Value]], tables: KernelTables) {
    precondition(!known.isEmpty, "a signature needs at least one example")
    let examples = Self.padded(known)
    goalLanes = examples.count
    goal = examples.map { tables.word($0.output) }
    let all = examples.map(\.inputs) + Self.padded(probes)
    lanes = all.count
    inputs = known[0].inputs.indices.map { parameter in all.map { tables.word($0[parameter]) } }
  }

  /// Rows for inputs without outputs.
  init(inputs list: [[Value]], tables: KernelTables) {
    let all = Self.padded(list)
    lanes = all.count
    goalLanes = 0
    goal = []
    inputs = list[0].indices.map { parameter in all.map { tables.word($0[parameter]) } }
  }

  private static func padded<T>(_ list: [T]) -> [T] {
    list + Array(repeating: list.first, count: (8 - list.count % 8) % 8).compactMap { $0 }
  }
}
