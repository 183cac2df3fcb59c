// What Levin costs, against plain C on the same machine in the same minute. See ../../README.md.
import Grammars
import Reference

let grammars = CommandLine.arguments.dropFirst().first ?? "../grammars"
let rounds = max(1, CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 7)
let integers = problem(grammars + "/integers.sl").grammar
/// A part to run alone, by the beginning of its name: enumeration, enumeration-8, mass, integers, inversion, quadratic, filter, uneven.
let part = CommandLine.arguments.dropFirst(3).first ?? ""
func wanted(_ name: String) -> Bool { name.hasPrefix(part) }
let enumerates = wanted("enumeration") || part.hasPrefix("enumeration")
var limits = Limits()
var differences: [String] = []
var machine: [String] = []

if enumerates {
  say("Enumeration of grammars/integers.sl: user CPU time, median of \(rounds) interleaved pairs")
  say("(with the kernel: the same ratio with the time that the kernel takes to bring memory in)")
  say()
  say("examples  mass  bits    candidates    classes   Levin ns/c     C ns/c    ratio   with the kernel   bytes/class")
}
for (lanes, bits, bound) in [(8, 38, 1.15), (16, 37, 1.20), (64, 35, 1.20)] where wanted("enumeration-\(lanes)") {
  let storing = Storing(grammar: integers, lanes: lanes, bits: bits)
  let (plain, mass, different) = try storing.run(rounds: rounds)
  differences += different
  for (name, figures) in [("no", plain), ("yes", mass)] {
    let n = Double(figures.outcome.candidates)
    let cells = [
      (String(lanes), 8), (name, 6), (String(bits), 6), (grouped(figures.outcome.candidates), 14),
      (grouped(figures.outcome.classes), 11), (fixed(median(figures.levin) * 1e9 / n, 1), 13),
      (fixed(median(figures.c) * 1e9 / n, 1), 11), (fixed(figures.ratio), 9), (fixed(figures.ratioWithKernel), 18),
      (fixed(figures.bytesPerClass, 1), 14),
    ]
    say(cells.map { column($0.0, $0.1) }.joined())
    limits.add("\(lanes) examples\(name == "yes" ? ", mass" : ""): Levin / C", figures.ratio, .atMost(bound)) {
      fixed($0)
    }
  }
  let cost = median(zip(mass.levin, plain.levin).map { $0 / $1 })
  limits.add("\(lanes) examples: run with mass / without", cost, .atMost(1.35)) { fixed($0) }
  let each = median(
    zip(mass.levin, plain.levin).map {
      $0 / Double(mass.outcome.candidates) / ($1 / Double(plain.outcome.candidates))
    })
  limits.add("\(lanes) examples: a candidate with mass / without", each, .atMost(1.35)) { fixed($0) }
  if lanes == 8 {
    let share = 100 * storing.ladderSeconds() / median(plain.levin)
    limits.add("8 examples: ladder alone, % of the run", share, .atMost(1)) { fixed($0) }
    limits.add("8 examples: bytes per class", plain.bytesPerClass, .atMost(110)) { fixed($0, 1) }
    limits.add("8 examples, mass: bytes per class", mass.bytesPerClass, .atMost(110)) { fixed($0, 1) }
  }
  machine.append(plain.limit(lanes))
}

if wanted("mass") {
  let uniform = Storing(
    grammar: problem(text: Array(Storing.uniform.utf8), file: "uniform").grammar, lanes: 8, bits: 37)
  let (cost, plain, mass) = try uniform.massCost(rounds: rounds)
  say()
  say(
    "equal probabilities, all programs of up to 11 symbols, 8 examples: \(grouped(plain.candidates)) candidates, with mass"
      + " \(grouped(mass.candidates))")
  limits.add("8 examples, equal probabilities: with mass / without", cost, .atMost(1.35)) { fixed($0) }
}

if !machine.isEmpty {
  say()
  say(
    "The machine, without mass: the parts of a candidate, each measured alone in C; the sum has no overlap, so it is no lower bound"
  )
  say()
  say("examples   evaluate   slot    row   append   bytes moved    sum ns/c   sum / Levin     sum / C")
  for line in machine { say(line) }
  say()
}
for bits in [128, 1000] where wanted("integers") {
  let figures = Integers(bits: bits, count: 2_000_000).run(rounds: 2 * rounds + 1)
  say(
    "BigInteger a + b, \(bits) bits: \(fixed(figures.swift, 1)) ns; GMP in C: \(fixed(figures.c, 1)) ns;"
      + " an object of this size, made and released: \(fixed(figures.object, 1)) ns")
  limits.add("BigInteger a + b, \(bits) bits: Levin / GMP", figures.ratio, .atMost(1.2)) { fixed($0) }
}

// What is looked up grows with the depth, what is stored hardly: so does the ratio.
for bits in [60, 64, 68] where wanted("inversion") {
  let figures = try LookingUp.inversion(bits: bits).run(rounds: 3)
  say()
  say("+ - x over two integers, 8 examples, no solution, \(bits) bits: stored levels \(figures.summary)")
  limits.add(
    "inversion, \(bits) bits: programs/s, times stored candidates/s", figures.programRate / figures.candidateRate,
    .atLeast(1e5), scientific)
  limits.add(
    "inversion, \(bits) bits: programs/s, times stored programs/s", figures.programRatio, .atLeast(1e5), scientific)
}
if wanted("quadratic") {
  let figures = try LookingUp.quadratic(problem(grammars + "/field.sl").grammar).run(rounds: 3)
  say()
  say("a^2 + a b + b^2 + a (mod 113), 40 pairs, field.sl: stored levels \(figures.summary)")
  limits.add(
    "a real task: programs/s, times stored candidates/s", figures.programRate / figures.candidateRate, .atLeast(1e5),
    scientific)
  limits.add("a real task: programs/s, times stored programs/s", figures.programRatio, .atLeast(1e5), scientific)
}
if wanted("filter") {
  let figures = try LookingUp.filter().run(rounds: 3)
  say()
  say("bvand bvor bvmul over two 32-bit words, 8 examples, no solution: stored levels \(figures.summary)")
  limits.add(
    "forward filter: pairs/s, times stored candidates/s", figures.filterRate / figures.candidateRate, .atLeast(50)
  ) {
    fixed($0, 1)
  }
  limits.add("forward filter: programs/s, times stored programs/s", figures.programRatio, .atLeast(50)) { fixed($0, 1) }
}

if wanted("uneven") {
  say()
  say("Sums, differences, products and choices over two integers, no solution, 1,000,000 candidates and goals:")
  say("probabilities mass   levels     batches   candidates   classes  programs       s   ns/batch   ladder alone")
  for (name, text) in [("in 91sts", Uneven.text), ("equal", Uneven.even)] {
    let grammar = problem(text: Array(text.utf8), file: name).grammar
    for countsMass in [true, false] {
      let figures = try Uneven(grammar: grammar, countsMass: countsMass).run(rounds: 3, maxPrograms: 1_000_000)
      say(column(name, 13) + column(countsMass ? "yes" : "no", 5) + figures.cells)
    }
  }
  say()
  say("The same in order of Levin cost, 5,000,000 steps:")
  for (name, text) in [("in 91sts", Uneven.text), ("equal", Uneven.even)] {
    let grammar = problem(text: Array(text.utf8), file: name).grammar
    let figures = try Uneven(grammar: grammar, countsMass: false).levin(rounds: 3, maxSteps: 5_000_000)
    say(
      column(name, 13) + column(grouped(figures.prefixes), 14) + " prefixes" + column(fixed(figures.nanoseconds, 0), 6)
        + " ns/prefix")
  }
}

say()
say("figure                                                      limit     figure")
for line in limits.lines { say(line) }
say()
if !enumerates { stop(0) }
if differences.isEmpty {
  say("Levin and C agree: nonterminal, bits, candidates, classes and programs of every level.")
} else {
  say("Levin and C DIFFER:")
  for difference in differences.prefix(20) { say("  \(difference)") }
  stop(1)
}
