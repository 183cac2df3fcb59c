public import ExactArithmetic

/// Why the programs of one size cannot be counted.
public enum ProgramCountError: Error, Hashable, Sendable {
  /// Unit productions lead from these nonterminals (by name, ascending by index) back to themselves, so a program of
  /// some size has infinitely many derivations.
  case unitCycle([String])
}

extension ProgramCountError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unitCycle(let names):
      let list = names.map { "'\($0)'" }.joined(separator: ", ")
      return "unit productions lead from \(list) back to the same nonterminal: infinitely many programs of one size"
    }
  }
}

/// Exact numbers of programs by size, for every nonterminal, grown as far as they are asked for.
///
///     // S -> a | (+ S S)
///     var counts = try SizeCounts(grammar)
///     counts.count(ofSize: 7)      // 5, a Catalan number
///
/// Size is `Grammar.size(of:)`: symbols written, unit productions not counted. Programs are derivations, so a text with
/// two derivations counts twice.
///
/// - Complexity: to size s, O(s²) multiplications of big integers per argument of a production; O(s) numbers each.
public struct SizeCounts: Sendable {
  /// The grammar whose derivations are counted.
  public let grammar: Grammar
  /// Nonterminals so that the target of a unit production comes before its source.
  private let order: [Int]
  /// Programs by nonterminal and size.
  private var counts: [[BigInteger]]
  /// By production and number of leading arguments minus 1: tuples of programs for these arguments by total size.
  private var tuples: [[[BigInteger]]]

  /// Counts for a grammar, none computed yet.
  ///
  /// - Throws: `ProgramCountError.unitCycle` when some size has infinitely many programs.
  public init(_ grammar: Grammar) throws(ProgramCountError) {
    self.grammar = grammar
    let targets = grammar.unitGraph
    let components = stronglyConnectedComponents(targets)
    for component in components where component.count > 1 || targets[component[0]].contains(component[0]) {
      throw .unitCycle(component.map { grammar.nonterminals[$0].name })
    }
    order = components.flatMap { $0 }
    counts = Array(repeating: [0], count: grammar.nonterminals.count)
    tuples = grammar.productions.map { Array(repeating: [0], count: $0.arguments.count) }
  }

  /// The number of programs of a nonterminal (the start when none is given) with exactly `size` symbols.
  public mutating func count(ofSize size: Int, nonterminal: Int = 0) -> BigInteger {
    precondition(size >= 0, "no program has size \(size)")
    grow(to: size)
    return counts[nonterminal][size]
  }

  /// The number of programs of a nonterminal with at most `size` symbols.
  public mutating func count(upToSize size: Int, nonterminal: Int = 0) -> BigInteger {
    precondition(size >= 0, "no program has size \(size)")
    grow(to: size)
    return counts[nonterminal][0...size].reduce(0, +)
  }

  /// The program number `index` among those of a nonterminal with `size` symbols.
  ///
  /// They are numbered by production ascending, then by the size of the last argument ascending, then with the last
  /// argument fastest; the earlier arguments in the same way.
  ///
  /// - Precondition: `0 ≤ index < count(ofSize: size)`.
  /// - Complexity: O(size) comparisons of big integers per argument written.
  public mutating func program(ofSize size: Int, index: BigInteger, nonterminal: Int = 0) -> Program {
    let total = count(ofSize: size, nonterminal: nonterminal)
    precondition(index >= 0 && index < total, "\(index) is not below \(total), the number of programs of size \(size)")
    var written: [Int32] = []
    var waiting = [Share(nonterminal: nonterminal, size: size, index: index)]
    while let share = waiting.popLast() {
      let (production, rest) = choose(share)
      written.append(Int32(production))
      waiting += split(production, share.size - symbols(production), rest)
    }
    return Program(productions: written)
  }

  /// A program to be written: which one of a nonterminal and a size.
  private struct Share {
    let nonterminal: Int
    let size: Int
    let index: BigInteger
  }

  /// The production of a program and its number among those of that production.
  private func choose(_ share: Share) -> (production: Int, rest: BigInteger) {
    var rest = share.index
    for production in grammar.nonterminals[share.nonterminal].productions {
      let here = count(production, share.size)
      if rest < here { return (production, rest) }
      rest -= here
    }
    preconditionFailure("counts of productions do not add up")
  }

  /// The arguments of a tuple by its number, last argument first.
  private func split(_ production: Int, _ size: Int, _ index: BigInteger) -> [Share] {
    var (size, rest) = (size, index)
    var shares: [Share] = []
    let arguments = grammar.productions[production].arguments
    for place in arguments.indices.reversed() {
      let own = counts[arguments[place]]
      if place == 0 {
        shares.append(Share(nonterminal: arguments[0], size: size, index: rest))
        break
      }
      let leading = tuples[production][place - 1]
      for last in 0...size {
        let here = leading[size - last] * own[last]
        guard rest >= here else {
          let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: own[last])
          shares.append(Share(nonterminal: arguments[place], size: last, index: remainder))
          (size, rest) = (size - last, quotient)
          break
        }
        rest -= here
      }
    }
    return shares
  }

  private func symbols(_ production: Int) -> Int { grammar.productions[production].symbol == .unit ? 0 : 1 }

  /// Programs with a given first production and size.
  private func count(_ production: Int, _ size: Int) -> BigInteger {
    let rest = size - symbols(production)
    guard rest >= 0 else { return 0 }
    guard let last = tuples[production].last else { return rest == 0 ? 1 : 0 }
    return last[rest]
  }

  private mutating func grow(to size: Int) {
    while counts[0].count <= size {
      let next = counts[0].count
      for nonterminal in order {
        let productions = grammar.nonterminals[nonterminal].productions
        for production in productions where grammar.productions[production].symbol == .unit {
          tuples[production][0].append(counts[grammar.productions[production].arguments[0]][next])
        }
        counts[nonterminal].append(productions.reduce(0) { $0 + count($1, next) })
      }
      for production in grammar.productions.indices where grammar.productions[production].symbol != .unit {
        extendTuples(production, next)
      }
    }
  }

  /// Counts the tuples of leading arguments with total size `size`, all counts up to that size being known.
  private mutating func extendTuples(_ production: Int, _ size: Int) {
    for (place, argument) in grammar.productions[production].arguments.enumerated() {
      if place == 0 {
        tuples[production][0].append(counts[argument][size])
        continue
      }
      var sum = BigInteger(0)
      for last in 1..<max(1, size) {
        sum.addProduct(tuples[production][place - 1][size - last], counts[argument][last])
      }
      tuples[production][place].append(sum)
    }
  }
}

extension Grammar {
  /// For each nonterminal the nonterminals of its productions' arguments, ascending.
  package var argumentGraph: [[Int]] {
    nonterminals.map { Array(Set($0.productions.flatMap { productions[$0].arguments })).sorted() }
  }

  /// For each nonterminal those that its unit productions lead to, in their order.
  var unitGraph: [[Int]] {
    nonterminals.map { nonterminal in
      nonterminal.productions.filter { productions[$0].symbol == .unit }.map { productions[$0].arguments[0] }
    }
  }

  /// The number of programs of a nonterminal (the start when none is given); nil when there are infinitely many.
  ///
  /// - Complexity: linear in the grammar, in operations on big integers.
  public func programCount(nonterminal: Int = 0) -> BigInteger? {
    let graph = argumentGraph
    var counts: [BigInteger?] = Array(repeating: nil, count: nonterminals.count)
    for component in stronglyConnectedComponents(graph) {
      let member = component[0]
      guard component.count == 1, !graph[member].contains(member), graph[member].allSatisfy({ counts[$0] != nil })
      else { continue }
      counts[member] = nonterminals[member].productions.reduce(BigInteger(0)) { sum, production in
        sum + productions[production].arguments.reduce(BigInteger(1)) { $0 * counts[$1]! }
      }
    }
    return counts[nonterminal]
  }
}
