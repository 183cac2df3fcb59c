import ExactArithmetic
import Grammars
import Reference
import Search

/// Levin's `Enumeration` against the plain C one, over grammars/integers.sl.
struct Storing {
  let grammar: Grammar
  let lanes: Int
  /// Programs of up to so many bits.
  let bits: Int

  /// One run of Levin: user CPU seconds, and all with those of the kernel.
  struct Outcome {
    var seconds = 0.0
    var allSeconds = 0.0
    var candidates: UInt64 = 0
    var classes = 0
    var bytes = 0
  }

  /// Figures of all rounds.
  struct Figures {
    var levin: [Double] = []
    var c: [Double] = []
    var all: [Double] = []
    var outcome = Outcome()
    var reference = reference_result()

    var ratio: Double { median(zip(levin, c).map { $0 / $1 }) }
    var ratioWithKernel: Double { median(all) }
    var bytesPerClass: Double { Double(outcome.bytes) / Double(outcome.classes) }

    /// The parts of one candidate: evaluation, a random slot, and a random row to compare with or a new one to write. Each
    /// is measured alone; the ring overlaps them, so their sum may exceed the time of a candidate.
    func limit(_ lanes: Int) -> String {
      let n = Double(outcome.candidates)
      let new = Double(outcome.classes) / n
      let row = Double(lanes * 8)
      // A line of the hash table; a row read and compared, or written (and fetched before) with its 14 bytes of links.
      let bytes = 64 + (1 - new) * row + new * (2 * row + 14)
      let evaluate = reference.evaluate_seconds * 1e9 / Double(reference.evaluated)
      let least =
        evaluate + reference.slot_nanoseconds + (1 - new) * reference.row_nanoseconds
        + new * reference.append_nanoseconds
      let cells = [
        (String(lanes), 8), (fixed(evaluate, 1), 11), (fixed(reference.slot_nanoseconds, 1), 7),
        (fixed(reference.row_nanoseconds, 1), 7), (fixed(reference.append_nanoseconds, 1), 9), (fixed(bytes, 0), 14),
        (fixed(least, 1), 13), (fixed(100 * least / (median(levin) * 1e9 / n), 0) + " %", 16),
        (fixed(100 * least / (median(c) * 1e9 / n), 0) + " %", 12),
      ]
      return cells.map { column($0.0, $0.1) }.joined()
    }
  }

  /// Levels of at most `bits` bits, of all nonterminals.
  func levels() -> Int {
    var ladder = Ladder(grammar)
    let bound = Rational(1, BigInteger(1) << bits)
    var count = 0
    while let level = ladder.next(), level.probability >= bound { count += 1 }
    return count
  }

  private var inputs: [[Value]] {
    let (a, b) = pairs(lanes)
    return zip(a, b).map { [.int($0), .int($1)] }
  }

  /// Runs Levin over that many levels.
  func levin(_ levels: Int, mass: Bool) throws -> Outcome {
    var outcome = Outcome()
    let (start, allStart) = (reference_user_seconds(), reference_seconds())
    var enumeration = try Enumeration(grammar, inputs: inputs, countsMass: mass, memoryLimit: 16 << 30)
    for _ in 0..<levels { _ = try enumeration.next() }
    outcome.seconds = reference_user_seconds() - start
    outcome.allSeconds = reference_seconds() - allStart
    outcome.candidates = enumeration.candidates
    outcome.classes = enumeration.classes
    outcome.bytes = enumeration.bytes
    return outcome
  }

  func c(mass: Bool, measure: Bool = false) -> reference_result {
    let (a, b) = pairs(lanes)
    var result = reference_result()
    guard reference_enumerate(Int32(lanes), mass ? 1 : 0, a, b, 113, Int32(bits), measure ? 1 : 0, &result) == 1 else {
      fatalError("the reference cannot run with \(lanes) lanes")
    }
    return result
  }

  /// Compares both level by level; the differences, as text.
  func differences(_ reference: reference_result, mass: Bool) throws -> [String] {
    var enumeration = try Enumeration(grammar, inputs: inputs, countsMass: mass, memoryLimit: 16 << 30)
    var found: [String] = []
    var before: UInt64 = 0
    withUnsafeBytes(of: reference.levels) { bytes in
      let levels = bytes.bindMemory(to: reference_level.self)
      for index in 0..<reference.level_count {
        guard let level = try? enumeration.next() else { return found.append("Levin ends at level \(index)") }
        let other = levels[index]
        let here = "k = \(lanes)\(mass ? ", mass" : ""), level \(index)"
        let bits = Int((-level.probability.log2).rounded())
        if (level.nonterminal, bits) != (Int(other.nonterminal), Int(other.bits)) {
          return found.append(
            "\(here): nonterminal and bits \(level.nonterminal) \(bits), in C \(other.nonterminal) \(other.bits)")
        }
        let candidates = enumeration.candidates - before
        before = enumeration.candidates
        if candidates != other.candidates {
          found.append("\(here): \(candidates) candidates, in C \(other.candidates)")
        }
        if level.newClasses != Int(other.new_classes) {
          found.append("\(here): \(level.newClasses) new classes, in C \(other.new_classes)")
        }
        if mass,
          enumeration.countedPrograms(level) != BigInteger(other.programs)
            || level.programs != BigInteger(other.programs)
        {
          found.append("\(here): \(level.programs) programs, in C \(other.programs)")
        }
      }
    }
    return found
  }

  /// `rounds` interleaved runs of Levin and C, after one of each that is not counted: it brings the memory in.
  func run(rounds: Int) throws -> (plain: Figures, mass: Figures, differences: [String]) {
    let count = levels()
    var figures = [Figures(), Figures()]
    var differences: [String] = []
    for (index, mass) in [false, true].enumerated() {
      figures[index].reference = c(mass: mass, measure: true)
      differences += try self.differences(figures[index].reference, mass: mass)
      if figures[index].reference.level_count != count {
        differences.append("k = \(lanes): \(count) levels, in C \(figures[index].reference.level_count)")
      }
    }
    for _ in 0..<rounds {
      for (index, mass) in [false, true].enumerated() {
        let outcome = try levin(count, mass: mass)
        let reference = c(mass: mass)
        figures[index].outcome = outcome
        figures[index].levin.append(outcome.seconds)
        figures[index].c.append(reference.user_seconds)
        figures[index].all.append(outcome.allSeconds / reference.seconds)
        if outcome.candidates != reference.candidates || outcome.classes != Int(reference.classes) {
          differences.append("k = \(lanes): totals differ")
        }
      }
    }
    figures[0].reference = c(mass: false, measure: true)
    figures[1].reference = c(mass: true, measure: true)
    return (figures[0], figures[1], differences)
  }

  /// Levin with and without mass alone.
  func massCost(rounds: Int) throws -> (cost: Double, plain: Outcome, mass: Outcome) {
    let count = levels()
    var outcomes = (try levin(count, mass: false), try levin(count, mass: true))
    var ratios: [Double] = []
    for _ in 0..<rounds {
      outcomes = (try levin(count, mass: false), try levin(count, mass: true))
      ratios.append(outcomes.1.seconds / outcomes.0.seconds)
    }
    return (median(ratios), outcomes.0, outcomes.1)
  }

  /// Levels are sizes here, so nearly all of a level's classes are new in it.
  static let uniform = """
    (set-logic NIA)
    (synth-fun f ((a Int) (b Int)) Int ((E Int))
      ((E Int (a b 0 1 2 3 (+ E E) (- E E) (* E E) (mod E E)))))
    (check-synth)
    """

  /// Seconds of the ladder alone, to the same level: a share of many runs, since one takes no longer than the clock's tick.
  func ladderSeconds() -> Double {
    let (count, runs) = (levels(), 25)
    return median(
      (0..<5).map { _ in
        timed {
          for _ in 0..<runs {
            var ladder = Ladder(grammar)
            for _ in 0..<count { _ = ladder.next() }
          }
        }.seconds / Double(runs)
      })
  }
}
