import ArgumentParser
import Circuits
import Documents
import Networks

/// `levin circuits NETWORK`.
struct CircuitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "circuits", _superCommandName: "levin",
    abstract: "Read how a network computes: frequencies, phases, clusters of units.",
    discussion: """
      levin circuits runs/seed-0 --modulus 113 --out reading
                      key frequencies, shares, units; figures and their data
      levin circuits analytic --modulus 113
                      the same of the network that adds by formula
      levin circuits runs/seed-0 --modulus 113 --ablate
                      what is lost without each part, over all inputs
      levin circuits runs/seed-0 --modulus 113 --ablate --ablate-frequency 5
                      without a frequency; --ablate-site names one activation
      levin circuits runs/seed-0 --modulus 113 --progress
                      restricted and excluded loss along the run
      levin circuits runs/seed-0 --task s5-compose
                      shares by irreducible representation of S5
      levin circuits runs/seed-0 --task mod-mul --multiplicative
                      shares by character of the multiplicative group

      NETWORK is a folder or file as levin learn writes it, or a PyTorch file.
      Frequencies are those of the Fourier transform over Z/p in each argument,
      representations those of the symmetric group; a share is a part of the
      variance over all pairs.
      """)

  @Argument(help: "The network, or 'analytic'.")
  var network: String
  @OptionGroup(title: "Inputs") var study: StudyOptions
  @OptionGroup(title: "Split") var split: SplitOptions
  @Option(help: "The site of the hidden units (default: the last mlp.hook_post).")
  var site: String?
  @Option(
    help:
      "What key frequencies (representations) hold of the part of the logits that cos 2πk(a + b - c)/p (characters of f c^-1) explain. (default: 0.95)"
  )
  var keyShare: Double?
  @Flag(help: "Read residues but 0 as the multiplicative group: networks that multiply or divide.")
  var multiplicative = false
  @Option(help: "Folder for figures (SVG) with their data (CSV).")
  var out: String?
  @Flag(
    help:
      "Ablate every activation at each position and at all together, and each key frequency where what follows is linear: loss, and answers that are right alone (of equal logits none is)."
  )
  var ablate = false
  @Option(
    help:
      "With --ablate: there only, an activation such as hook_embed, or one position of it, hook_embed@0; may be repeated."
  )
  var ablateSite: [String] = []
  @Option(
    help: "With --ablate: this frequency (representation) of the answers in place of the key ones; may be repeated.")
  var ablateFrequency: [String] = []
  @Flag(
    help:
      "Write the network's way of adding, subtracting, multiplying or dividing as a program (grammars/trigonometry.sl): bits, answers, logits explained."
  )
  var extract = false
  @Flag(help: "Progress measures of the networks in NETWORK/snapshots (levin learn --snapshot-every).")
  var progress = false
  @Flag(
    help:
      "Gradient symmetricity, distance irrelevance, circularity: clock or pizza (Zhong et al. 2023); of a run's folder, for each seed."
  )
  var clockPizza = false
  @Flag(help: "Print one JSON record, keys sorted.")
  var json = false

  func validate() throws {
    if let keyShare, !(keyShare > 0 && keyShare <= 1) {
      throw ValidationError("--key-share \(keyShare) is not above 0 and up to 1")
    }
    let kinds = [
      ("--multiplicative", multiplicative), ("--ablate", ablate), ("--extract", extract), ("--progress", progress),
      ("--clock-pizza", clockPizza),
    ].filter(\.1).map(\.0)
    if kinds.count > 1 { throw ValidationError("\(kinds.joined(separator: " and ")) exclude each other") }
    let unused = [
      ("--key-share", keyShare != nil && clockPizza), ("--site", site != nil && !multiplicative),
      ("--out", out != nil && (extract || clockPizza)),
    ]
    if let kind = kinds.first, let (flag, _) = unused.first(where: \.1) {
      throw ValidationError("\(kind) does not take \(flag)")
    }
    if !ablate, !ablateSite.isEmpty || !ablateFrequency.isEmpty {
      throw ValidationError("--ablate-site and --ablate-frequency go with --ablate")
    }
    if !progress, !split.isStandard {
      throw ValidationError("--train-fraction, --train-count, --split-seed and --shuffle go with --progress")
    }
    try study.refuseUnused([network])
  }

  func run() throws {
    try Terminal.reporting {
      try BLASBackend.load()
      let task = try study.table()
      let keyShare = keyShare ?? 0.95
      if progress {
        let table = try ProgressTable(network, task, study, split, share: keyShare)
        if let out { try table.write(to: out) }
        Terminal.out(json ? JSONWriter.line(table.record) : table.text)
        return
      }
      if clockPizza {
        Terminal.out(try ClockPizzaReport(network, task, study).text(json: json))
        return
      }
      let studied = try StudiedNetwork(network, task, study)
      if ablate {
        let choice = AblationTable.Choice(sites: ablateSite, frequencies: ablateFrequency, share: keyShare)
        let table = try AblationTable(studied, task, choice)
        if let out { try table.write(to: out) }
        Terminal.out(json ? JSONWriter.line(table.record) : table.text)
        return
      }
      if extract {
        let report = try ExtractionReport(studied, task, share: keyShare)
        Terminal.out(json ? JSONWriter.line(report.record) : report.text)
        return
      }
      let hidden = try site.map { try Site(text: $0) }
      if multiplicative || GroupReport.reads(studied) {
        let report = try GroupReport(
          studied, task, multiplicative: multiplicative, hidden: hidden, share: keyShare)
        if let out { try report.draw(into: out) }
        Terminal.out(json ? JSONWriter.line(report.record) : report.text + (out.map { "figures    \($0)/\n" } ?? ""))
        return
      }
      let report = try FourierReport(studied, task, hidden: hidden, share: keyShare)
      if let out { try report.draw(into: out) }
      Terminal.out(json ? JSONWriter.line(report.record) : report.text + (out.map { "figures    \($0)/\n" } ?? ""))
    }
  }
}
