public import ExactArithmetic
public import Grammars

/// Runs terms of languages with loops, lambdas and lists: the reference semantics, and the one without a limit on integers.
///
/// Written for clarity, one value at a time; `TermMachine` is the fast twin on 64-bit words. Steps are counted as
/// `Operator` says. With `range: .word` an integer outside `-(2^63 - 1) ... 2^63 - 1` ends the run with `.overflow`, as a search
/// does; with `.unlimited` programs are scored as the mathematical functions that they are, and one of more than `mostBits` bits
/// ends it: squares of squares take one step each, and soon all of the memory.
public struct WideInterpreter: Sendable {
  /// Bits of the greatest integer of a run without a limit.
  public static let mostBits = 1 << 16

  /// Which integers have a value.
  public enum Range: Hashable, Sendable { case word, unlimited }

  /// A value of any size.
  public enum Wide: Hashable, Sendable {
    /// An integer within 64 bits; larger ones are `large`, so equal integers have one form.
    case integer(Int64)
    /// Outside of 64 bits.
    case large(BigInteger)
    /// True or false.
    case bool(Bool)
    /// A list; its elements are integers.
    case list([Wide])
    /// Two values: the state of a loop with two variables.
    indirect case pair(Wide, Wide)
    /// A lambda: the numbers of its variables, indices into the grammar's, and its body.
    case function([Int], Term)
  }

  private let definitions: [Grammar.Definition]
  private let modulus: Int64?
  private let variableCount: Int
  private let range: Range

  /// An interpreter for the terms of a grammar, with its definitions and its modulus.
  public init(_ grammar: Grammar, range: Range) {
    definitions = grammar.definitions
    modulus = grammar.modulus
    variableCount = grammar.variables.count
    self.range = range
  }

  /// Runs `term` on values of the first variables for at most `stepLimit` steps.
  public func run(_ term: Term, on inputs: [Wide], stepLimit: UInt64 = .max) -> (
    value: Wide?, reason: NoValue?, steps: UInt64
  ) {
    var run = Run(owner: self, slots: inputs, limit: stepLimit)
    run.slots += Array(repeating: .integer(0), count: max(0, variableCount - inputs.count))
    do { return (try run.evaluate(term), nil, run.steps) } catch { return (nil, error, run.steps) }
  }

  /// As `Interpreter.run`, on 64-bit values.
  func outcome(_ term: Term, on inputs: [Value], stepLimit: UInt64) -> EvaluationOutcome {
    let result = run(term, on: inputs.map { Wide($0) }, stepLimit: stepLimit)
    if let value = result.value.flatMap({ $0.value }) {
      return EvaluationOutcome(answer: .value(value), steps: result.steps)
    }
    return EvaluationOutcome(answer: .none(result.reason ?? .overflow), steps: result.steps)
  }

  struct Run {
    let owner: WideInterpreter
    var slots: [Wide]
    var steps: UInt64 = 0
    let limit: UInt64
  }
}

extension WideInterpreter.Wide {
  /// A value of a task.
  public init(_ value: Value) {
    switch value.sort {
    case .int: self = .integer(value.word)
    case .bool: self = .bool(value.word == 1)
    case .list: self = .list(value.elements.map { .integer($0) })
    default: preconditionFailure("\(value.sort) does not occur beside lambdas")
    }
  }

  /// The value in 64 bits; nil when it does not fit.
  public var value: Value? {
    switch self {
    case .integer(let number): return .int(number)
    case .bool(let truth): return .bool(truth)
    case .list(let parts):
      var elements: [Int64] = []
      for part in parts {
        guard case .integer(let number) = part else { return nil }
        elements.append(number)
      }
      return .list(elements)
    case .large, .pair, .function: return nil
    }
  }

  /// The integer as one of any size.
  var big: BigInteger {
    switch self {
    case .integer(let number): BigInteger(number)
    case .large(let number): number
    default: preconditionFailure("\(self) is not an integer")
    }
  }

  var truth: Bool { if case .bool(let truth) = self { truth } else { preconditionFailure("\(self) is not a Bool") } }
  var elements: [WideInterpreter.Wide] {
    if case .list(let elements) = self { elements } else { preconditionFailure("\(self) is not a list") }
  }
}

// MARK: - Terms

extension WideInterpreter.Run {
  typealias Wide = WideInterpreter.Wide

  mutating func step(_ count: Int = 1) throws(NoValue) {
    guard limit - steps >= UInt64(count) else { throw .stepLimit }
    steps += UInt64(count)
  }

  mutating func evaluate(_ term: Term) throws(NoValue) -> Wide {
    if case .call(let index, let arguments) = term {
      var values: [Wide] = []
      for argument in arguments { values.append(try evaluate(argument)) }
      let saved = slots
      slots = values
      defer { slots = saved }
      return try evaluate(owner.definitionBody(index))
    }
    try step()
    switch term {
    case .variable(let index): return slots[index]
    case .constant(let value, _): return Wide(value)
    case .lambda(let variables, let body): return .function(variables, body)
    case .operation(.ite, let arguments): return try evaluate(arguments[try evaluate(arguments[0]).truth ? 1 : 2])
    case .operation(let op, let arguments):
      var values: [Wide] = []
      for argument in arguments { values.append(try evaluate(argument)) }
      if op.isStructured { return try structured(op, values) }
      return try scalar(op, values)
    case .call: preconditionFailure("handled above")
    }
  }

  /// An integer in range, in its least form.
  func checked(_ number: BigInteger) throws(NoValue) -> Wide {
    if let small = Int64(exactly: number), small != Value.noValueWord { return .integer(small) }
    if owner.isLimited || number.bitWidthOfMagnitude > WideInterpreter.mostBits { throw .overflow }
    return .large(number)
  }

  private func scalar(_ op: Operator, _ values: [Wide]) throws(NoValue) -> Wide {
    switch (op, values[0]) {
    case (.equal, _): return .bool(values[0] == values[1])
    case (.distinct, _): return .bool(values[0] != values[1])
    default: break
    }
    let (first, second) = (values[0], values.count > 1 ? values[1] : values[0])
    // 64-bit values go the way of the ordinary interpreter.
    if let a = first.value, let b = second.value, a.sort != .list {
      do {
        return Wide(try op.apply(a, b, modulus: owner.fieldModulus))
      } catch .overflow where !owner.isLimited {
      } catch { throw error }
    }
    let (x, y) = (first.big, second.big)
    switch op {
    case .add: return try checked(x + y)
    case .subtract: return try checked(x - y)
    case .multiply: return try checked(x * y)
    case .negate: return try checked(-x)
    case .abs: return try checked(BigInteger(x.magnitude))
    case .div, .mod:
      if y == 0 { throw .divisionByZero }
      let (quotient, remainder) = x.quotientAndRemainder(dividingBy: y)
      if op == .mod { return try checked(remainder < 0 ? remainder + BigInteger(y.magnitude) : remainder) }
      return try checked(remainder >= 0 ? quotient : y > 0 ? quotient - 1 : quotient + 1)
    case .less: return .bool(x < y)
    case .lessOrEqual: return .bool(x <= y)
    case .greater: return .bool(x > y)
    case .greaterOrEqual: return .bool(x >= y)
    case .even: return .bool(x & 1 == 0)
    default: throw .outOfRange
    }
  }
}

extension WideInterpreter {
  fileprivate func definitionBody(_ index: Int) -> Term { definitions[index].body }
  fileprivate var isLimited: Bool { range == .word }
  fileprivate var fieldModulus: Int64? { modulus }
}

// MARK: - Lambdas and lists

extension WideInterpreter.Run {
  /// Runs a body with its variables set, and gives them their former values back.
  private mutating func apply(_ function: Wide, _ arguments: [Wide]) throws(NoValue) -> Wide {
    guard case .function(let variables, let body) = function else {
      preconditionFailure("\(function) is not a function")
    }
    let saved = variables.map { slots[$0] }
    for (variable, argument) in zip(variables, arguments) { slots[variable] = argument }
    let result = Result<Wide, NoValue> { () throws(NoValue) -> Wide in try evaluate(body) }
    for (variable, value) in zip(variables, saved) { slots[variable] = value }
    return try result.get()
  }

  private mutating func structured(_ op: Operator, _ v: [Wide]) throws(NoValue) -> Wide {
    switch op {
    case .loop, .loop2, .compr: return try loop(op, v)
    case .transduce, .transduce2: return try transduce(v)
    case .nested: return try nested(v)
    case .solve: return try solve(v)
    case .map:
      try step(v[1].elements.count)
      var result: [Wide] = []
      for element in v[1].elements { result.append(try apply(v[0], [element])) }
      return .list(result)
    case .filter:
      var result: [Wide] = []
      for element in v[1].elements { if try apply(v[0], [element]).truth { result.append(element) } }
      try step(result.count)
      return .list(result)
    case .fold, .scan:
      try step(v[2].elements.count)
      var (x, states) = (v[1], [Wide]())
      for element in v[2].elements {
        x = try apply(v[0], [x, element])
        states.append(x)
      }
      return op == .fold ? x : .list(states)
    case .pair: return .pair(v[0], v[1])
    case .gcd:
      var (x, y) = (BigInteger(v[0].big.magnitude), BigInteger(v[1].big.magnitude))
      while y != 0 { (x, y) = (y, x.quotientAndRemainder(dividingBy: y).remainder) }
      return try checked(x)
    case .isqrt:
      if v[0].big < 0 { throw .outOfRange }
      return try checked(v[0].big.squareRoot())
    default: return try list(op, v)
    }
  }

  private mutating func loop(_ op: Operator, _ v: [Wide]) throws(NoValue) -> Wide {
    let count = v[1].big
    if op == .compr {
      if count < 0 { throw .outOfRange }
      var (left, m) = (count, BigInteger(0))
      while true {
        if try apply(v[0], [try checked(m)]).truth {
          if left == 0 { return try checked(m) }
          left -= 1
        }
        m += 1
      }
    }
    var (state, i) = (v[2], BigInteger(1))
    while i <= count {
      if op == .loop {
        state = try apply(v[0], [state, try checked(i)])
      } else {
        guard case .pair(let x, let y) = state else { preconditionFailure("\(state) is not a pair") }
        state = try apply(v[0], [x, y])
      }
      i += 1
    }
    if op == .loop2, case .pair(let x, _) = state { return x }
    return state
  }

  private mutating func transduce(_ v: [Wide]) throws(NoValue) -> Wide {
    let stream = slots[0].elements
    var state = v[0]
    func parts(_ state: Wide) -> [Wide] { if case .pair(let s, let t) = state { [s, t] } else { [state] } }
    for symbol in stream { state = try apply(v[1], parts(state) + [symbol]) }
    guard let last = stream.last else { throw .outOfRange }
    return try apply(v[2], parts(state) + [last])
  }

  private mutating func nested(_ v: [Wide]) throws(NoValue) -> Wide {
    let stream = slots[0].elements
    try step(stream.count)
    // What stands in the groups that are not closed, the whole first.
    var groups: [[Wide]] = [[]]
    for symbol in stream {
      if symbol == v[1] {
        groups.append([])
      } else if symbol == v[2] {
        guard groups.count > 1 else { throw .outOfRange }
        let value = try apply(v[0], [.list(groups.removeLast())])
        groups[groups.count - 1].append(value)
      } else {
        groups[groups.count - 1].append(symbol)
      }
    }
    guard groups.count == 1 else { throw .outOfRange }
    return try apply(v[0], [.list(groups[0])])
  }

  private mutating func solve(_ v: [Wide]) throws(NoValue) -> Wide {
    let stream = slots[0].elements
    var y: Int64 = 0
    while true {
      try step(stream.count)
      if try apply(v[0], [.list(stream.map { $0 == v[1] ? .integer(y) : $0 })]) == .integer(0) { return .integer(y) }
      y += 1
    }
  }

  private mutating func list(_ op: Operator, _ v: [Wide]) throws(NoValue) -> Wide {
    func written(_ elements: [Wide]) throws(NoValue) -> Wide {
      try step(elements.count)
      return .list(elements)
    }
    func bounded(_ number: Wide) -> Int { Int(exactly: min(max(0, number.big), BigInteger(Int64.max))) ?? .max }
    switch op {
    case .reverse: return try written(v[0].elements.reversed())
    case .sort: return try written(v[0].elements.sorted { $0.big < $1.big })
    case .cons: return try written([v[0]] + v[1].elements)
    case .append: return try written(v[0].elements + v[1].elements)
    case .before: return try written(Array(v[1].elements.prefix { $0 != v[0] }))
    case .after: return try written(Array(v[1].elements.drop { $0 != v[0] }.dropFirst()))
    case .take: return try written(Array(v[1].elements.prefix(bounded(v[0]))))
    case .drop: return try written(Array(v[1].elements.dropFirst(bounded(v[0]))))
    case .stride:
      if v[0].big < 1 { throw .outOfRange }
      let elements = v[1].elements
      let width = min(bounded(v[0]), max(1, elements.count))
      return try written(stride(from: 0, to: elements.count, by: width).map { elements[$0] })
    case .fit:
      if v[0].big < 0 { throw .outOfRange }
      let count = bounded(v[0])
      try step(count)
      let elements = v[1].elements
      return .list((0..<count).map { $0 < elements.count ? elements[$0] : .integer(0) })
    case .unique:
      var seen: Set<Wide> = []
      return try written(v[0].elements.filter { seen.insert($0).inserted })
    case .digits: return try digits(v)
    default: return try read(op, v)
    }
  }

  private mutating func digits(_ v: [Wide]) throws(NoValue) -> Wide {
    let base = v[0].big
    var rest = v[1].big
    if base < 2 || rest < 0 { throw .outOfRange }
    var result: [Wide] = []
    while result.isEmpty || rest > 0 {
      try step()
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: base)
      result.append(try checked(digit))
      rest = quotient
    }
    return .list(result)
  }

  /// An integer from a list.
  private mutating func read(_ op: Operator, _ v: [Wide]) throws(NoValue) -> Wide {
    let elements = v[v.count - 1].elements
    try step(elements.count)
    switch op {
    case .length: return .integer(Int64(elements.count))
    case .last:
      guard let last = elements.last else { throw .outOfRange }
      return last
    case .nth:
      guard let place = Int(exactly: v[0].big), elements.indices.contains(place) else { throw .outOfRange }
      return elements[place]
    case .index: return .integer(Int64(elements.firstIndex(of: v[0]) ?? elements.count))
    case .sum, .product:
      var result = BigInteger(op == .sum ? 0 : 1)
      for element in elements {
        result = op == .sum ? result + element.big : result * element.big
        _ = try checked(result)
      }
      return try checked(result)
    case .number:
      var result = BigInteger(0)
      for element in elements.reversed() {
        _ = try checked(result * v[0].big)
        result = result * v[0].big + element.big
        _ = try checked(result)
      }
      return try checked(result)
    default: preconditionFailure("\(op.head) reads no list")
    }
  }
}
