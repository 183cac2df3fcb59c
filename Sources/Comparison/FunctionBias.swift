public import ExactArithmetic
import Randomness

/// How far the functions that networks compute are those that short programs compute.
///
/// Functions give one of `labels` labels on each of finitely many inputs. The prior of programs says how probable each is;
/// beside it stand two that know no program. *Balance* takes from the programs how probable it is that so many inputs have
/// each label, and holds all functions with these numbers for equally probable. *Uniform* holds all for equally probable.
/// Given labels on some inputs, each is conditioned on them.
///
/// Probabilities are exact rationals: of programs the least that the bounds allow.
public struct FunctionBias: Sendable {
  /// A function by its labels, one for each input.
  public typealias Labels = [Int]

  /// Which prior.
  public enum Prior: Hashable, Sendable, CaseIterable {
    /// The total prior of all programs that compute the function.
    case programs
    /// The prior that programs give to its numbers of labels, shared evenly.
    case balance
    /// All functions alike.
    case uniform
  }

  /// How many labels there are.
  public let labels: Int
  /// Inputs of a function.
  public let inputs: Int
  /// The prior of each function from below.
  private let masses: [Labels: Rational]
  /// What the masses leave out, all functions together.
  private let open: Rational
  /// The prior of each number of labels, shared among the functions that have it.
  private let shares: [[Int]: Rational]

  /// Functions with the prior of their programs, from below, and what is left open over all.
  ///
  /// - Precondition: at least one function with a positive mass; all have the same number of labels, below `labels`.
  public init(_ masses: [Labels: Rational], open: Rational, labels: Int) {
    precondition(masses.values.contains { $0 > 0 }, "no function has a prior")
    (self.masses, self.open, self.labels) = (masses, open, labels)
    inputs = masses.first!.key.count
    var shares: [[Int]: Rational] = [:]
    for (function, mass) in masses { shares[Self.numbers(function, labels), default: 0] += mass }
    self.shares = shares.reduce(into: [:]) { $0[$1.key] = $1.value / Rational(Self.arrangements($1.key)) }
  }

  /// The priors, given the labels of some inputs.
  ///
  /// - Complexity: one pass over the functions.
  public func given(_ known: [Int: Int] = [:]) -> Posterior { Posterior(self, known) }

  /// Priors conditioned on the labels of some inputs.
  public struct Posterior: Sendable {
    private let bias: FunctionBias
    /// The labels.
    public let known: [Int: Int]
    /// The prior of the functions that agree with them, from below, and what may be missing.
    private let programs: Rational
    /// The same by balance.
    private let balance: Rational
    /// The functions among these of which none is known to have a greater prior than another: usually one, more where
    /// programs do not tell them apart. In the order of labels; none where no program agrees.
    public let likeliest: [Labels]

    fileprivate init(_ bias: FunctionBias, _ known: [Int: Int]) {
      (self.bias, self.known) = (bias, known)
      let agreeing = bias.masses.filter { entry in known.allSatisfy { entry.key[$0.key] == $0.value } }
      let sum = agreeing.values.reduce(0, +)
      let least = (agreeing.values.max() ?? 0) - bias.open
      likeliest = agreeing.filter { $0.value >= least }.keys.sorted { $0.lexicographicallyPrecedes($1) }
      programs = sum + bias.open
      let fixed = FunctionBias.numbers(Array(known.values), bias.labels)
      balance = bias.shares.reduce(Rational(0)) { sum, entry in
        let left = zip(entry.key, fixed).map { $0 - $1 }
        return left.contains { $0 < 0 } ? sum : sum + entry.value * Rational(FunctionBias.arrangements(left))
      }
    }

    /// The probability of a function that agrees with the labels.
    public func probability(_ function: Labels, by prior: Prior) -> Rational {
      precondition(known.allSatisfy { function[$0.key] == $0.value }, "the function is none of those that are left")
      switch prior {
      case .programs: return (bias.masses[function] ?? 0) / programs
      case .balance: return (bias.shares[FunctionBias.numbers(function, bias.labels)] ?? 0) / balance
      case .uniform: return Rational(1, BigInteger(bias.labels).power(bias.inputs - known.count))
      }
    }
  }

  /// How many inputs have each label.
  static func numbers(_ function: Labels, _ labels: Int) -> [Int] {
    var numbers = Array(repeating: 0, count: labels)
    for label in function { numbers[label] += 1 }
    return numbers
  }

  /// Functions with these numbers of labels.
  static func arrangements(_ numbers: [Int]) -> BigInteger {
    var (count, placed) = (BigInteger(1), 0)
    for number in numbers {
      placed += number
      count *= BigInteger.binomial(placed, number)
    }
    return count
  }
}

// MARK: - Functions of random networks

extension FunctionBias {
  /// What the functions of many networks have to do with the prior of programs.
  public struct Survey: Hashable, Sendable {
    /// Networks.
    public var networks = 0
    /// Different functions among them.
    public var functions = 0
    /// Those of the networks whose function no program of the language computes.
    public var unsaid = 0
    /// Bits of a network's function on average, by the distribution of the networks themselves: the plug-in entropy.
    public var entropy = 0.0
    /// Bits by each prior on average, over the networks whose function is said.
    public var bits: [Prior: Double] = [:]
    /// Spearman's rank correlation between the networks with a function and its prior, over all functions.
    public var correlation = 0.0
    /// The greatest of `exchanges` correlations where the priors of functions with the same numbers of labels are exchanged
    /// among these at random.
    public var exchanged = 0.0
  }

  /// Exchanges of a survey.
  public static let exchanges = 199

  /// The survey of networks counted by their functions; `seed` is that of the exchanges.
  public func survey(_ counts: [Labels: Int], seed: UInt64) -> Survey {
    var survey = Survey()
    survey.networks = counts.values.reduce(0, +)
    survey.functions = counts.count
    guard survey.networks > 0 else { return survey }
    var sums: [Prior: Double] = [:]
    var said = 0
    let all = given()
    for (function, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let share = Rational(BigInteger(count), BigInteger(survey.networks))
      survey.entropy += share.nearestDouble * (0 - share.log2)
      guard let mass = masses[function], mass > 0 else {
        survey.unsaid += count
        continue
      }
      said += count
      for prior in Prior.allCases {
        sums[prior, default: 0] -= Double(count) * all.probability(function, by: prior).log2
      }
    }
    survey.bits = sums.mapValues { $0 / Double(max(said, 1)) }
    let functions = masses.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let frequency = RankCorrelation.ranks(functions.map { Rational(counts[$0] ?? 0) })
    let prior = RankCorrelation.ranks(functions.map { masses[$0]! }, within: open)
    survey.correlation = RankCorrelation.pearson(frequency, prior)
    var groups: [[Int]: [Int]] = [:]
    for (place, function) in functions.enumerated() {
      groups[Self.numbers(function, labels), default: []].append(place)
    }
    let places = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    var generator = SeededGenerator(seed: seed, name: "bias/exchange")
    survey.exchanged = -1
    for _ in 0..<Self.exchanges {
      var exchanged = prior
      for group in places {
        var order = group
        generator.shuffle(&order)
        for (place, other) in zip(group, order) { exchanged[place] = prior[other] }
      }
      survey.exchanged = max(survey.exchanged, RankCorrelation.pearson(frequency, exchanged))
    }
    return survey
  }
}

// MARK: - Functions of trained networks

extension FunctionBias {
  /// Networks that were trained on some inputs of a function until they fitted these.
  public struct Trial: Sendable {
    /// The priors given the labels learned from.
    public let posterior: Posterior
    /// The function that they are of.
    public let target: Labels
    /// What each network computes; all agree with the labels learned from.
    public let networks: [Labels]

    /// A trial from its parts.
    public init(posterior: Posterior, target: Labels, networks: [Labels]) {
      (self.posterior, self.target, self.networks) = (posterior, target, networks)
    }
  }

  /// What trained networks have to do with the posterior of programs.
  public struct Summary: Hashable, Sendable {
    /// Trained networks of all trials.
    public var networks = 0
    /// Those whose function no program of the language computes.
    public var unsaid = 0
    /// Bits of a network's function given the labels learned from: means over trials of means over networks that are said.
    public var bits: [Prior: Double] = [:]
    /// The standard errors of these means over trials; none of one trial.
    public var errors: [Prior: Double] = [:]
    /// Networks whose function is a likeliest one by programs (`Posterior.likeliest`).
    public var likeliest = 0
    /// Unlearned inputs, over all networks, and those of them with the target's label.
    public var unseen = 0
    /// The same of the networks.
    public var networkRight = 0
    /// The same of the likeliest function by programs in the networks' place, on average where there are several.
    public var programRight = Rational(0)
    /// Networks that are the target on all inputs.
    public var networkWhole = 0
    /// Networks in whose trial the likeliest function by programs is; where there are several, their share.
    public var programWhole = Rational(0)
  }

  /// The summary of trials.
  public func summary(_ trials: [Trial]) -> Summary {
    var summary = Summary()
    var means: [Prior: [Double]] = [:]
    for trial in trials {
      var sums: [Prior: Double] = [:]
      var said = 0
      let posterior = trial.posterior
      let likeliest = posterior.likeliest
      let unseen = (0..<inputs).filter { posterior.known[$0] == nil }
      func right(_ function: Labels) -> Int { unseen.count { function[$0] == trial.target[$0] } }
      let count = Rational(max(likeliest.count, 1))
      let programRight = Rational(likeliest.reduce(0) { $0 + right($1) }) / count
      let programWhole = Rational(likeliest.contains(trial.target) ? 1 : 0) / count
      var known: [Labels: [Prior: Double]] = [:]
      for function in trial.networks {
        summary.networks += 1
        summary.unseen += unseen.count
        summary.networkRight += right(function)
        summary.programRight += programRight
        if function == trial.target { summary.networkWhole += 1 }
        summary.programWhole += programWhole
        if likeliest.contains(function) { summary.likeliest += 1 }
        guard let mass = masses[function], mass > 0 else {
          summary.unsaid += 1
          continue
        }
        said += 1
        if known[function] == nil {
          known[function] = Prior.allCases.reduce(into: [:]) {
            $0[$1] = 0 - posterior.probability(function, by: $1).log2
          }
        }
        for (prior, bits) in known[function]! { sums[prior, default: 0] += bits }
      }
      for (prior, sum) in sums { means[prior, default: []].append(sum / Double(said)) }
    }
    for (prior, means) in means {
      let mean = means.reduce(0, +) / Double(means.count)
      summary.bits[prior] = mean
      guard means.count > 1 else { continue }
      let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(means.count - 1)
      summary.errors[prior] = (variance / Double(means.count)).squareRoot()
    }
    return summary
  }
}

/// Spearman's rank correlation.
enum RankCorrelation {
  /// The rank of each number, from 1; neighbours that are no more than `gap` apart share the mean of theirs. Compared exactly.
  static func ranks(_ numbers: [Rational], within gap: Rational = 0) -> [Double] {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    var ranks = Array(repeating: 0.0, count: numbers.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, numbers[order[end]] - numbers[order[end - 1]] <= gap { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  /// Pearson's correlation; 0 where one of the two does not vary.
  static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let count = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xy += (a - meanX) * (b - meanY)
      xx += (a - meanX) * (a - meanX)
      yy += (b - meanY) * (b - meanY)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }
}
