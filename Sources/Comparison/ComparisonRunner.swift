internal import Dispatch
public import Documents
internal import Synchronization

/// Runs the cells of a plan: those that are not done yet, some at a time, long ones first.
///
/// A cell runs on one thread and sees nothing of the others, so records depend neither on the number of threads nor on
/// the order; they are written in the order of the plan.
public struct ComparisonRunner: Sendable {
  /// What the runner asks of the system.
  public struct Environment: Sendable {
    /// CPU seconds of the calling thread.
    public var threadSeconds: @Sendable () -> Double
    /// Greatest memory of the process so far, in bytes.
    public var peakBytes: @Sendable () -> Int
    /// Whether there is a file or folder at a path.
    public var exists: @Sendable (String) -> Bool
    /// Removes the file at a path; here the journal of a run that is done.
    public var remove: @Sendable (String) -> Void
    /// Makes a folder where there is none; throws what the system refuses.
    public var makeFolder: @Sendable (String) throws -> Void
    /// Whether a signal asks to end.
    public var shouldStop: @Sendable () -> Bool

    /// The functions that a run calls, from several threads at once.
    public init(
      threadSeconds: @escaping @Sendable () -> Double, peakBytes: @escaping @Sendable () -> Int,
      exists: @escaping @Sendable (String) -> Bool, remove: @escaping @Sendable (String) -> Void,
      makeFolder: @escaping @Sendable (String) throws -> Void, shouldStop: @escaping @Sendable () -> Bool
    ) {
      self.threadSeconds = threadSeconds
      self.peakBytes = peakBytes
      self.exists = exists
      self.remove = remove
      self.makeFolder = makeFolder
      self.shouldStop = shouldStop
    }
  }

  /// What a progress line shows.
  public struct Progress: Sendable {
    /// Cells that are done, those of earlier runs into the folder included.
    public let done: Int
    /// Cells that are being run.
    public let running: Int
    /// Cells of the plan.
    public let total: Int
    /// Seconds that the rest may take; nil before a cell is done.
    public let secondsLeft: Double?
    /// The cell that has just begun or ended.
    public let cell: String
  }

  /// What is compared.
  public let plan: ComparisonPlan
  /// The methods of the plan, in its order.
  public let methods: [any ComparedMethod]
  /// Where the run is kept, and where it goes on.
  public let folder: RunFolder
  /// The program's version, which is in every record; a run begun by another one is not gone on with.
  public let version: String
  /// Cells that run at once, at least 1; records do not depend on it.
  public let threads: Int
  /// Looks at finished cells a second time; nil leaves them alone.
  public let examiner: (any CellExaminer)?
  private let environment: Environment
  private let inputs: RunInputs

  /// A runner of the plan; reads the tasks' data and the methods' files for their digests.
  ///
  /// - Parameter methods: those of the plan, in its order.
  public init(
    _ plan: ComparisonPlan, methods: [any ComparedMethod], folder: RunFolder, version: String, threads: Int,
    examiner: (any CellExaminer)? = nil, environment: Environment
  ) {
    self.plan = plan
    self.methods = methods
    self.examiner = examiner
    self.folder = folder
    self.version = version
    self.threads = max(1, threads)
    self.environment = environment
    inputs = RunInputs(plan, methods, examiner)
  }

  static let headerType = "levin comparison"

  /// What `plan.json` holds: everything that decides the records.
  public var header: JSONValue {
    var header: [String: JSONValue] = [
      "type": .string(Self.headerType), "version": .string(version), "plan": plan.record,
      "data": .object(inputs.data), "files": .object(inputs.files),
      "cells": .integer(plan.cells(methods).count),
      "methods": .array(
        methods.map {
          [
            "name": .string($0.name), "title": .string($0.title), "kind": .string($0.kind.rawValue),
            "settings": $0.settings,
          ]
        }),
    ]
    // Only where there is one: a run without goes on in the folder that it was begun in.
    if let examiner { header["examination"] = examiner.settings }
    return .object(header)
  }
}

extension ComparisonRunner {
  /// What the cells came to, in the order of the plan; nil when a signal came first.
  ///
  /// - Parameters:
  ///   - interval: time between two calls of `progress` while cells run.
  ///   - progress: called when a cell begins or ends, and in between, from any thread.
  /// - Throws: what the folder refuses. A cell that fails does not end the others: its record holds the reason.
  public func run(
    progressEvery interval: Duration = .seconds(1), progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> [RunFolder.Entry]? {
    try environment.makeFolder(folder.path)
    let cells = plan.cells(methods)
    let names = Set(cells.map(\.name))
    let known = try folder.open(header: header, exists: environment.exists)
      .filter { !$0.isFailure && names.contains($0.cell) && inputs.hold(for: $0.record) && hasNetwork($0) }
    let byName = Dictionary(uniqueKeysWithValues: methods.map { ($0.name, $0) })
    let done = Set(known.map(\.cell))
    @Sendable func weight(_ cell: Cell) -> Double { byName[cell.method]!.weight(cell.question, of: cell.task.kind) }
    // Long cells first, so that no thread is left alone with one at the end; the sort is stable.
    let waiting = cells.enumerated().filter { !done.contains($0.element.name) }
      .map { (cell: $0.element, place: $0.offset, weight: weight($0.element)) }
      .sorted { ($0.weight, -$0.place) > ($1.weight, -$1.place) }.map(\.cell)
    let state = Mutex(State(known, total: cells.count, weights: waiting.map(weight)))
    let next = Atomic<Int>(0)
    let clock = ContinuousClock()
    let start = clock.now
    // A cell may take hours: what is running is shown meanwhile.
    let queue = DispatchQueue(label: "levin.comparison.progress")
    let timer = DispatchSource.makeTimerSource(queue: queue)
    let pause = DispatchTimeInterval.nanoseconds(Int(Self.seconds(interval) * 1e9))
    timer.schedule(deadline: .now() + pause, repeating: pause)
    timer.setEventHandler {
      let shown = state.withLock { $0.shownAgain(elapsed: Self.seconds(clock.now - start)) }
      if let shown { progress(shown) }
    }
    timer.activate()
    defer {
      timer.cancel()
      // Behind the last call that had begun.
      queue.sync {}
    }
    DispatchQueue.concurrentPerform(iterations: min(threads, max(waiting.count, 1))) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < waiting.count, !environment.shouldStop(), state.withLock({ $0.error == nil }) else { return }
        let cell = waiting[index]
        let method = byName[cell.method]!
        progress(state.withLock { $0.begin(cell, elapsed: Self.seconds(clock.now - start)) })
        guard let entry = entry(cell, method) else { return }
        progress(
          state.withLock { state in
            do { try folder.append(entry) } catch { state.error = error }
            return state.end(entry, weight: weight(cell), elapsed: Self.seconds(clock.now - start))
          })
      }
    }
    return try state.withLock { state -> [RunFolder.Entry]? in
      if let error = state.error { throw error }
      guard state.entries.count == cells.count else { return nil }
      let ordered = cells.map { state.entries[$0.name]! }
      try folder.close(ordered, remove: environment.remove)
      return ordered
    }
  }

  /// Whether the network that a cell left, if it left one, is there.
  private func hasNetwork(_ entry: RunFolder.Entry) -> Bool {
    entry.record["hypothesis"]?["folder"]?.string.map { environment.exists("\(folder.path)/\($0)") } ?? true
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private struct State {
    var entries: [String: RunFolder.Entry]
    var error: (any Error)?
    private let total: Int
    private var running = 0
    private let weight: Double
    private var weightDone = 0.0
    private var lastCell: String?

    init(_ known: [RunFolder.Entry], total: Int, weights: [Double]) {
      entries = Dictionary(uniqueKeysWithValues: known.map { ($0.cell, $0) })
      self.total = total
      weight = weights.reduce(0, +)
    }

    mutating func begin(_ cell: Cell, elapsed: Double) -> Progress {
      running += 1
      return shown(cell.name, elapsed)
    }

    mutating func end(_ entry: RunFolder.Entry, weight: Double, elapsed: Double) -> Progress {
      running -= 1
      weightDone += weight
      entries[entry.cell] = entry
      return shown(entry.cell, elapsed)
    }

    /// The same as before at a later time; nil before a cell has begun.
    func shownAgain(elapsed: Double) -> Progress? { lastCell.map { progress($0, elapsed) } }

    private mutating func shown(_ cell: String, _ elapsed: Double) -> Progress {
      lastCell = cell
      return progress(cell, elapsed)
    }

    private func progress(_ cell: String, _ elapsed: Double) -> Progress {
      Progress(
        done: entries.count, running: running, total: total,
        secondsLeft: weightDone > 0 ? elapsed * (weight - weightDone) / weightDone : nil, cell: cell)
    }
  }

  /// The record of a cell and its times; nil when it was interrupted.
  private func entry(_ cell: Cell, _ method: any ComparedMethod) -> RunFolder.Entry? {
    let clock = ContinuousClock()
    let start = clock.now
    let cpu = environment.threadSeconds()
    let threadSeconds = environment.threadSeconds
    var record: [String: JSONValue] = [
      "type": "cell", "version": .string(version), "cell": .string(cell.name), "method": .string(cell.method),
      "question": .string("\(cell.question)"), "seed": .integer(cell.seed), "task": .string(cell.task.text),
    ]
    var times: [String: JSONValue] = ["type": "times", "cell": .string(cell.name)]
    // Of the cell itself, known before it is examined.
    var (cpuSeconds, seconds): (Double?, Double?) = (nil, nil)
    var measuring = 0.0
    do {
      let problem = try plan.problem(cell)
      let data = problem.record
      record["data"] = data
      try inputs.check(data: data, of: cell.task)
      let read = files(cell, method, problem)
      var digests: [String: JSONValue] = [:]
      for file in read { digests[file.name] = file.record }
      if !digests.isEmpty { record["files"] = .object(digests) }
      try inputs.check(read)
      let place = "\(folder.path)/networks/\(cell.folderName)"
      let context = CellContext(
        folder: method.kind == .network ? place : nil, cpuSeconds: { threadSeconds() - cpu },
        shouldStop: environment.shouldStop)
      if context.folder != nil, case .learn = cell.question { try environment.makeFolder(place) }
      let outcome =
        switch cell.question {
        case .learn: try method.learn(problem, seed: cell.seed, context: context)
        case .code(let name): try method.code(problem, as: name, seed: cell.seed, context: context)
        }
      record.merge(Self.record(outcome, problem)) { $1 }
      times.merge(outcome.times) { $1 }
      measuring = outcome.measuringSeconds
      (cpuSeconds, seconds) = (environment.threadSeconds() - cpu, Self.seconds(clock.now - start))
      if let examiner, examiner.examines(cell, of: method.kind) {
        let found = try examiner.examination(of: outcome, problem, seed: cell.seed, context: context)
        record["circuits"] = found.record
        times["examinationCPUSeconds"] = .real(environment.threadSeconds() - cpu - cpuSeconds!)
      }
      // None may have changed while the cell ran.
      if !read.isEmpty { try inputs.check(files(cell, method, problem)) }
    } catch is CellInterrupted {
      return nil
    } catch {
      record["failure"] = .string("\(error)")
    }
    times["cpuSeconds"] = .real((cpuSeconds ?? environment.threadSeconds() - cpu) - measuring)
    if measuring > 0 { times["measuringCPUSeconds"] = .real(measuring) }
    times["seconds"] = .real(seconds ?? Self.seconds(clock.now - start))
    times["processPeakBytes"] = .integer(environment.peakBytes())
    return RunFolder.Entry(record: .object(record), times: .object(times))
  }

  /// The files that a cell reads, its examination included.
  private func files(_ cell: Cell, _ method: any ComparedMethod, _ problem: Problem) -> [FileDigest] {
    let own = method.files(for: problem)
    guard let examiner, examiner.examines(cell, of: method.kind) else { return own }
    return own + examiner.files(for: problem)
  }

  private static func record(_ outcome: Outcome, _ problem: Problem) -> [String: JSONValue] {
    var record: [String: JSONValue] = [
      "stop": .string(outcome.stop), "hypothesis": outcome.hypothesis,
      "work": .object(outcome.work.mapValues { .integer($0) }), "details": .object(outcome.details),
    ]
    if !outcome.budget.isEmpty { record["budget"] = .object(outcome.budget.mapValues { .integer($0) }) }
    if let bytes = outcome.bytes { record["bytes"] = .integer(bytes) }
    if let unseen = problem.unseenCount, let right = outcome.unseenRight {
      record["unseen"] = .integer(unseen)
      record["unseenRight"] = .exact(right)
    }
    if let answered = outcome.answered { record["answered"] = .integer(answered) }
    if let right = outcome.trainingRight { record["trainingRight"] = .exact(right) }
    if !outcome.accuracyByLength.isEmpty {
      record["accuracyByLength"] = .array(
        outcome.accuracyByLength.map { ["length": .integer($0.length), "accuracy": .exact($0.accuracy)] })
    }
    if let coefficient = outcome.learningCoefficient { record["learningCoefficient"] = coefficient }
    if !outcome.codes.isEmpty { record["codes"] = .array(outcome.codes.map(\.record)) }
    return record
  }
}
