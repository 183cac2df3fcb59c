import Documents
import Search
import Synchronization

/// A row of a suite as its journal keeps it.
protocol JournalRow: Sendable {
  /// All that the row is printed from, and what the lines below all rows need of it.
  var members: [String: JSONValue] { get }
  /// Nil for the members of something else.
  init?(_ record: JSONValue)
}

/// What the table of a suite and the line below it need of one task.
struct SuiteRow: Hashable, Sendable {
  /// The row, or its records, as they are printed.
  let text: String
  /// What a table is made of that is printed behind the last task.
  var cells: [String] = []
  /// Whether a program was found, whether it is right on everything unseen, and whether it is proven the shortest.
  let fits: Bool
  let isSolved: Bool
  let isProven: Bool
  /// In all languages that were tried.
  let cpuSeconds: Double
}

extension SuiteRow: JournalRow {
  var members: [String: JSONValue] {
    [
      "text": .string(text), "fits": .bool(fits), "solved": .bool(isSolved), "proven": .bool(isProven),
      "cpuSeconds": .real(cpuSeconds), "cells": .array(cells.map { .string($0) }),
    ]
  }

  init?(_ record: JSONValue) {
    guard let text = record["text"]?.string, let fits = record["fits"]?.bool, let isSolved = record["solved"]?.bool,
      let isProven = record["proven"]?.bool, let cpuSeconds = record["cpuSeconds"]?.double,
      let array = record["cells"]?.array
    else { return nil }
    let cells = array.compactMap(\.string)
    guard cells.count == array.count else { return nil }
    self.init(
      text: text, cells: cells, fits: fits, isSolved: isSolved, isProven: isProven, cpuSeconds: cpuSeconds)
  }
}

/// What the checkpoint of a suite says it is.
private let suiteJournalType = "levin checkpoint of a suite"

/// The rows of a suite that are done, in a file: a suite that was interrupted, even by kill -9, goes on behind them.
final class SuiteJournal<Row: JournalRow>: Sendable {
  private let file: CheckpointFile
  private let rows: Mutex<[Int: Row]>
  /// Rows of the suite.
  private let count: Int

  /// - Parameters:
  ///   - command: what runs the suite, such as `levin search`.
  ///   - isNamed: whether its `--checkpoint` and `--resume` take a path.
  ///   - settings: whatever decides a row.
  ///   - resuming: the file of a run before; its rows are taken over.
  /// - Throws: `InputError` when something else is in a file, or when nothing can be written.
  init(
    _ path: String, command: String, isNamed: Bool, settings: String, count: Int, resuming: String?
  ) throws(InputError) {
    let identity = SHA256.hexadecimalDigest(of: Array("\(Levin.version) suite 1 \(settings)".utf8))
    file = try CheckpointFile(path, identity: identity, of: "suite", isNamed: isNamed)
    self.count = count
    if resuming == nil, file.isOwn {
      throw InputError(
        file: path, message: "rows of this suite are kept there",
        hint: "--resume\(isNamed ? " \(path)" : "") goes on behind them; without the file it starts anew")
    }
    let known = try resuming.map { path throws(InputError) in try Self.read(path, identity, count, command) } ?? [:]
    rows = Mutex(known)
    // Whatever ends the suite, there is a file to go on from.
    try file.save(text(known))
  }

  /// The row of a task: known, or made now and kept; nil when it was interrupted.
  func row(_ task: Int, _ search: () throws -> Row?) throws -> Row? {
    if let known = rows.withLock({ $0[task] }) { return known }
    guard let row = try search() else { return nil }
    try rows.withLock { rows in
      rows[task] = row
      try file.save(text(rows))
    }
    return row
  }

  /// Removes the file: every row was printed.
  func remove() { file.remove() }

  private func text(_ rows: [Int: Row]) -> String {
    JSONWriter.line([
      "identity": .string(file.identity), "type": .string(suiteJournalType), "version": .string(Levin.version),
      "rows": .array(
        rows.sorted { $0.key < $1.key }.map { task, row in
          .object(row.members.merging(["task": .integer(task)]) { $1 })
        }),
    ])
  }

  private static func read(
    _ path: String, _ identity: String, _ count: Int, _ command: String
  ) throws(InputError) -> [Int: Row] {
    let value = try CheckpointFile.contents(
      of: path, type: suiteJournalType, identity: identity, command: "\(command) --suite",
      other: "suite: other tasks, grammars, version or settings")
    var rows: [Int: Row] = [:]
    for record in value["rows"]?.array ?? [.null] {
      guard let task = record["task"]?.integer(as: Int.self), (0..<count).contains(task), rows[task] == nil,
        let row = Row(record)
      else { throw InputError(file: path, message: "the checkpoint is damaged") }
      rows[task] = row
    }
    return rows
  }
}
