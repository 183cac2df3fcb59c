import Evaluation
import Grammars

/// Runs loops x ↦ B(x, y, n) forward, and looks what they give up among rows that are wanted.
final class LoopRunner {
  /// Inputs whose values a wanted row must begin with, before the others are asked.
  static let beginning = 6

  /// What the state becomes in an iteration, the first of which is 1, on an input; `Value.noValueWord` without a value.
  typealias Step = (_ words: UnsafeBufferPointer<Int64>, _ input: Int, _ iteration: Int) -> Int64

  /// What y is in the iterations of an input; nothing where it counts them. A loop that goes on beyond has no value.
  private let driver: UnsafeMutableBufferPointer<Int64>
  private let driven: UnsafeMutableBufferPointer<Int>
  private var isDriven = false
  /// What is read in place of n, by input.
  private var numbers: [Int64]?
  private let longest: Int

  private let wanted: [[Int64]]
  private let x: Int
  private let y: Int
  private let number: Int
  /// How often loops run at most, by input.
  let lengths: [Int]
  /// The inputs, those with short loops first.
  private let order: [Int]
  private let inputs: UnsafeMutableBufferPointer<Int64>
  /// By start and input.
  private let starts: UnsafeMutableBufferPointer<Int64>
  /// By input and count.
  private let counts: UnsafeMutableBufferPointer<Int64>
  private let countCount: Int
  /// By how many inputs were asked: a bit for sixteen of the hash of what wanted rows begin with.
  private let filters: UnsafeMutableBufferPointer<Bool>
  private var begins: [Int64: [Int]] = [:]
  private let words: UnsafeMutableBufferPointer<Int64>
  private let hashes: UnsafeMutableBufferPointer<Int64>
  private let values: UnsafeMutableBufferPointer<Int64>
  /// By count and input.
  private let results: UnsafeMutableBufferPointer<Int64>

  /// - Parameters:
  ///   - starts: by start, the state before the first iteration on each input.
  ///   - counts: by count, how often the loop runs on each input.
  ///   - variables: x and y.
  ///   - number: n, whose values are the inputs.
  init(
    inputs: [Int64], starts: [[Int64]], counts: [[Int64]], wanted: [[Int64]], variables: [Int], number: Int,
    words: [Int64]
  ) {
    func allocate<T>(_ count: Int, _ value: T) -> UnsafeMutableBufferPointer<T> {
      let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: count)
      buffer.initialize(repeating: value)
      return buffer
    }
    self.wanted = wanted
    (x, y, self.number) = (variables[0], variables[1], number)
    countCount = counts.count
    let lengths = inputs.indices.map { input in counts.reduce(0) { max($0, Int($1[input])) } }
    self.lengths = lengths
    longest = lengths.reduce(0, max)
    order = inputs.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    self.inputs = allocate(inputs.count, 0)
    _ = self.inputs.update(from: inputs)
    self.words = allocate(words.count, 0)
    _ = self.words.update(from: words)
    self.starts = allocate(inputs.count * starts.count, 0)
    _ = self.starts.update(from: starts.joined())
    self.counts = allocate(inputs.count * counts.count, 0)
    for input in inputs.indices {
      for count in counts.indices { self.counts[input * counts.count + count] = max(0, counts[count][input]) }
    }
    driver = allocate(inputs.count * longest, 0)
    driven = allocate(inputs.count, 0)
    filters = allocate(Self.beginning << 16, false)
    hashes = allocate(counts.count, 0)
    values = allocate(counts.count, 0)
    results = allocate(counts.count * inputs.count, 0)
    for (place, row) in wanted.enumerated() {
      var hash: Int64 = 0
      for rank in 0..<Self.beginning {
        hash = Self.hash(hash, row[order[rank]])
        filters[rank << 16 + Self.place(hash)] = true
      }
      begins[hash, default: []].append(place)
    }
  }

  deinit {
    driver.deallocate()
    driven.deallocate()
    inputs.deallocate()
    starts.deallocate()
    counts.deallocate()
    filters.deallocate()
    words.deallocate()
    hashes.deallocate()
    values.deallocate()
    results.deallocate()
  }

  /// Lets y be, by input, these values in the first iteration and those behind it; nil lets it count. With `numbers` n is, by
  /// input, that.
  func drive(_ rows: [[Int64]]?, numbers: [Int64]? = nil) {
    isDriven = rows != nil
    self.numbers = numbers
    for (input, row) in (rows ?? []).enumerated() {
      driven[input] = min(longest, row.count)
      for (place, word) in row.prefix(longest).enumerated() { driver[input * longest + place] = word }
    }
  }

  @inline(__always)
  private static func hash(_ hash: Int64, _ word: Int64) -> Int64 {
    (hash ^ (word &+ 0x1F83_D9AB_FB41_BD6B)) &* 0x1E37_79B9_7F4A_7C15
  }

  @inline(__always)
  private static func place(_ hash: Int64) -> Int { Int(UInt64(bitPattern: hash) >> 48) }

  /// Hands over which count gives which wanted row, from a start and with a body; a row is wanted on all inputs.
  func look(_ start: Int, _ step: Step, _ take: (_ count: Int, _ wanted: Int) -> Void) {
    let start = starts.baseAddress! + start * inputs.count
    var alive = (1 << countCount) - 1
    for count in 0..<countCount { hashes[count] = 0 }
    for rank in 0..<Self.beginning {
      alive &= run(order[rank], start[order[rank]], step)
      for count in 0..<countCount where alive & 1 << count != 0 {
        hashes[count] = Self.hash(hashes[count], values[count])
        if !filters[rank << 16 + Self.place(hashes[count])] { alive &= ~(1 << count) }
      }
      if alive == 0 { return }
    }
    for count in 0..<countCount where alive & 1 << count != 0 {
      guard var left = begins[hashes[count]] else { continue }
      for input in order where !left.isEmpty {
        let isDone = run(input, start[input], step) & 1 << count != 0
        left = isDone ? left.filter { wanted[$0][input] == values[count] } : []
      }
      for place in left { take(count, place) }
    }
  }

  /// Hands over, for each count with which the loop has a value on every input, what it gives by input.
  ///
  /// - Parameter isHopeful: asked once the first `beginning` inputs have values; of those alone.
  func values(
    _ start: Int, _ step: Step, beginning: Int, isHopeful: (UnsafeBufferPointer<Int64>) -> Bool,
    _ take: (_ count: Int, _ row: [Int64]) -> Void
  ) {
    let start = starts.baseAddress! + start * inputs.count
    var alive = (1 << countCount) - 1
    func row(_ count: Int, _ length: Int) -> UnsafeBufferPointer<Int64> {
      UnsafeBufferPointer(rebasing: results[count * inputs.count..<count * inputs.count + length])
    }
    for input in inputs.indices {
      alive &= run(input, start[input], step)
      for count in 0..<countCount { results[count * inputs.count + input] = values[count] }
      if input + 1 == beginning {
        for count in 0..<countCount where alive & 1 << count != 0 && !isHopeful(row(count, beginning)) {
          alive &= ~(1 << count)
        }
      }
      if alive == 0 { return }
    }
    for count in 0..<countCount where alive & 1 << count != 0 { take(count, Array(row(count, inputs.count))) }
  }

  /// What the loop gives on one input with each count, as `values`, and with which counts it has a value, a bit each.
  @inline(__always)
  private func run(_ input: Int, _ start: Int64, _ step: Step) -> Int {
    let counts = self.counts.baseAddress! + input * countCount
    var known = 0
    let last = Int64(lengths[input])
    words[number] = numbers?[input] ?? inputs[input]
    words[x] = start
    var done: Int64 = 0
    while true {
      for place in 0..<countCount where counts[place] == done {
        values[place] = words[x]
        known |= 1 << place
      }
      if done == last { return known }
      if isDriven {
        if done >= driven[input] { return known }
        words[y] = driver[input * longest + Int(done)]
      } else {
        words[y] = done + 1
      }
      done += 1
      let next = step(UnsafeBufferPointer(words), input, Int(done))
      if next == Value.noValueWord { return known }
      words[x] = next
    }
  }
}
