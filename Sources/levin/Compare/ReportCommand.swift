import ArgumentParser
import Comparison
import Documents

/// `levin report RUN`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", _superCommandName: "levin",
    abstract: "Write the report of a comparison as one HTML file.",
    discussion: """
      RUN is the folder of 'levin compare'. report.html needs no network and no
      script; figures/ holds the data of each figure. An unfinished run is reported
      as far as it is done.
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "run"))
  var path: String
  @Flag(help: "Print the sentences of the report.")
  var sentences = false

  func run() throws {
    try Terminal.reporting {
      let folder = RunFolder(path)
      let results = try folder.results(exists: isReadable)
      try Self.write(results, to: folder)
      if sentences { for sentence in Findings(results).sentences { Terminal.out(sentence + "\n") } }
      Terminal.out("\(folder.path)/report.html\n")
    }
  }

  /// Writes the page and the data of its figures.
  static func write(_ results: ComparisonResults, to folder: RunFolder) throws {
    let page = ReportPage(results)
    try makeFolder("\(folder.path)/figures")
    for figure in page.figures { try replaceFile("\(folder.path)/figures/\(figure.name).csv", with: figure.csv) }
    try replaceFile("\(folder.path)/report.html", with: page.html)
  }
}
