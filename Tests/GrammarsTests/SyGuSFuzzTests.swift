import Documents
import ExactArithmetic
import Grammars
import Randomness
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Damaged files and terms end in a grammar that keeps its invariant or in an `InputError`: no crash, no hang.
@Suite struct SyGuSFuzzTests {
  private static let count = isLongRun ? 100_000 : 5000

  private static let files: [[UInt8]] = {
    let languages = Language.allCases.map { Repository.bytes(Repository.root + "/grammars/\($0).sl") }
    let examples = ["pbe-bv-macros", "pbe-bv-conditions", "pbe-lia"].map {
      Repository.bytes(Repository.root + "/Tests/GrammarsTests/Files/\($0).sl")
    }
    let random = (1...6 as ClosedRange<UInt64>).map { seed in
      var random = RandomSyGuS(seed: seed)
      return Array(random.file().utf8)
    }
    // Comments would take most of the damage.
    return (languages + examples + random).map { bytes in
      let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).filter { $0.first != UInt8(ascii: ";") }
      return Array(lines.joined(separator: [10]))
    }
  }()

  @Test(.timeLimit(.minutes(30))) func damagedFilesAreReadOrRefused() throws {
    var damage = Damage(seed: 11)
    var accepted = 0
    for number in 0..<Self.count {
      let bytes = damage.damaged(Self.files)
      do {
        let read = try SyGuSReader.problem(bytes, file: "f")
        accepted += 1
        let comment: Comment = "number \(number): \(String(decoding: bytes, as: UTF8.self))"
        expectInvariant(read.grammar, comment)
        if accepted % 16 == 0 {
          let printed = SyGuSPrinter(read.grammar).problem(read.examples)
          let again = try problem(printed)
          #expect(SyGuSPrinter(again.grammar).problem(again.examples) == printed, comment)
          #expect(again.examples == read.examples, comment)
          _ = try? SyGuSPrinter(read.grammar).portableProblem(read.examples)
        }
        if accepted % 64 == 0, read.grammar.productions.count < 50 {
          let mass = read.grammar.terminationMass(bits: 16)
          #expect(mass.allSatisfy { $0.lower > 0 && $0.upper <= 1 }, comment)
        }
      } catch {
        expectWellFormed(error, bytes)
      }
    }
    #expect(accepted > Self.count / 20 && accepted < Self.count)
  }

  @Test(.timeLimit(.minutes(30))) func damagedTermsAreReadOrRefused() throws {
    var damage = Damage(seed: 12)
    var accepted = 0
    let grammars =
      try Language.allCases.map { try $0.grammar() } + [problem(String(decoding: Self.files[5], as: UTF8.self)).grammar]
    let terms: [[[UInt8]]] = grammars.map { grammar in
      let sampler = PriorSampler(grammar)
      var generator = SeededGenerator(seed: 5, name: "grammars/fuzz-terms")
      let printer = SyGuSPrinter(grammar)
      return (0..<20).compactMap { number in
        sampler.sample(maximumSize: 200, using: &generator).map {
          Array((number % 4 == 0 ? printer.definition($0) : printer.text(grammar.term(of: $0))).utf8)
        }
      }
    }
    for number in 0..<Self.count {
      let which = number % grammars.count
      let bytes = damage.damaged(terms[which])
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let term = try SyGuSReader.term(text, in: grammars[which])
        accepted += 1
        let printed = SyGuSPrinter(grammars[which]).text(term)
        let again = try SyGuSReader.term(printed, in: grammars[which])
        // What the grammar cannot say may come back otherwise: without a negation in it (- (- 0)) is written (- 0), a number.
        if let program = grammars[which].derivation(of: term) {
          #expect(again == term, "number \(number): \(text)")
          #expect(grammars[which].term(of: program).arguments.count == term.arguments.count)
        }
        _ = InfixPrinter(grammars[which]).text(term)
      } catch {
        expectWellFormed(error, Array(text.utf8))
      }
    }
    #expect(accepted > Self.count / 20 && accepted < Self.count)
  }

  private func expectWellFormed(_ error: InputError, _ bytes: [UInt8]) {
    let lines = bytes.count { $0 == 10 || $0 == 13 } + 1
    let isSound = error.faults.allSatisfy {
      !$0.message.isEmpty && (0...lines).contains($0.line) && ($0.line == 0) == ($0.column == 0)
        && ($0.excerpt?.count ?? 0) <= 160 && !$0.message.contains("\n") && $0.length <= 160
    }
    let places = error.faults.prefix(100).map { ($0.line, $0.column) }
    let isOrdered = zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }
    if !isSound || !isOrdered || error.description.isEmpty {
      Issue.record("a malformed error for \(String(decoding: bytes, as: UTF8.self)): \(error)")
    }
  }
}
