import Figures
import Randomness

/// Charts with the data that figures of this project have, by formula.
enum Samples {
  static let steps = (0...300).map { Double($0) }

  /// Without functions of the C library: the same everywhere.
  static func rise(_ t: Double, _ middle: Double, _ width: Double) -> Double {
    let x = (t - middle) / width
    return 0.5 + 0.5 * x / (1 + x * x).squareRoot()
  }

  static let grokking = LineChart(
    title: "a + b mod 113, 30 % of the pairs", x: Axis("step", scale: .logarithmic),
    y: Axis("accuracy", format: .percent),
    series: [
      Series("train", xs: steps, ys: steps.map { rise($0, 45, 4) }),
      Series(
        "test",
        points: steps.map { step in
          let y = rise(step, 130, 6)
          return .init(x: step, y: y, spread: max(0, y - 0.04)...min(1, y + 0.02))
        }),
    ],
    markers: [
      VerticalMarker(x: 107, label: "train 99.9 % at step 107"), VerticalMarker(x: 204, label: "test 99 % at step 204"),
    ])

  static let losses = LineChart(
    title: "Loss of eight seeds", x: Axis("step"), y: Axis("cross-entropy (nats)", scale: .logarithmic),
    series: (0..<8).map { seed in
      let xs = stride(from: 1.0, through: 40000, by: 50).map { $0 }
      return Series("seed \(seed)", xs: xs, ys: xs.map { 5e-6 * Double(1 + seed / 3) + 4.7 / (1 + $0 * $0 / 400) })
    })

  static let fewPoints = LineChart(
    title: "Steps to 99 %", x: Axis("pairs in training", format: .percent), y: Axis("steps"),
    series: [
      Series("AdamW", xs: [0.2, 0.3, 0.4, 0.5], ys: [1400, 860, 300, 120]),
      Series("perpendicular gradient, settings of the fast recipe", xs: [0.2, 0.3, 0.4], ys: [1300, 140, 60]),
      Series("one point", xs: [0.35], ys: [700]),
      Series("gap", xs: [0.2, 0.25, 0.3, 0.45, 0.5], ys: [500, 480, .nan, 200, 190]),
    ])

  static let broken = LineChart(
    title: "<&\"'> \u{0} zero & co.", x: Axis("x < y", scale: .logarithmic),
    y: Axis("y > 0 & finite", scale: .logarithmic),
    series: [
      Series("", points: []), Series("zeros", xs: [0, 1, 10, 100], ys: [1, 0, -3, 7]),
      Series("not finite", xs: [1, .nan, 3, .infinity, 5], ys: [.infinity, 2, -.infinity, 4, 1e301]),
    ])

  static let empty = LineChart(title: "", x: Axis(""), y: Axis(""), series: [])

  static let scatter: ScatterChart = {
    var generator = SeededGenerator(seed: 0, name: "figures/scatter")
    func points(_ count: Int) -> [Series.Point] {
      (0..<count).map { _ in
        .init(x: Double(generator.below(6000)) / 100, y: Double(40 + generator.below(60) * generator.below(60)))
      }
    }
    return ScatterChart(
      title: "Description length and steps", x: Axis("description length (bits)"),
      y: Axis("steps to 99 %", scale: .logarithmic),
      series: [
        Series("commutative", points: points(30)), Series("not commutative", points: points(20)),
        Series("S5", points: points(3)),
      ],
      markers: [VerticalMarker(x: 22, label: "a + b")])
  }()

  static let grouped = BarChart(
    title: "Steps to 99 % at p = 97", categories: ["a+b", "a−b", "a·b", "a/b", "a²+b²"], y: Axis("steps"),
    series: [
      .init("30 % of the pairs", [480, 600, 380, 360, 280]), .init("50 %", [100, 100, 100, 140, 60]),
      .init("70 %", [80, .nan, 60, 90, 50]),
    ])

  static let stacked = BarChart(
    title: "Bits of the labels", categoryLabel: "code",
    categories: ["uniform", "program two-part", "program mixture", "network prequential"],
    y: Axis("bits"),
    series: [
      .init("model", [0, 38, 30, 9000]), .init("exceptions", [26127, 120, 20, 6936]),
      .init("correction", [0, -500, -3000, 0]),
    ],
    arrangement: .stacked)

  static let manyBars = BarChart(
    title: "Accuracy on unseen pairs", categories: (0..<14).map { "operation-\($0)" },
    y: Axis("accuracy", format: .percent),
    series: [.init("accuracy", (0..<14).map { Double($0 * 37 % 101) / 100 })])

  static let heat = HeatMap(
    title: "Table of a·b mod 31", columnLabel: "b", rowLabel: "a", colour: Axis("a·b mod 31"),
    rows: (0..<31).map { a in (0..<31).map { b in Double(a * b % 31) } })

  static let agreement = HeatMap(
    title: "Agreement of program variables with sites", columnLabel: "site", rowLabel: "variable",
    colour: Axis("interchange accuracy", format: .percent, range: 0...1),
    rows: (0..<4).map { variable in (0..<6).map { site in agreement(variable, site) } },
    columnNames: ["embed", "attn.q", "attn.k", "attn.v", "resid_mid", "mlp.post"],
    rowNames: ["a", "b", "a + b", "(a + b) mod p"])

  private static func agreement(_ variable: Int, _ site: Int) -> Double {
    variable == 2 && site == 3 ? .nan : Double((variable * 5 + site * 7) % 11) / 10
  }

  static let all: [(String, any Chart)] = [
    ("grokking", grokking), ("losses", losses), ("few-points", fewPoints), ("broken", broken), ("empty", empty),
    ("scatter", scatter),
    ("grouped-bars", grouped), ("stacked-bars", stacked), ("many-bars", manyBars), ("heat-map", heat),
    ("agreement", agreement),
  ]
}

/// Charts of every kind with every kind of difficulty.
struct RandomCharts {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed, name: "figures/random-charts") }

  private mutating func below(_ bound: Int) -> Int { Int(generator.below(UInt64(bound))) }

  private mutating func unit() -> Double { Double(generator.next() >> 11) / 9_007_199_254_740_992 }

  private mutating func number() -> Double {
    let hard: [Double] = [
      0, -0.0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, 1e300, .leastNonzeroMagnitude,
      .leastNormalMagnitude / 1024, 1e-300, 1e16, 1e16 + 2, 0.1, 1e-9, 99.5, 1000,
    ]
    switch below(5) {
    case 0: return hard[below(hard.count)]
    case 1: return (unit() - 0.5) * [1e-12, 1, 1e5, 1e12][below(4)]
    case 2: return Double(below(7) - 2)
    default: return unit() * 100
    }
  }

  private mutating func name() -> String {
    let words = [
      "train", "test", "a", "x < y & z", "perpendicular", "gradient", "\"q\"", "é", "Ünïcödé", "αβγ", "漢字", "\u{7}",
      "]]>", "seed", "10",
    ]
    return (0..<below(5)).map { _ in words[below(words.count)] }.joined(separator: [" ", "", "-"][below(3)])
  }

  private mutating func axis() -> Axis {
    let ends = [number(), number()].filter { !$0.isNaN }.sorted()
    return Axis(
      name(), scale: below(2) == 0 ? .linear : .logarithmic, format: below(4) == 0 ? .percent : .automatic,
      range: below(4) == 0 && ends.count == 2 ? ends[0]...ends[1] : nil)
  }

  private mutating func series() -> [Series] {
    (0..<[0, 1, 2, 5, 24][below(5)]).map { _ in
      let count = [0, 1, 2, 5, 40, 200][below(6)]
      let isSorted = below(2) == 0
      let points = (0..<count).map { index -> Series.Point in
        let y = number()
        let low = y - 1
        let spread = below(3) == 0 && low.isFinite ? low...(y + unit()) : nil
        return .init(x: isSorted ? Double(index + 1) : number(), y: y, spread: spread)
      }
      return Series(name(), points: points)
    }
  }

  private mutating func markers() -> [VerticalMarker] {
    (0..<below(4)).map { _ in VerticalMarker(x: number(), label: name()) }
  }

  private mutating func size() -> Double { [0, 240, 640, 1200][below(4)] }

  mutating func next() -> any Chart {
    switch below(5) {
    case 0, 1:
      return LineChart(
        title: name(), x: axis(), y: axis(), series: series(), markers: markers(), width: size(), height: size())
    case 2:
      return ScatterChart(
        title: name(), x: axis(), y: axis(), series: series(), markers: markers(), width: size(), height: size())
    case 3:
      let categories = (0..<below(9)).map { _ in name() }
      var axis = axis()
      let isStacked = below(2) == 0
      if isStacked { axis.scale = .linear }
      let series = (0..<below(5)).map { _ in BarChart.Series(name(), categories.map { _ in number() }) }
      return BarChart(
        title: name(), categoryLabel: name(), categories: categories, y: axis, series: series,
        arrangement: isStacked ? .stacked : .grouped, width: size(), height: size())
    default:
      let (rows, columns) = (below(6), below(9))
      return HeatMap(
        title: name(), columnLabel: name(), rowLabel: name(), colour: axis(),
        rows: (0..<rows).map { _ in (0..<columns).map { _ in number() } },
        columnNames: below(2) == 0 && rows > 0 ? (0..<columns).map { _ in name() } : nil,
        rowNames: below(2) == 0 ? (0..<rows).map { _ in name() } : nil, width: size(), height: size())
    }
  }
}
