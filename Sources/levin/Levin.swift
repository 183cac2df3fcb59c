import ArgumentParser

/// The command line: parses, calls, prints.
@main
struct Levin: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "levin",
    abstract: "The shortest-program baseline for neural networks.",
    discussion: """
      Finds the programs of least description length that explain the data, with
      exact priors; trains networks on the same data; and asks whether a network
      computes what the program computes.

        levin search mod-add --modulus 113 --train-fraction 3/10
        levin prior field --program '(ff.add a b)'
        levin predict 0 1 1 0 1 0 0 --depth 3 --past 0,1,0
        levin learn mod-add --modulus 113 --recipe fast --out RUN
        levin agree '(ff.add a b)' RUN/seed-0 --modulus 113
        levin compare mod-add --circuits
        levin tasks

      Exit codes: 0 done; 1 searched, nothing found within the limits, or output
      that could not be written; 2 bad input file; 3 incomplete; 64 usage; 130 and
      143 interrupted (state saved, resume line printed).
      """,
    version: version,
    subcommands: [
      SearchCommand.self, PriorCommand.self, PredictCommand.self, LearnCommand.self, CircuitsCommand.self,
      AgreeCommand.self, DASCommand.self, BiasCommand.self, TasksCommand.self, CompareCommand.self, ReportCommand.self,
      ReproduceCommand.self,
    ])

  /// A command that is named first is parsed by itself: `Levin` would build its options several times over to find out that
  /// they are its, which takes longer than most searches (`_superCommandName` spares another time). Help and mistakes are
  /// left to `Levin`.
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let named = configuration.subcommands.first { $0.configuration.commandName == arguments.first }
    guard let named, var command = try? named.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == named
    else {
      return main(nil)
    }
    do { try command.run() } catch {
      guard error is ValidationError, let name = named.configuration.commandName else { exit(withError: error) }
      // Behind a mistake that shows while a command runs stands the usage of that command.
      Terminal.error(named.fullMessage(for: error).replacing("See '\(name) ", with: "See 'levin \(name) ") + "\n")
      exit(withError: named.exitCode(for: error))
    }
  }
}
