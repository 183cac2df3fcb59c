import ExactArithmetic
import Grammars
import Reference
import Search

/// What looking a level up is worth, against storing its programs.
struct LookingUp {
  let grammar: Grammar
  let training: [Example]
  let probes: [[Value]]
  var configuration = LengthOrderedSearch.Configuration()

  /// User seconds of one run, by what it did: the search reports its counters at every step, and only storing a level
  /// raises `candidates`.
  final class Clock {
    private(set) var storing = 0.0
    private(set) var lookingUp = 0.0
    private var before = reference_user_seconds()
    private var candidates: UInt64 = 0

    func note(_ progress: LengthOrderedSearch.Progress) { note(progress.candidates) }

    func note(_ now: UInt64) {
      let time = reference_user_seconds()
      if now > candidates { storing += time - before } else { lookingUp += time - before }
      (before, candidates) = (time, now)
    }
  }

  struct Figures {
    var report: SearchReport
    /// User seconds of the stored levels and of those looked up.
    var storing = 0.0
    var lookingUp = 0.0
    /// Programs of the levels that were looked up, and of those that were stored.
    var programsLookedUp = BigInteger(0)
    var programsStored = BigInteger(0)

    var candidateRate: Double { Double(report.candidates) / storing }
    var programRate: Double { Double(programsLookedUp) / lookingUp }
    /// Programs per second of the levels looked up, over those of the levels stored.
    var programRatio: Double { programRate / (Double(programsStored) / storing) }
    var filterRate: Double { Double(report.filtered) / lookingUp }

    var summary: String {
      """
      \(report.storedLevels), looked up \(report.completeLevels - report.storedLevels) (\(report.stop))
        stored:    \(grouped(report.candidates)) candidates in \(fixed(storing)) s (\(scientific(candidateRate))/s), \(scientific(Double(programsStored))) programs
        looked up: \(scientific(Double(programsLookedUp))) programs in \(fixed(lookingUp)) s (\(scientific(programRate))/s); \(grouped(report.lookups)) goals, \(grouped(report.filtered)) run forward
      """
    }
  }

  func run(rounds: Int) throws -> Figures {
    let search = LengthOrderedSearch(grammar, configuration)
    var clocks: [Clock] = []
    var report: SearchReport?
    for _ in 0..<rounds {
      let clock = Clock()
      report = try search.run(training: training, probes: probes) {
        clock.note($0)
        return false
      }
      clock.note(report!.candidates)
      clocks.append(clock)
    }
    var figures = Figures(report: report!)
    figures.storing = median(clocks.map(\.storing))
    figures.lookingUp = median(clocks.map(\.lookingUp))
    var ladder = Ladder(grammar)
    while let level = ladder.next() {
      guard level.nonterminal == 0 else { continue }
      if level.ordinal >= figures.report.completeLevels { break }
      if level.ordinal < figures.report.storedLevels {
        figures.programsStored += level.count
      } else {
        figures.programsLookedUp += level.count
      }
    }
    return figures
  }
}

extension LookingUp {
  /// A real task: a^2 + a·b + b^2 + a (mod 113) from 40 pairs, over grammars/field.sl.
  static func quadratic(_ grammar: Grammar) -> LookingUp {
    let (a, b) = pairs(64)
    let all = zip(a, b).map { a, b in
      Example(inputs: [.int(a), .int(b)], output: .int((a * a + a * b + b * b + a) % 113))
    }
    var search = LookingUp(grammar: grammar, training: Array(all[..<40]), probes: all[40...].map(\.inputs))
    search.configuration.signatureExamples = 16
    return search
  }

  /// Operators with an inverse only: each pair of stored classes beyond the bank is covered by one probe for its one half.
  /// No program fits.
  static func inversion(bits: Int) -> LookingUp {
    let text = """
      (set-logic NIA)
      (synth-fun f ((x Int) (y Int)) Int
        ((E Int))
        ((E Int ((! x :weight 2) (! y :weight 2) (! 1 :weight 3) (! (+ E E) :weight 3) (! (- E E) :weight 3) (! (* E E) :weight 3)))))
      (check-synth)
      """
    let (a, b) = pairs(16)
    let training = (0..<8).map {
      Example(inputs: [.int(a[$0]), .int(b[$0])], output: .int(a[$0 + 8] * 10007 + b[$0 + 8] * 101 + 1))
    }
    var search = LookingUp(
      grammar: problem(text: Array(text.utf8), file: "inversion").grammar, training: training, probes: [])
    search.configuration.maxBits = bits
    return search
  }

  /// Operators without an inverse only: the last level runs forward, one example at a time. No program fits.
  static func filter() -> LookingUp {
    let text = """
      (set-logic BV)
      (synth-fun f ((x (_ BitVec 32)) (y (_ BitVec 32))) (_ BitVec 32)
        ((V (_ BitVec 32)))
        ((V (_ BitVec 32) (
          (! x :weight 2) (! y :weight 2) (! #x00000001 :weight 3)
          (! (bvand V V) :weight 3) (! (bvor V V) :weight 3) (! (bvmul V V) :weight 3)))))
      (check-synth)
      """
    var state: UInt64 = 7
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 32
    }
    let training = (0..<8).map { _ in
      Example(
        inputs: [.bitVector(next(), width: 32), .bitVector(next(), width: 32)], output: .bitVector(next(), width: 32))
    }
    var search = LookingUp(
      grammar: problem(text: Array(text.utf8), file: "filter").grammar, training: training, probes: [])
    search.configuration.maxBits = 52
    return search
  }
}
