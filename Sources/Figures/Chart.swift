/// A figure drawn from data: the picture as one SVG file, and the data as CSV.
///
///     let chart = LineChart(
///       title: "Grokking", x: Axis("step", scale: .logarithmic), y: Axis("accuracy", format: .percent),
///       series: [Series("train", xs: steps, ys: train), Series("test", xs: steps, ys: test)])
///     chart.svg      // "<svg xmlns=…"
///     chart.csv      // "series,step,accuracy\ntrain,1,0.01\n…"
///
/// Goals, in this order: every value that is in the data is in the picture or counted in its `<desc>`; the picture reads
/// in grey and without colour vision; no label lies on another one or outside; equal data gives equal bytes.
/// The SVG holds no script, no style sheet, no identifier and no reference, so that many fit into one HTML file. Width and
/// height are those of the view box, and the picture shrinks with the column it stands in.
///
/// What cannot be drawn is left out and counted in the SVG's `<desc>`, by these rules:
/// - a value that is NaN, infinite or above 1e300 in magnitude: the point is left out and its line is interrupted;
/// - a value that is zero or less on a logarithmic axis: likewise;
/// - a point outside a given `Axis.range`: lines are cut at the border of the plot, marks are left out;
/// - a series without points: it has no label. A chart without any shows empty axes and the words "no data".
/// A point alone between gaps is drawn as a mark.
public protocol Chart: Sendable {
  /// The heading, which is also the SVG's `<title>`; may be empty.
  var title: String { get }
  /// The picture with the boxes of its texts.
  var drawing: Drawing { get }
  /// The data, complete: also what the picture leaves out.
  var table: Table { get }
}

extension Chart {
  /// The picture: a self-contained SVG document in UTF-8, without an XML declaration.
  public var svg: String { drawing.svg }
  /// The data as CSV (RFC 4180 with line feeds); numbers read back as the same `Double`.
  public var csv: String { table.csv }
}
