internal import Grammars
internal import Networks

/// A network over pairs of residues, read through the Fourier transform over Z/p.
///
/// What is said of a + b is of numbers that the right answer is the sum of: of a and −b where the network should compute
/// a − b.
public struct FourierReading: Sendable {
  /// An embedding table.
  public struct Embedding: Hashable, Sendable {
    /// The parameter's name.
    public let name: String
    /// How the table's variation over the residues is shared among frequencies.
    public let spectrum: Spectrum
    /// `[p, width]`
    public let table: Matrix
  }

  /// p: the inputs are all pairs of residues modulo p.
  public let modulus: Int
  /// What the network should compute: a sum or a difference.
  public let operation: CyclicNumbering.Operation
  /// The tables of `embed.…` parameters: one for all positions, or one for each.
  public let embeddings: [Embedding]
  /// The site of the hidden units.
  public let hiddenSite: Site
  /// The hidden units, by number.
  public let neurons: [NeuronReading]
  /// The logits of the p residues.
  public let logits: LogitReading
  /// The fewest frequencies that hold `share` of what cos(2πk(a + b − c)/p) hold of the logits, the strongest first.
  public let keyFrequencies: [Int]
  /// The share that key frequencies were asked to hold, 0 to 1.
  public let share: Double
  /// The pairs that are answered with the operation modulo p.
  public let right: Proportion
  /// Their share of all pairs.
  public var accuracy: Double { right.share }

  /// - Parameters:
  ///   - subject: a network whose inputs are `Inputs.pairs`.
  ///   - operation: a sum or a difference.
  ///   - hidden: the site of the hidden units; nil is the last `mlp.hook_post`, at the last position.
  ///   - share: what key frequencies hold.
  /// - Throws: `CircuitError.notDefined` for other inputs and operations.
  public init(
    _ subject: Subject, _ operation: CyclicNumbering.Operation = .sum, hidden: Site? = nil, share: Double = 0.95
  ) throws(CircuitError) {
    let p = try subject.pairModulus
    // Inputs by pair of numbers: (a, −b) for a difference.
    guard let numbering = CyclicNumbering.all(modulo: p).first(where: { $0.operation == operation }),
      numbering.modulus == p, let pairs = numbering.places(in: subject.inputs)
    else {
      throw .notDefined("frequencies of Z/p are read of a sum or a difference modulo \(p), not of a \(operation)")
    }
    let runner = Runner(subject)
    let basis = FourierBasis(modulus: p)
    let site = if let hidden { hidden } else { try runner.hiddenSite }
    let targets = pairs.indices.map { Int32(($0 / p + $0 % p) % p) }
    let result = try runner.run(pairs, targets: targets)
    let answers = result.logits.matrix.firstColumns(p)
    let logits = LogitReading(answers, basis)
    modulus = p
    self.operation = operation
    embeddings = subject.embeddingTables(p).map {
      Embedding(name: $0, spectrum: Spectrum($1, basis), table: $1)
    }
    hiddenSite = site
    let activations = try runner.finiteActivations(at: site, of: pairs)
    let readout = try? ReadDirections(subject, runner, at: site).weights
    neurons = NeuronReading.all(activations.matrix, basis, readout: readout?.firstColumns(p))
    self.logits = logits
    keyFrequencies = logits.direct.keyFrequencies(holding: share)
    self.share = share
    right = Proportion(result.loss.correct, of: result.loss.counted)
  }

  /// Units whose best frequency explains at least this share of their variance, by frequency; units that never vary are
  /// nobody's.
  public func clusters(explaining share: Double = 0.85) -> [(frequency: Int, units: [Int])] {
    var found: [Int: [Int]] = [:]
    for neuron in neurons where neuron.frequency > 0 && neuron.share >= share {
      found[neuron.frequency, default: []].append(neuron.unit)
    }
    return found.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { ($0.key, $0.value) }
  }
}

extension Runner {
  /// Where hidden units are looked for unless told otherwise: the last `mlp.hook_post`, at the last position.
  ///
  /// - Throws: `CircuitError.notDefined` where the network has none.
  public var hiddenSite: Site {
    get throws(CircuitError) {
      guard let name = siteNames.last(where: { $0.hasSuffix("mlp.hook_post") }) else {
        throw .notDefined("the network has no site 'mlp.hook_post'; name the site of its hidden units")
      }
      return Site(name)
    }
  }
}

extension Matrix {
  /// The first columns.
  public func firstColumns(_ count: Int) -> Matrix {
    if count == columns { return self }
    return Matrix(rows: rows, columns: count, elements: (0..<rows).flatMap { row($0).prefix(count) })
  }
}

extension Subject {
  /// p, when the inputs are all pairs of residues modulo p in order.
  public var pairModulus: Int {
    get throws(CircuitError) {
      let p = Int(Double(inputs.count).squareRoot().rounded())
      guard inputs.arity == 2, p >= 2, p * p == inputs.count,
        inputs.values.enumerated().allSatisfy({ place, pair in
          pair[0].sort == .int && pair[1].sort == .int && pair[0].word == Int64(place / p)
            && pair[1].word == Int64(place % p)
        })
      else { throw .notDefined("a Fourier transform over Z/p needs all pairs of residues modulo p as inputs") }
      return p
    }
  }

  /// Tables of the first p tokens: `embed.W_E`, or one for each position.
  func embeddingTables(_ p: Int) -> [(name: String, table: Matrix)] {
    network.layout.entries.filter { $0.name.hasPrefix("embed.") && $0.shape.count == 2 && $0.shape[0] >= p }.map {
      let width = $0.shape[1]
      return (
        $0.name,
        Matrix(rows: p, columns: width, elements: parameters[$0.offset..<$0.offset + p * width].map { Double($0) })
      )
    }
  }
}
