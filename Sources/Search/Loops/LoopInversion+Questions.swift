import Evaluation
import Grammars

/// The kinds of loops that are asked for.
extension LoopInversion {
  /// A goal with the counts at which a loop must reach it.
  struct Place {
    let goal: Goal
    let count: KnownTerm
    let trace: Trace
    var bits: Double { goal.bits + count.bits }

    /// For `compr`: the numbers up to the last value, at most `most`, and whether each passes; nil when the values are not the
    /// first that pass, in rising order.
    func numbers(_ most: Int64) -> (numbers: [Int64], passes: [Bool])? {
      let counts = trace.counts
      guard counts[0] == 0, trace.windows(1).count == counts.count - 1 else { return nil }
      let values = counts.map { trace.value[$0]! }
      guard values[0] >= 0, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
      let passing = Set(values)
      let numbers = Array(0...min(values[values.count - 1], most))
      return (numbers, numbers.map { passing.contains($0) })
    }
  }

  func places(_ shape: LoopShape) -> [Place] {
    let counts = counts(shape.count)
    let found = goals.flatMap { goal in
      counts.compactMap { count in
        Trace(counts: count.row, values: goal.row).flatMap { trace in
          trace.windows(1).count < Trace.leastTransitions ? nil : Place(goal: goal, count: count, trace: trace)
        }
      }
    }
    return found.ordered(most: 1_000) { $0.bits }
  }

  /// Stored terms that may count: enough of their values follow on each other.
  func counts(_ nonterminal: Int) -> [KnownTerm] {
    known(nonterminal).filter { Self.counts($0.row) }
  }

  /// Whether enough of these values follow on each other.
  static func counts(_ row: [Int64]) -> Bool {
    let values = Set(row)
    return values.count { values.contains($0 &+ 1) } >= Trace.leastTransitions
  }

  /// Programs for the start that a trace asks for at count 0; where it does not tell, the shortest constants.
  func starts(_ wanted: Int64?, _ nonterminal: Int) -> [Program] {
    if let wanted { return attempt.constant(wanted, nonterminal).map { [$0] } ?? [] }
    return known(nonterminal).filter { $0.constant != nil }.prefix(12).map(\.program)
  }

  func all(_ kinds: [[Candidate]]) -> [Candidate] {
    kinds.flatMap { $0 }.ordered(most: 4_000) { $0.bits }
  }

  func shapes(_ head: Operator) -> [LoopShape] { shapes.filter { $0.head == head } }

  /// x ↦ B(x, i): the body leads from the value before to the value at i.
  func iterates() -> [Candidate] {
    all(
      shapes(.loop).map { shape in
        places(shape).map { place in
          let value = place.trace.value
          return Candidate(bits: place.bits) { [self] in
            let windows = place.trace.windows(1)
            return BodyQuestion(
              shape.bodies[0], windows.map { attempt.words(shape.variables, [value[$0]!, $0 + 1]) },
              windows.map { value[$0 + 1]! })
          } programs: { [self] body in
            starts(value[0], shape.starts[0]).map {
              place.goal.around(shape.program([body], count: place.count.program, starts: [$0]))
            }
          }
        }
      })
  }

  /// Sums of sums: x ↦ (loop … y x) around x ↦ x + T(y), where T is a difference of the values, of second order or more.
  func nested() -> [Candidate] {
    all(
      shapes(.loop).flatMap { shape -> [[Candidate]] in
        let body = shape.bodies[0]
        guard let sum = sum(shape), let x = attempt.leaf(body, shape.variables[0]),
          let y = attempt.leaf(body, shape.variables[1]),
          let inner = shape.inner(attempt.grammar)
        else { return [] }
        return (2...4).map { order in
          places(shape).prefix(100).map { place in
            let value = place.trace.value
            return Candidate(bits: place.bits + Double(order) * 10) { [self] in
              let windows = place.trace.windows(Int64(order))
              return BodyQuestion(
                body, windows.map { attempt.words(shape.variables, [Value.noValueWord, $0 + Int64(order)]) },
                windows.map { first in Self.difference((0...Int64(order)).map { value[first + $0]! }) })
            } programs: { [self] term in
              let whole = (1..<order).reduce(sum(term)) { body, _ in inner.program([body], count: y, starts: [x]) }
              return starts(value[0], shape.starts[0]).map {
                place.goal.around(shape.program([whole], count: place.count.program, starts: [$0]))
              }
            }
          }
        }
      })
  }

  /// The difference of highest order.
  static func difference(_ values: [Int64]) -> Int64 {
    var values = values
    while values.count > 1 { values = zip(values.dropFirst(), values).map { $0 &- $1 } }
    return values[0]
  }

  /// (x, y) ↦ (y, B(x, y)): each value from the two before.
  func recurrences() -> [Candidate] {
    all(
      shapes(.loop2).map { shape in
        guard let second = attempt.leaf(shape.bodies[0], shape.variables[1]) else { return [] }
        return places(shape).map { place in
          let value = place.trace.value
          return Candidate(bits: place.bits) { [self] in
            let windows = place.trace.windows(2)
            return BodyQuestion(
              shape.bodies[1], windows.map { attempt.words(shape.variables, [value[$0]!, value[$0 + 1]!]) },
              windows.map { value[$0 + 2]! })
          } programs: { [self] body in
            starts(value[0], shape.starts[0]).flatMap { first in
              starts(value[1], shape.starts[1]).map { start in
                place.goal.around(
                  shape.program([second, body], count: place.count.program, starts: [first, start]))
              }
            }
          }
        }
      })
  }

  /// (x, y) ↦ (B(x, y), G(y)): the second state goes its own way.
  func driven() -> [Candidate] {
    all(
      shapes(.loop2).map { shape in
        let drivers = drivers(shape, from: known(shape.starts[1]).filter { $0.constant != nil }.prefix(4), most: 40)
        return places(shape).prefix(200).flatMap { place in
          let value = place.trace.value
          return drivers.map { driver in
            Candidate(bits: place.bits + driver.bits) { [self] in
              let states = driver.states[0]
              let windows = place.trace.windows(1).filter { states.indices.contains(Int(clamping: $0)) }
              return BodyQuestion(
                shape.bodies[0], windows.map { attempt.words(shape.variables, [value[$0]!, states[Int($0)]]) },
                windows.map { value[$0 + 1]! })
            } programs: { [self] body in
              starts(value[0], shape.starts[0]).map { start in
                place.goal.around(
                  shape.program(
                    [body, driver.body], count: place.count.program, starts: [start, driver.start]))
              }
            }
          }
        }
      })
  }

  /// The k-th number that passes a test: the numbers up to the last value are known to pass or not.
  func selections() -> [Candidate] {
    all(
      shapes(.compr).map { shape in
        places(shape).map { place in
          Candidate(bits: place.bits) { [self] in
            guard let (numbers, passes) = place.numbers(255) else { return nil }
            return BodyQuestion(
              shape.bodies[0], numbers.map { attempt.words(shape.variables, [$0]) }, passes.map { $0 ? 1 : 0 })
          } programs: { body in
            [place.goal.around(shape.program([body], count: place.count.program, starts: []))]
          }
        }
      })
  }
}

// MARK: - States that go their own way

extension LoopInversion {
  struct Driver {
    let bits: Double
    let body: Program
    let start: Program
    /// By example.
    let states: [[Int64]]
  }

  /// The shortest bodies of the second state that read nothing but it, run from some starts; what stands still is left out, and
  /// of equal ones all but the first.
  func drivers(_ shape: LoopShape, from starts: some Sequence<KnownTerm>, most: Int) -> [Driver] {
    guard let machine = attempt.bank.kernelTables.machine else { return [] }
    var found: [Driver] = []
    for (index, bits) in attempt.bank.firstClasses(shape.bodies[1], 1_000) {
      let number = Int32(attempt.bank.tables[shape.bodies[1]].row(index)[0])
      let probe = attempt.words(shape.variables, [Value.noValueWord, 1])
      if machine.run(number, on: probe, stepLimit: 1_000).word == nil { continue }
      for start in starts {
        let least = start.constant == nil ? 2 : 1
        var known: [Int64: [Int64]] = [:]
        let states = start.row.map { first in
          if let states = known[first] { return states }
          var states = [first]
          var words = probe
          while states.count < 41 {
            words[shape.variables[1]] = states[states.count - 1]
            guard let next = machine.run(number, on: words, stepLimit: 1_000).word else { break }
            states.append(next)
          }
          known[first] = states
          return states
        }
        guard states.allSatisfy({ $0.count > Trace.leastTransitions }),
          states.contains(where: { Set($0).count > least })
        else { continue }
        found.append(
          Driver(
            bits: bits + start.bits, body: attempt.bank.program(shape.bodies[1], index), start: start.program,
            states: states))
      }
    }
    var seen: Set<[[Int64]]> = []
    return found.ordered { $0.bits }.filter { seen.insert($0.states).inserted }.prefix(most)
      .map { $0 }
  }
}
