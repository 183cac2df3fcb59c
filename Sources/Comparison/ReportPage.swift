internal import Documents
internal import ExactArithmetic
internal import Figures

/// The report of a comparison as one self-contained HTML file: no script, no link to anything but its own places.
public struct ReportPage: Sendable {
  /// The cells that the page reports.
  public let results: ComparisonResults
  /// The figures in the order of the page, which links to their data as `figures/<name>.csv`.
  public let figures: [ReportFigure]
  private let findings: Findings

  /// A page of these results, with every figure that the records allow.
  public init(_ results: ComparisonResults) {
    self.results = results
    findings = Findings(results)
    figures = ReportFigures(results).all
  }

  /// The whole document as text, a function of the results alone.
  public var html: String {
    let tables = ReportTables(results)
    let sentences = findings.sentences
    let lead = sentences.prefix(findings.leadCount)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(Self.escaped(title))</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <main>
      <h1>\(Self.escaped(title))</h1>
      <p class="lead">\(Self.escaped(results.entries.isEmpty ? "No cell of this comparison is done." : lead.joined(separator: " ")))</p>
      \(tables.summary)
      <p class="note">Bold with a star: the greatest accuracy of the row or column, or the fewest bits; several when they are equal. Every number
      is taken from the records of the run.</p>
      \(sentences.dropFirst(lead.count).map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n"))
      \(tables.efficiency)
      \(tables.ledgers)
      \(tables.circuits)
      \(tables.coefficients)
      <h2>Figures</h2>
      <div class="figures">
      \(figures.enumerated().map(figure).joined(separator: "\n"))
      </div>
      \(tables.costs)
      \(tables.failures)
      \(definitions)
      </main>
      </body>
      </html>

      """
  }

  private var title: String {
    let tasks = results.tasks
    return tasks.count <= 3
      ? "Programs and networks on \(Findings.list(tasks))" : "Programs and networks on \(tasks.count) tasks"
  }

  private func figure(_ number: Int, _ figure: ReportFigure) -> String {
    """
    <figure\(figure.chart.drawing.width > Self.columnWidth ? " class=\"wide\"" : "")>
    \(figure.chart.svg)<figcaption><b>Figure \(number + 1).</b> \(Self.escaped(figure.caption)) \
    Data: <a href="figures/\(figure.name).csv">\(figure.name).csv</a></figcaption>
    </figure>
    """
  }

  /// A wider figure takes the whole row.
  private static let columnWidth = 760.0

  private var definitions: String {
    let methods = (results.header["methods"]?.array ?? []).map { method in
      "<dt>\(Self.escaped(method["title"]?.string ?? ""))</dt><dd><code>\(Self.escaped(JSONWriter.text(method["settings"] ?? [:])))</code></dd>"
    }
    return """
      <h2>How to read this</h2>
      <dl>
      <dt>accuracy</dt><dd>share of the inputs outside the training examples that are answered rightly; all of them are tried. Without a
      hypothesis nothing is answered, and nothing is right.</dd>
      <dt>bits</dt><dd>to transmit all labels, given the inputs in one recorded order, to a receiver who holds the languages or the
      architecture, the code and the seeds. Choosing among c settings costs log2 c.</dd>
      <dt>two-part program</dt><dd>the program by its exact prior, then its exceptions; or the uniform code, where that is shorter.</dd>
      <dt>program mixture</dt><dd>−log2 of the prior of the programs that were run on every input and give every label.</dd>
      <dt>prequential network</dt><dd>labels in blocks, each coded by a network trained on those before; the first block is uniform.</dd>
      <dt>quantised network</dt><dd>weights, quantised and entropy-coded, then the labels by the quantised network.</dd>
      <dt>learning coefficient</dt><dd>by stochastic gradient Langevin dynamics from the trained parameters (Lau et al. 2023); it depends
      on the sampler, whose settings stand beside it, and there is none where a chain lost the point. It has no unit and is no code.</dd>
      <dt>own storage</dt><dd>bytes that the method itself counts: a search's tables; a network's parameters, gradient, optimiser,
      activations and tokens; a table's entries.</dd>
      <dt>CPU</dt><dd>seconds of one core; the only numbers here that another run does not repeat.</dd>
      </dl>
      <h2>Settings</h2>
      <dl>
      \(methods.joined(separator: "\n"))
      \(digests)
      <dt>plan</dt><dd><code>\(Self.escaped(JSONWriter.text(results.header["plan"] ?? [:])))</code></dd>
      <dt>version</dt><dd>levin \(Self.escaped(results.header["version"]?.string ?? ""))</dd>
      </dl>
      """
  }

  /// SHA-256 of data and grammars; empty for a run that does not say them.
  private var digests: String {
    ["data", "files"].compactMap { name -> String? in
      guard let members = results.header[name]?.object, !members.isEmpty else { return nil }
      return "<dt>\(name), SHA-256</dt><dd><code>\(Self.escaped(JSONWriter.text(.object(members))))</code></dd>"
    }.joined(separator: "\n")
  }

  static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    body{margin:0;background:#fff;color:#1a1a1a;font:15px/1.45 Helvetica,Arial,'Liberation Sans',sans-serif}
    main{max-width:1180px;margin:0 auto;padding:20px 24px 48px}
    h1{font-size:24px;margin:0 0 8px}h2{font-size:18px;margin:28px 0 8px}h3{font-size:15px;margin:18px 0 6px}
    p{max-width:92ch;margin:8px 0}.lead{font-size:17px}.note{color:#555;font-size:13px}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;margin:12px 0;font-size:14px;font-variant-numeric:tabular-nums}
    caption{text-align:left;font-weight:bold;padding:4px 0}
    th,td{padding:3px 12px 3px 0;text-align:right;vertical-align:top;white-space:nowrap}
    th:first-child,td:first-child,.text,.long{text-align:left}
    .long{white-space:normal;min-width:24ch;overflow-wrap:anywhere}
    thead th{border-top:1.5px solid #1a1a1a;border-bottom:1px solid #1a1a1a}
    tbody tr:last-child td{border-bottom:1.5px solid #1a1a1a}
    td small{color:#555}.best{font-weight:bold}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(480px,1fr));gap:20px 28px}
    figure{margin:0;break-inside:avoid}.wide{grid-column:1/-1}figcaption{font-size:13px;color:#333;max-width:80ch}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;font-size:14px}dt{font-weight:bold}dd{margin:0}
    code{font-size:12px;overflow-wrap:anywhere}a{color:#0068a3}
    @media (max-width:560px){.figures{grid-template-columns:1fr}dl{display:block}}
    @media print{main{max-width:none;padding:0}.figures{display:block}figure{margin:0 0 16px}a{color:inherit;text-decoration:none}}
    """
}
