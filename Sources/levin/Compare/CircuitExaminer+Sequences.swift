import Circuits
import Comparison
import Documents
import ExactArithmetic
import Grammars
import Networks

/// Recurrent networks on sequences beside the states of the program that the search finds on the same examples.
extension CircuitExaminer {
  /// Sizes that are tried go up to here.
  private static let mostStateDimensions = 12

  static var sequenceSettings: JSONValue {
    [
      "agreement": stateOptions(seed: 0).record, "length": .integer(StudiedStreams.standardLength),
      "sequences": .integer(StreamOptions.standardSequences),
    ]
  }

  private static func stateOptions(seed: UInt64) -> Circuits.Agreement.Options {
    var options = Circuits.Agreement.Options()
    options.alignment = .rotation
    options.maxDimensions = mostStateDimensions
    options.rotationSizes = Circuits.Agreement.Options.doublingSizes(upTo: mostStateDimensions)
    options.seed = seed
    return options
  }

  func examination(
    of stored: StoredNetwork, _ problem: SequenceProblem, seed: UInt64, context: CellContext
  ) throws -> Examination {
    let program = try programs.program("\(problem.name) \(problem.training.count) \(problem.seed)") {
      try foundProgram(problem, context)
    }
    if context.shouldStop() { throw CellInterrupted() }
    let streams = Result { try StudiedStreams(of: problem, seed: seed) }
    return Examination(
      program: program.finding, reading: nil,
      agreement: agreement(stored, streams, program, seed: seed), extraction: nil,
      tableBits: (try? streams.get().answerBits) ?? 0)
  }

  /// The program of the first language that has one.
  private func foundProgram(_ problem: SequenceProblem, _ context: CellContext) throws -> FoundProgram {
    let search = SequenceProgram(problem, maxPrograms: maxPrograms, grammar: grammar, context: context)
    guard let found = try search.program() else {
      return FoundProgram(finding: .refused("the search found no program"), term: nil)
    }
    let text = InfixPrinter(found.grammar).text(found.term)
    return FoundProgram(
      finding: .found(.init(text: text, bits: -found.probability.log2)), term: found.term, grammar: found.grammar)
  }

  private func agreement(
    _ stored: StoredNetwork, _ streams: Result<StudiedStreams, any Error>, _ program: FoundProgram, seed: UInt64
  ) -> Examination.Finding<Examination.Agreement> {
    guard let term = program.term, let grammar = program.grammar else {
      return .refused("there is no program to compare with")
    }
    guard case .recurrent = stored.configuration else {
      return .refused("a network that reads all symbols at once need keep no state behind one of them")
    }
    do {
      let streams = try streams.get()
      let studied = try StudiedNetwork("the network", stored, streams)
      let program = try StudiedProgram(
        term, in: grammar, on: studied.subject.inputs, statesAfter: streams.after)
      guard program.variables.contains(where: { $0.after != nil }) else {
        return .refused("the program goes through its sequence without a transducer, a fold or a sum: it has no state")
      }
      return .found(
        Self.summary(try Circuits.Agreement(program, studied.subject, options: Self.stateOptions(seed: seed))))
    } catch {
      return .refused(firstLine(of: error))
    }
  }
}
