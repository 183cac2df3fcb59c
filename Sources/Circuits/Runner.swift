internal import CTensorKernels
public import Networks

/// What is written into a site while the network runs.
public struct Patch: Sendable {
  /// How the rows change the activation.
  public enum Action: Sendable {
    /// The rows are added to the activation.
    case add
    /// The rows take its place.
    case replace
  }

  /// Where it is written.
  public let site: Site
  /// Whether the rows are added or take the activation's place.
  public let action: Action
  /// One row for each input that is run.
  public let rows: FloatRows

  /// A patch of rows `[inputs run, width of the site]`.
  public init(_ action: Action, at site: Site, _ rows: FloatRows) {
    (self.site, self.action, self.rows) = (site, action, rows)
  }
}

/// Runs a subject on lists of its inputs, reads activations and writes patches.
///
/// Owns one graph for a fixed number of rows; longer lists go through it in parts. Belongs to one thread at a time.
public final class Runner {
  /// The network with its parameters and inputs.
  public let subject: Subject
  private let graph: Graph<Float>
  private let capacity: Int
  /// Activations that lie position by position, `[position, sequence, …]`.
  private let positionMajor: Set<String>
  /// Sequences in the graph now.
  private var loaded: Int

  /// A runner for a subject.
  ///
  /// - Parameter capacity: inputs that go through the graph at once, at most all; the graph's memory grows with it. nil takes
  ///   1,024, of long inputs fewer.
  public init(_ subject: Subject, capacity: Int? = nil) {
    self.subject = subject
    let positions = subject.inputs.positions
    let inputs = capacity ?? max(64, min(1024, (1 << 14) / positions))
    // More rows than positions, so that the two cannot be mistaken for each other.
    let rows = max(min(inputs, subject.inputs.count), positions + 1)
    let graph = subject.network.graph(for: BatchShape(rows: rows, positions: positions), of: Float.self)
    (self.capacity, loaded, self.graph) = (rows, rows, graph)
    positionMajor = Set(
      graph.activationNames.filter { name in
        graph.activation(name).map { $0.rows > rows && $0.shape[1] == rows } ?? false
      })
  }

  /// Names of the activations in the order in which they are computed.
  public var siteNames: [String] { graph.activationNames }
}

/// What a run gave.
public struct RunResult: Sendable {
  /// `[inputs, outputs]`
  public let logits: FloatRows
  /// Against the targets, where there were some.
  public let loss: BatchLoss
  /// The number of the greatest logit of each input, the first of equal ones.
  public var answers: [Int32] { logits.greatestColumns() }
}

extension Runner {
  /// Runs inputs (by number, any may repeat) with patches; targets are answers, -1 for none.
  ///
  /// - Throws: `CircuitError.notFinite` where a logit is infinite or NaN: such rows have no greatest logit.
  public func run(
    _ numbers: [Int], targets: [Int32]? = nil, patches: [Patch] = []
  ) throws(CircuitError) -> RunResult {
    var logits = FloatRows(rows: numbers.count, columns: subject.network.outputs)
    var loss = BatchLoss()
    try each(numbers, targets, patches) { range, part throws(CircuitError) in
      loss.add(part)
      try copyRows(at: Site("logits"), into: &logits, from: range.lowerBound)
    }
    if let row = logits.firstRowNotFinite {
      let change = patches.isEmpty ? "" : " after a change at \(patches.map { "\($0.site)" }.joined(separator: ", "))"
      throw .notFinite("the logits\(change)", input: subject.inputs.text(numbers[row]))
    }
    return RunResult(logits: logits, loss: loss)
  }

  /// The activations of inputs at a site, `[inputs, width]`.
  public func activations(at site: Site, of numbers: [Int], patches: [Patch] = []) throws(CircuitError) -> FloatRows {
    var rows = FloatRows(rows: numbers.count, columns: try width(of: site))
    try each(numbers, nil, patches) { range, _ throws(CircuitError) in
      try copyRows(at: site, into: &rows, from: range.lowerBound)
    }
    return rows
  }

  /// The same of a site whose numbers are to be summed: scores of attention, say, are infinite where the mask hides a key.
  ///
  /// - Throws: `CircuitError.notFinite`.
  func finiteActivations(at site: Site, of numbers: [Int]) throws(CircuitError) -> FloatRows {
    let rows = try activations(at: site, of: numbers)
    if let row = rows.firstRowNotFinite {
      throw .notFinite("the activations at \(site)", input: subject.inputs.text(numbers[row]))
    }
    return rows
  }

  /// The gradient of the mean loss at a site, one row for each input, after patches.
  public func gradients(
    at site: Site, of numbers: [Int], targets: [Int32], patches: [Patch] = []
  ) throws(CircuitError) -> (loss: BatchLoss, gradients: FloatRows) {
    var rows = FloatRows(rows: numbers.count, columns: try width(of: site))
    var loss = BatchLoss()
    let counted = targets.count { $0 >= 0 }
    try each(numbers, targets, patches) { range, part throws(CircuitError) in
      loss.add(part)
      _ = graph.backward(subject.parameters)
      try copyRows(at: site, into: &rows, from: range.lowerBound, gradient: true)
      guard part.counted != counted else { return }
      // The graph's gradient is that of the part's own mean.
      let share = Float(part.counted) / Float(counted)
      for place in range.lowerBound * rows.columns..<range.upperBound * rows.columns { rows.elements[place] *= share }
    }
    return (loss, rows)
  }

  /// For each input the gradient at sites of one weighted sum of its logits; `weights` is `[inputs, outputs]`.
  public func logitGradients(
    at sites: [Site], of numbers: [Int], weights: FloatRows
  ) throws(CircuitError) -> [FloatRows] {
    precondition(weights.rows == numbers.count && weights.columns == subject.network.outputs, "weights of the logits")
    var found = try sites.map { site throws(CircuitError) in
      FloatRows(rows: numbers.count, columns: try width(of: site))
    }
    try each(numbers, nil, []) { range, _ throws(CircuitError) in
      _ = graph.backward(
        subject.parameters,
        logitGradient: Array(weights.elements[range.lowerBound * weights.columns..<range.upperBound * weights.columns]))
      for index in sites.indices {
        try copyRows(at: sites[index], into: &found[index], from: range.lowerBound, gradient: true)
      }
    }
    return found
  }

  /// Elements of a site's row.
  public func width(of site: Site) throws(CircuitError) -> Int { try place(of: site).width }

  /// The sites of an activation: one for each position, or the one without a position where it has a single row.
  public func sites(named name: String) throws(CircuitError) -> [Site] {
    let positions = try view(of: name).rows / loaded
    return positions == 1 ? [Site(name)] : (0..<positions).map { Site(name, position: $0) }
  }

  /// Sites without those that are another name of an earlier one's activation, such as the end of one layer and the beginning
  /// of the next, or a site given twice.
  public func distinct(_ sites: [Site]) throws(CircuitError) -> [Site] {
    var (seen, kept) = (Set<Place.Memory>(), [Site]())
    for site in sites {
      let memory = try place(of: site).memory
      if seen.insert(memory).inserted { kept.append(site) }
    }
    return kept
  }
}

extension Runner {
  /// How a site's rows lie in its activation.
  private struct Place {
    /// Where the rows begin in memory, and the distance from one to the next, in rows: equal for two names of one activation.
    struct Memory: Hashable {
      let address: UInt
      let stride: Int
    }

    /// The activation that is read and written.
    let name: String
    let width: Int
    /// The row of the first sequence, and from one sequence to the next.
    let first: Int
    let stride: Int
    let memory: Memory
  }

  private func view(of name: String) throws(CircuitError) -> ActivationView<Float> {
    guard let view = graph.activation(name), view.rows % loaded == 0, view.rows >= loaded else {
      throw .noSite(name, known: siteNames)
    }
    return view
  }

  private func place(of site: Site) throws(CircuitError) -> Place {
    let view = try view(of: site.name)
    let positions = view.rows / loaded
    let position = site.position ?? positions - 1
    guard (0..<positions).contains(position) else {
      throw .noPosition(site.name, position: position, positions: positions)
    }
    // A state is computed step by step: what is written into all of its rows, at the end, reaches no later step.
    let step = "\(site.name).\(position)"
    if graph.activation(step)?.rows == loaded { return try place(of: Site(step)) }
    let (first, stride) = positionMajor.contains(site.name) ? (position * loaded, 1) : (position, positions)
    let address = UInt(bitPattern: view.values.baseAddress) + UInt(first * view.width * MemoryLayout<Float>.stride)
    return Place(
      name: site.name, width: view.width, first: first, stride: stride,
      memory: Place.Memory(address: address, stride: stride))
  }

  /// Runs all inputs part by part; `body` sees the graph after each part.
  private func each(
    _ numbers: [Int], _ targets: [Int32]?, _ patches: [Patch],
    _ body: (Range<Int>, BatchLoss) throws(CircuitError) -> Void
  ) throws(CircuitError) {
    precondition(targets.map { $0.count == numbers.count } ?? true, "a target for each of \(numbers.count) inputs")
    for patch in patches {
      precondition(patch.rows.rows == numbers.count, "\(patch.rows.rows) rows of a patch for \(numbers.count) inputs")
      let width = try width(of: patch.site)
      precondition(patch.rows.columns == width, "rows of \(patch.rows.columns) at \(patch.site), which has \(width)")
    }
    for start in stride(from: 0, to: numbers.count, by: capacity) {
      let range = start..<min(start + capacity, numbers.count)
      load(numbers[range], targets.map { $0[range] })
      try apply(patches, range)
      let loss = graph.forward(subject.parameters)
      graph.removeInterventions()
      try body(range, loss)
    }
  }

  private func load(_ numbers: ArraySlice<Int>, _ targets: ArraySlice<Int32>?) {
    let positions = subject.inputs.positions
    let tokens = numbers.flatMap { subject.inputs.tokens[$0 * positions..<($0 + 1) * positions] }
    loaded = numbers.count
    graph.load(
      Batch(
        shape: BatchShape(rows: numbers.count, positions: positions), tokens: tokens,
        targets: targets.map(Array.init) ?? [Int32](repeating: Batch.ignored, count: numbers.count)))
  }

  /// Sets the interventions of one part; patches of one site are applied in their order.
  private func apply(_ patches: [Patch], _ range: Range<Int>) throws(CircuitError) {
    var bySite: [(name: String, patches: [(Patch, Place)])] = []
    for patch in patches {
      let entry = (patch, try place(of: patch.site))
      if let index = bySite.firstIndex(where: { $0.name == entry.1.name }) {
        bySite[index].patches.append(entry)
      } else {
        bySite.append((entry.1.name, [entry]))
      }
    }
    for (name, patches) in bySite {
      graph.intervene(at: name) { view in
        for (patch, place) in patches { Self.write(patch, place, range, into: view) }
      }
    }
  }

  private static func write(_ patch: Patch, _ place: Place, _ range: Range<Int>, into view: ActivationView<Float>) {
    let width = place.width
    patch.rows.elements.withUnsafeBufferPointer { rows in
      Float.kernels.copy(
        range.count, width, rows.baseAddress! + range.lowerBound * width, width,
        view.values.baseAddress! + place.first * width, place.stride * width, patch.action == .add ? 1 : 0)
    }
  }

  /// Copies a site's rows, or their gradients, behind each other.
  private func copyRows(
    at site: Site, into rows: inout FloatRows, from first: Int, gradient: Bool = false
  ) throws(CircuitError) {
    let place = try place(of: site)
    guard let view = gradient ? graph.gradient(of: place.name) : graph.activation(place.name) else {
      throw .noSite(site.name, known: siteNames)
    }
    let count = loaded
    rows.elements.withUnsafeMutableBufferPointer { to in
      Float.kernels.copy(
        count, place.width, view.values.baseAddress! + place.first * place.width, place.stride * place.width,
        to.baseAddress! + first * place.width, place.width, 0)
    }
  }
}
