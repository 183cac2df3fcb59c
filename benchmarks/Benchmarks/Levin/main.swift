// Levin search: its machine beside a C switch, and shared prefixes beside running every program from its beginning.
//
//     swift run -c release --package-path benchmarks LevinPerformance [ROUNDS]
//
// Ratios are medians of groups that run one after the other in this process; CPU time of the thread.

import Evaluation
import Grammars
import Search
import SwitchReference

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

let rounds = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 7 : 7

func text(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { fatalError("cannot open \(path)") }
  defer { fclose(file) }
  var all: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&part, 1, part.count, file), count > 0 { all += part[..<count] }
  return all
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func rounded(_ value: Double, _ places: Int = 2) -> String {
  let scale = pow(10, Double(places))
  return "\((value * scale).rounded() / scale)"
}

func timed<T>(_ body: () throws -> T) rethrows -> (seconds: Double, result: T) {
  let start = thread_seconds()
  let result = try body()
  return (thread_seconds() - start, result)
}

/// A term as nodes of the reference; returns its number.
func tree(_ term: Term, _ nodes: inout [tree]) -> Int32 {
  func add(_ head: tree_head, _ parts: [Int32], _ word: Int64 = 0) -> Int32 {
    let parts = parts + [0, 0, 0]
    nodes.append(
      SwitchReference.tree(head: Int32(head.rawValue), a: parts[0], b: parts[1], c: parts[2], word: word))
    return Int32(nodes.count - 1)
  }
  switch term {
  case .variable(let slot): return add(TREE_VARIABLE, [Int32(slot)])
  case .constant(let value, _): return add(TREE_CONSTANT, [], value.word)
  case .lambda(let slots, let body):
    return add(
      TREE_LAMBDA, [tree(body, &nodes)] + slots.map { Int32($0) } + (slots.count == 1 ? [Int32(slots[0])] : []))
  case .operation(let op, let arguments):
    let heads: [Operator: tree_head] = [
      .add: TREE_ADD, .subtract: TREE_SUBTRACT, .multiply: TREE_MULTIPLY, .div: TREE_DIV, .mod: TREE_MOD,
      .equal: TREE_EQUAL, .less: TREE_LESS, .ite: TREE_ITE, .loop: TREE_LOOP, .loop2: TREE_LOOP2, .compr: TREE_COMPR,
      .pair: TREE_PAIR,
    ]
    return add(heads[op]!, arguments.map { tree($0, &nodes) })
  case .call: fatalError("the programs call nothing")
  }
}

let path = "grammars/sequences.sl"
let grammar = try SyGuSReader.problem(text(access(path, R_OK) == 0 ? path : "../" + path), file: path).grammar

/// Programs with long runs, and their inputs.
let programs: [(name: String, text: String, input: Int64)] = [
  ("sum of 1 … n", "(loop (lambda ((x Int) (y Int)) (+ x y)) n 0)", 3_000_000),
  ("polynomial, mod", "(loop (lambda ((x Int) (y Int)) (mod (+ (* x y) (+ x 1)) n)) n 1)", 1_000_003),
  ("choice in a body", "(loop (lambda ((x Int) (y Int)) (ite (< x y) (+ x 2) (- x y))) n 1)", 1_500_000),
  ("two states", "(loop2 (lambda ((x Int) (y Int)) (pair (mod (+ x y) n) x)) n (pair 0 1))", 1_000_000),
  (
    "loop in a loop",
    "(loop (lambda ((x Int) (y Int)) (mod (+ x (loop (lambda ((x Int) (y Int)) (+ x 1)) y 0)) n)) n 0)",
    2_000
  ),
  ("unbounded", "(compr (lambda ((n Int)) (= (mod (* n n) (+ n 2)) (mod n 2))) n)", 9_000),
]

print("A machine beside a recursive C switch over the same trees: ns per step, median of \(rounds) pairs")
print("program  steps  Levin  C  ratio")
var machine = try FlatMachine(grammar)
var slots = [Int64](repeating: 0, count: 64)
var ratios: [Double] = []
for (name, text, input) in programs {
  let term = try SyGuSReader.term(text, in: grammar)
  guard let program = grammar.derivation(of: term) else { fatalError("\(text) is not of the language") }
  let start = machine.compile(program)
  var nodes: [tree] = []
  let root = tree(term, &nodes)
  let limit: UInt64 = 30_000_000
  var (ours, theirs): ([Double], [Double]) = ([], [])
  var steps: UInt64 = 0
  for round in 0...rounds {
    let levin = timed { machine.run(start, on: [input], stepLimit: limit) }
    let switched = timed { tree_run(nodes, root, input, &slots, limit) }
    precondition(
      levin.result.word.map { $0 == switched.result.word } ?? !switched.result.has_value,
      "\(name): \(levin.result) and \(switched.result)")
    if levin.result.word != nil {
      precondition(levin.result.steps == switched.result.steps, "\(name): \(levin.result), \(switched.result)")
    }
    steps = switched.result.steps
    // The first round warms up.
    if round > 0 {
      ours.append(levin.seconds)
      theirs.append(switched.seconds)
    }
  }
  let perStep = 1e9 / Double(steps)
  let ratio = median(zip(ours, theirs).map { $0 / $1 })
  ratios.append(ratio)
  print(
    name, steps, rounded(median(ours) * perStep), rounded(median(theirs) * perStep), rounded(ratio), separator: "  ")
}
let overall = exp(ratios.map { log($0) }.reduce(0, +) / Double(ratios.count))
print("geometric mean \(rounded(overall)), limit 1.25: \(overall <= 1.25 ? "met" : "MISSED")")
print("greatest \(rounded(ratios.max()!)), limit 1.25: \(ratios.max()! <= 1.25 ? "met" : "MISSED")")

print(
  "\nAll phases up to one: programs a second with shared prefixes beside each program run from its beginning, median of \(rounds) groups"
)
print(
  "Both with settled rounds of a search counted (counted) and with all rounds run (run); both gains are of shared and counted beside alone and run."
)
print(
  "language  phase  programs  prefixes  steps shared  steps alone  shared s  alone s  alone and run s  ns/prefix  sharing  counting  both"
)

/// Searches for what no program gives, so that every phase is walked to its end; one group alone is not warmed up.
func sharing(_ name: String, _ grammar: Grammar, _ examples: [Example], phase: Int, groups: Int = rounds) throws {
  var (shared, alone, plain): ([Double], [Double], [Double]) = ([], [], [])
  var line: [String] = []
  var prefixes: UInt64 = 0
  func report(shares: Bool, counts: Bool) throws -> (seconds: Double, result: LevinReport) {
    var configuration = LevinSearch.Configuration()
    configuration.maxPhase = phase
    configuration.sharesPrefixes = shares
    configuration.countsSettledRounds = counts
    return try timed { try LevinSearch(grammar, configuration).run(training: examples) }
  }
  for round in (groups > 1 ? 0 : 1)...groups {
    let runs = try [
      report(shares: true, counts: true), report(shares: false, counts: true), report(shares: false, counts: false),
    ]
    let results = runs.map(\.result)
    precondition(results.allSatisfy(\.solutions.isEmpty), "\(name): there is such a program")
    precondition(results[1].steps == results[2].steps, "\(name): counted and run rounds differ")
    prefixes = results[0].prefixes
    line = [results[0].programs, prefixes, results[0].steps, results[1].steps].map { "\($0)" }
    if round > 0 {
      shared.append(runs[0].seconds)
      alone.append(runs[1].seconds)
      plain.append(runs[2].seconds)
    }
  }
  func ratio(_ a: [Double], _ b: [Double]) -> Double { median(zip(a, b).map { $0 / $1 }) }
  func judged(_ factor: Double) -> String { rounded(factor) + (factor >= 3 ? " met" : " MISSED") }
  print(
    name, phase, line.joined(separator: "  "), rounded(median(shared)), rounded(median(alone)), rounded(median(plain)),
    rounded(1e9 * median(shared) / Double(prefixes), 0), judged(ratio(alone, shared)), rounded(ratio(plain, alone)),
    judged(ratio(plain, shared)), separator: "  ")
}

let values: [Int64] = [0, 1, 1, 2, 3, 5, 8, 13, 21, 35, 56, 87, 144, 240, 380, 620, 990, 1600, 2600, 4200]
for (phase, groups) in [(31, rounds), (37, rounds), (41, 1)] {
  try sharing(
    "sequences.sl", grammar,
    values.enumerated().map { Example(inputs: [.int(Int64($0.offset))], output: .int($0.element)) }, phase: phase,
    groups: groups)
}
let integers = try SyGuSReader.problem(
  text(access("grammars/integers.sl", R_OK) == 0 ? "grammars/integers.sl" : "../grammars/integers.sl"),
  file: "integers.sl"
).grammar
// The last phases take minutes.
for (phase, groups) in [(36, rounds), (41, rounds), (45, 1)] {
  try sharing(
    "integers.sl", integers,
    values.enumerated().map {
      Example(inputs: [.int(Int64($0.offset)), .int($0.element)], output: .int(99_991 - $0.element))
    },
    phase: phase, groups: groups)
}
