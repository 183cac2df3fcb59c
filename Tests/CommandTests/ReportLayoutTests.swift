import Documents
import Foundation
import Testing

/// The report in a real browser, where one is installed: no message on its console, no label clipped or over another.
@Suite struct ReportLayoutTests {
  /// Chromium or Chrome, as CHROMIUM or the search path names it.
  private static let browser: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["CHROMIUM"] { return named }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.flatMap { folder in ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Looks at every text of every figure and leaves what is wrong in an element of its own.
  private static let inspection = """
    <script>
    function corners(text) {
      const box = text.getBBox(), matrix = text.getScreenCTM();
      // A line's box is higher than its letters.
      const top = box.y + 0.18 * box.height, bottom = box.y + 0.86 * box.height;
      return [[box.x, top], [box.x + box.width, top], [box.x + box.width, bottom], [box.x, bottom]].map(p => [
        matrix.a * p[0] + matrix.c * p[1] + matrix.e, matrix.b * p[0] + matrix.d * p[1] + matrix.f]);
    }
    function apart(a, b) {
      for (const shape of [a, b]) for (let i = 0; i < 4; i++) {
        const [p, q] = [shape[i], shape[(i + 1) % 4]], normal = [q[1] - p[1], p[0] - q[0]];
        const along = s => s.map(c => c[0] * normal[0] + c[1] * normal[1]);
        const [u, v] = [along(a), along(b)];
        if (Math.max(...u) <= Math.min(...v) + 1 || Math.max(...v) <= Math.min(...u) + 1) return true;
      }
      return false;
    }
    const faults = [];
    for (const svg of document.querySelectorAll('svg')) {
      const frame = svg.getBoundingClientRect(), name = svg.querySelector('title').textContent;
      const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => [t.textContent, corners(t)]);
      for (const [text, shape] of texts)
        if (shape.some(c => c[0] < frame.left - 1 || c[0] > frame.right + 1 || c[1] < frame.top - 1 || c[1] > frame.bottom + 1))
          faults.push(name + ': clipped: ' + text);
      for (let i = 0; i < texts.length; i++) for (let j = 0; j < i; j++)
        if (!apart(texts[i][1], texts[j][1])) faults.push(name + ': ' + texts[j][0] + ' lies on ' + texts[i][0]);
    }
    if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('the page is wider than its window');
    const figures = document.querySelectorAll('svg').length;
    document.body.innerHTML = '<pre>FIGURES ' + figures + '</pre><pre>FAULTS[' + faults.join('|') + ']</pre>';
    </script>
    """

  private static func run(_ arguments: [String]) throws -> (output: String, error: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser!)
    process.arguments =
      ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr"] + arguments
    let files = try (0..<2).map { _ in
      let url = FileManager.default.temporaryDirectory.appendingPathComponent("levin-\(UUID().uuidString)")
      _ = FileManager.default.createFile(atPath: url.path, contents: nil)
      return (url, try FileHandle(forWritingTo: url))
    }
    (process.standardOutput, process.standardError) = (files[0].1, files[1].1)
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0.0), as: UTF8.self) }
    for file in files { try FileManager.default.removeItem(at: file.0) }
    return (texts[0], texts[1])
  }

  @Test(
    .enabled(if: browser != nil, "no Chromium: set CHROMIUM or install it to check the layout of reports"),
    arguments: [
      ["mod-add", "--train-fraction", "0.2,0.3,0.5", "--methods", "search,mixture,mlp,ctw,kt,uniform,lookup"],
      [
        "mod-add", "mod-parity-add", "mod-quadratic-plus", "mod-add:random", "--train-fraction", "0.1,0.5", "--methods",
        "search,mlp,uniform",
      ], ["mod-sub", "--methods", "search,lookup"],
    ]) func nothingIsClippedAndNothingOverlaps(_ words: [String]) throws
  {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = try Command.run(
      ["compare"] + words + ["--modulus", "7", "--steps", "40", "--max-programs", "20000", "--out", "r"], in: folder)
    #expect(made.code == 0, "\(made.error)")
    let page = folder.appendingPathComponent("r/report.html")
    let picture = folder.appendingPathComponent("page.png")
    let shown = try Self.run(["--screenshot=\(picture.path)", "--window-size=1280,900", page.absoluteString])
    #expect(!shown.error.contains(":CONSOLE"), "\(shown.error)")
    #expect(try Data(contentsOf: picture).count > 20_000, "an empty picture")
    let text = try String(contentsOf: page, encoding: .utf8)
    for width in [1280, 700] {
      let faults = try Self.faults(text, width: width, in: folder)
      #expect(faults == "", "\(width) pixels wide: \(faults ?? "the page was not inspected")")
    }
  }

  /// What the inspection says of a page; nil when it did not run.
  private static func faults(_ page: String, width: Int, in folder: URL) throws -> String? {
    let file = folder.appendingPathComponent("inspected.html")
    try page.replacingOccurrences(of: "</body>", with: inspection + "</body>").write(
      to: file, atomically: true, encoding: .utf8)
    let found = try run(["--dump-dom", "--window-size=\(width),900", file.absoluteString]).output
    return found.range(of: "FAULTS[").map { String(found[$0.upperBound...].prefix { $0 != "]" }) }
  }

  /// The inspection itself: it must see what is wrong.
  @Test(.enabled(if: browser != nil, "no Chromium: set CHROMIUM or install it to check the layout of reports"))
  func inspectionSeesFaults() throws {
    let folder = try Command.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = """
      <html><body><svg width="300" height="100" font-size="12"><title>t</title><text x="10" y="40">one label</text>
      <text x="30" y="44">another</text><text x="280" y="80">beyond the border</text></svg></body></html>
      """
    let faults = try #require(try Self.faults(page, width: 1280, in: folder))
    #expect(faults.contains("one label lies on another") && faults.contains("clipped: beyond the border"), "\(faults)")
  }
}
