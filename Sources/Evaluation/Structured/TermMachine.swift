public import Grammars

/// Runs terms with binders on 64-bit words, counting steps: the fast twin of `Interpreter`, which it equals on every
/// value, reason and count (tested).
///
/// Terms and lists are kept once each (`TermStore`, `ListStore`) for the life of the machine. Not thread-safe.
public final class TermMachine {
  /// All that changes while a term runs, behind one pointer.
  struct State {
    var terms = TermStore()
    var lists = ListStore()
    /// A word per variable.
    var slots: UnsafeMutablePointer<Int64>
    var steps: UInt64 = 0
    var limit: UInt64 = .max
    var reason: NoValue = .overflow
    /// Integers of lists that are being made; a stack.
    var scratch: UnsafeMutablePointer<Int64> = .allocate(capacity: 1 << 10)
    var scratchCapacity = 1 << 10
    var top = 0
    var modulus: Int64?
    /// Words of the first variables by lane, `laneWidth` each; for each lane the first with the same words; the steps of one
    /// symbol on one lane (`setLanes`).
    var laneInputs: UnsafeMutablePointer<Int64> = .allocate(capacity: 1)
    var laneSources: UnsafeMutablePointer<Int> = .allocate(capacity: 1)
    var laneWidth = 0
    var laneCount = 0
    var laneStepLimit: UInt64 = .max
  }

  let state: UnsafeMutablePointer<State>
  let slotCount: Int
  private let definitions: [Grammar.Definition]
  /// Slots of definitions' parameters, by definition.
  private let parameterSlots: [Range<Int>]
  private var lambdas: [[Int]] = []
  private var lambdaNumbers: [[Int]: Int32] = [:]
  private var bodies: [Int: Int32] = [:]

  /// A machine for the programs of a grammar.
  public init(_ grammar: Grammar) {
    definitions = grammar.definitions
    var next = grammar.variables.count
    parameterSlots = grammar.definitions.map { definition in
      defer { next += definition.parameters.count }
      return next..<next + definition.parameters.count
    }
    slotCount = max(1, next)
    let slots = UnsafeMutablePointer<Int64>.allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    state = .allocate(capacity: 1)
    state.initialize(to: State(slots: slots))
    state.pointee.modulus = grammar.modulus
  }

  deinit {
    state.pointee.terms.deallocate()
    state.pointee.lists.deallocate()
    state.pointee.slots.deallocate()
    state.pointee.scratch.deallocate()
    state.pointee.laneInputs.deallocate()
    state.pointee.laneSources.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// Bytes of the terms and lists.
  public var bytes: Int { state.pointee.terms.bytes + state.pointee.lists.bytes }

  /// The word of a value on this machine.
  public func word(_ value: Value) -> Int64 {
    value.sort == .list ? value.elements.withUnsafeBufferPointer { state.pointee.lists.intern($0) } : value.word
  }

  /// The value of a word of this machine.
  public func value(_ word: Int64, _ sort: Sort) -> Value {
    sort == .list ? .list(Array(state.pointee.lists.list(word))) : Value(sort: sort, word: word)
  }
}

// MARK: - Terms

extension TermMachine {
  /// The number of a term as it is written: no law is used, so its steps are those of `Interpreter`.
  public func number(of term: Term) -> Int32 { number(of: term, firstSlot: 0) }

  private func number(of term: Term, firstSlot: Int) -> Int32 {
    switch term {
    case .variable(let index): return variable(firstSlot + index)
    case .constant(let value, _): return constant(value)
    case .operation(let op, let arguments):
      let parts = arguments.map { number(of: $0, firstSlot: firstSlot) } + [0, 0]
      guard let head = TermStore.Head(op) else { preconditionFailure("\(op.head) does not occur beside lambdas") }
      return state.pointee.terms.number(
        of: .init(
          head: head, a: parts[0], b: arguments.count > 1 ? parts[1] : 0, c: arguments.count > 2 ? parts[2] : 0))
    case .lambda(let variables, let body): return lambda(variables, number(of: body, firstSlot: firstSlot))
    case .call(let index, let arguments):
      return call(index, arguments.map { number(of: $0, firstSlot: firstSlot) })
    }
  }

  /// The number of a variable or constant as a term.
  package func leaf(_ symbol: Grammar.Symbol) -> Int64 {
    switch symbol {
    case .variable(let index): Int64(variable(index))
    case .constant(let value, _): Int64(constant(value))
    default: preconditionFailure("\(symbol) is not a leaf")
    }
  }

  func variable(_ slot: Int) -> Int32 { state.pointee.terms.number(of: .init(head: .variable, a: Int32(slot))) }

  func constant(_ value: Value) -> Int32 { state.pointee.terms.number(of: .constant(word(value))) }

  func lambda(_ variables: [Int], _ body: Int32) -> Int32 {
    let number = lambdaNumbers[variables] ?? Int32(lambdas.count)
    if Int(number) == lambdas.count {
      lambdas.append(variables)
      lambdaNumbers[variables] = number
    }
    let slots = variables + [0, 0, 0]
    precondition(variables.count <= 3 && slots.max()! < 1 << 10, "a lambda of more than three variables")
    return state.pointee.terms.number(
      of: .init(head: .lambda, a: body, b: Int32(variables.count), c: Int32(slots[0] | slots[1] << 10 | slots[2] << 20))
    )
  }

  /// A call of a definition: its arguments are put into slots of their own.
  func call(_ index: Int, _ arguments: [Int32]) -> Int32 {
    // The arguments as a chain of pairs; -1 ends it.
    var chain: Int32 = -1
    for argument in arguments.reversed() {
      chain = state.pointee.terms.number(of: .init(head: .pair, a: argument, b: chain, c: -1))
    }
    if bodies[index] == nil {
      bodies[index] = number(of: definitions[index].body, firstSlot: parameterSlots[index].lowerBound)
    }
    return state.pointee.terms.number(
      of: .init(head: .call, a: bodies[index]!, b: chain, c: Int32(parameterSlots[index].lowerBound)))
  }
}

// MARK: - Running

extension TermMachine {
  /// Runs a term on words of its free variables.
  ///
  /// - Parameters:
  ///   - inputs: words for the first variables, of this machine (`word(_:)`).
  /// - Returns: the word, or the reason why there is none, and the steps taken.
  public func run(_ term: Int32, on inputs: [Int64], stepLimit: UInt64 = .max) -> (
    word: Int64?, reason: NoValue, steps: UInt64
  ) {
    let word = inputs.withUnsafeBufferPointer { self.word(of: term, on: $0, stepLimit: stepLimit) }
    return (word == Value.noValueWord ? nil : word, state.pointee.reason, state.pointee.steps)
  }

  /// The word of a term on words of its free variables; `Value.noValueWord` when it has none.
  package func word(of term: Int32, on inputs: UnsafeBufferPointer<Int64>, stepLimit: UInt64) -> Int64 {
    if let words = inputs.baseAddress { state.pointee.slots.update(from: words, count: inputs.count) }
    begin(limit: stepLimit)
    return evaluate(term)
  }

  @inline(__always)
  func begin(limit: UInt64) {
    state.pointee.steps = 0
    state.pointee.limit = limit
    state.pointee.top = 0
  }

  @inline(never)
  func fail(_ reason: NoValue) -> Int64 {
    state.pointee.reason = reason
    return Value.noValueWord
  }

  /// One step; false when the limit is reached.
  @inline(__always)
  func step(_ count: UInt64 = 1) -> Bool {
    if state.pointee.limit &- state.pointee.steps < count {
      state.pointee.reason = .stepLimit
      return false
    }
    state.pointee.steps &+= count
    return true
  }

  /// The value of a term; `Value.noValueWord` when it has none.
  func evaluate(_ number: Int32) -> Int64 {
    let none = Value.noValueWord
    let s = state
    let node = s.pointee.terms.nodes[Int(number)]
    if node.head == .call { return evaluateCall(node) }
    guard step() else { return none }
    switch node.head {
    case .constant: return node.word
    case .variable: return s.pointee.slots[Int(node.a)]
    case .lambda: return Int64(number)
    case .ite:
      let condition = operand(node.a)
      if condition == none { return none }
      return operand(condition == 1 ? node.b : node.c)
    case .not, .negate, .abs, .even:
      let x = operand(node.a)
      if x == none { return none }
      switch node.head {
      case .not: return x ^ 1
      case .negate: return -x
      case .abs: return x < 0 ? -x : x
      default: return x & 1 ^ 1
      }
    case .loop, .loop2, .compr, .map, .filter, .fold, .scan, .transduce, .transduce2, .nested, .solve:
      return evaluateBinding(node)
    case .pair, .gcd, .isqrt, .cons, .append, .reverse, .sort, .unique, .take, .drop, .fit, .stride, .before, .after,
      .nth, .last,
      .length,
      .sum, .product, .index, .number, .digits:
      return evaluateStructured(node)
    default: break
    }
    let x = operand(node.a)
    if x == none { return none }
    let y = operand(node.b)
    if y == none { return none }
    switch node.head {
    case .add:
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow || sum == none ? fail(.overflow) : sum
    case .subtract:
      let (difference, overflow) = x.subtractingReportingOverflow(y)
      return overflow || difference == none ? fail(.overflow) : difference
    case .multiply:
      let (product, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow || product == none ? fail(.overflow) : product
    case .div, .mod: return divided(x, y, remainder: node.head == .mod)
    case .less: return x < y ? 1 : 0
    case .lessOrEqual: return x <= y ? 1 : 0
    case .greater: return x > y ? 1 : 0
    case .greaterOrEqual: return x >= y ? 1 : 0
    case .equal: return x == y ? 1 : 0
    case .distinct, .xor: return x != y ? 1 : 0
    case .and: return x & y
    case .or: return x | y
    case .implies: return x ^ 1 | y
    case .fieldAdd: return field(.fieldAdd, x, y)
    case .fieldSubtract: return field(.fieldSubtract, x, y)
    case .fieldMultiply: return field(.fieldMultiply, x, y)
    case .fieldDivide: return field(.fieldDivide, x, y)
    default: preconditionFailure("\(node.head) is handled above")
    }
  }

  /// The value of an argument: as `evaluate`, without a call where it is a variable or a constant, as most are.
  @inline(__always)
  func operand(_ number: Int32) -> Int64 {
    let node = state.pointee.terms.nodes[Int(number)]
    switch node.head {
    case .variable: return step() ? state.pointee.slots[Int(node.a)] : Value.noValueWord
    case .constant: return step() ? node.word : Value.noValueWord
    default: return evaluate(number)
    }
  }

  /// The Euclidean quotient or remainder.
  @inline(__always)
  private func divided(_ x: Int64, _ y: Int64, remainder wanted: Bool) -> Int64 {
    if y == 0 { return fail(.divisionByZero) }
    return euclidean(x, y, remainder: wanted)
  }

  private func field(_ op: Operator, _ x: Int64, _ y: Int64) -> Int64 {
    do { return try op.apply(.int(x), .int(y), modulus: state.pointee.modulus).word } catch { return fail(error) }
  }

  private func evaluateCall(_ node: TermStore.Node) -> Int64 {
    var chain = node.b
    var words: [Int64] = []
    while chain >= 0 {
      let link = state.pointee.terms.nodes[Int(chain)]
      let word = evaluate(link.a)
      if word == Value.noValueWord { return word }
      words.append(word)
      chain = link.b
    }
    for (offset, word) in words.enumerated() { state.pointee.slots[Int(node.c) + offset] = word }
    return evaluate(node.a)
  }
}
