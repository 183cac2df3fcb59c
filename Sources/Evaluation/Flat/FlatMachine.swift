public import Grammars

/// Runs programs, loops included, from a flat code buffer: the machine of Levin search.
///
/// Code is written behind the code that is there and given back to a mark, and so are lists, so that memory does not grow with
/// the programs run: a run holds at most as many words of lists as it takes steps. A straight run of instructions is charged when
/// it begins: steps equal those of `Interpreter` for every run that has a value (tested), and are at least as many for one that
/// ends without.
///
/// A bit vector of 64 bits may have the word that stands for *no value* elsewhere (`Value.noValueWord`): operators on bit vectors
/// have a value on all words, and none of them is compared with it.
///
/// - Complexity: one indirect jump per operator; a loop body is entered by a call. Rounds of `compr` are counted, not run, where
///   its test is settled (`countsSettledRounds`): its steps are then more than its time.
public final class FlatMachine {
  /// What an instruction does; operands come from the stack unless said.
  package enum Code: Sendable {
    /// Takes `word` steps, or ends the run.
    case charge
    case variable, constant
    /// Goes to `word`, where the top of the stack is false.
    case branch
    case jump
    /// Stores the top of the stack into slot `a`.
    case store
    case not, negate, abs, even, isqrt
    case add, subtract, multiply, div, mod, gcd
    case less, lessOrEqual, greater, greaterOrEqual, equal, distinct
    case and, or, implies
    case field
    /// Operators on bit vectors and permutations, whose number is `word`.
    case totalUnary, totalBinary
    /// Integers from lists, and lists.
    case last, length, sum, product, reverse, sort, unique
    case nth, index, number, cons, append, take, drop, fit, stride, before, after, digits, listEqual, listDistinct
    /// Runs the body at `a` with the slots in `word`; the second of a transduction is in the next instruction.
    case loop, loopList, loop2, compr, map, filter, fold, foldList, scan, nested, solve, transduce, transduce2
    case end
  }

  struct Instruction {
    var code: Code
    var a: Int32 = 0
    var word: Int64 = 0
  }

  /// All that changes, behind one pointer: a class's own variables are checked for exclusive access each time.
  @usableFromInline package struct State {
    var code: UnsafeMutablePointer<Instruction>
    var capacity = 1 << 12
    @usableFromInline package var mark = 0
    /// Words on the stack between runs of nested bodies.
    @usableFromInline package var depth = 0
    @usableFromInline package var steps: UInt64 = 0
    @usableFromInline package var limit: UInt64 = .max
    @usableFromInline package var reason: NoValue = .overflow
    var countsSettledRounds = true
    @usableFromInline package var lists: ListArena
    /// Operators by the number in their instructions; none is added once the machine is made.
    let totals: UnsafeMutableBufferPointer<TotalOperator>
  }

  @usableFromInline package let state: UnsafeMutablePointer<State>
  /// A word per variable, then one per parameter of a definition.
  package let slots: UnsafeMutablePointer<Int64>
  let slotCount: Int
  let stack: UnsafeMutablePointer<Int64>
  static let stackWords = 1 << 14
  let grammar: Grammar
  let modulus: Int64?
  let symbols: [Symbol]
  /// The first slot of every definition's parameters, and where its code begins.
  let parameterSlots: [Int]
  var definitionCode: [Int] = []

  /// A machine for the programs of a grammar.
  ///
  /// - Throws: `FlatMachineError` for a grammar with an operator, or with a shape of one, that has no flat code.
  public init(_ grammar: Grammar) throws(FlatMachineError) {
    self.grammar = grammar
    modulus = grammar.modulus
    var lists = ListArena()
    var inDefinitions: [Symbol] = []
    do {
      symbols = try Self.symbols(of: grammar, &lists)
      for definition in grammar.definitions {
        try Self.check(definition.body, definition, grammar, addingTo: &inDefinitions)
      }
    } catch {
      lists.deallocate()
      throw error
    }
    var next = grammar.variables.count
    var firsts: [Int] = []
    for definition in grammar.definitions {
      firsts.append(next)
      next += definition.parameters.count
    }
    parameterSlots = firsts
    slotCount = max(1, next)
    guard slotCount < 1 << 20 else {
      lists.deallocate()
      throw FlatMachineError("more than 2^20 variables")
    }
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: 0, count: slotCount)
    stack = .allocate(capacity: Self.stackWords)
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(code: .allocate(capacity: 1 << 12), lists: lists, totals: Self.totals(symbols + inDefinitions)))
    for definition in grammar.definitions { compile(definition) }
  }

  deinit {
    state.pointee.code.deallocate()
    state.pointee.lists.deallocate()
    state.pointee.totals.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
    slots.deallocate()
    stack.deallocate()
  }
}

/// Why the programs of a grammar are not run from flat code.
public struct FlatMachineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What of the grammar has no flat code, in one line.
  public let description: String
  init(_ description: String) { self.description = description }
}

extension FlatMachine {
  /// Where the next instruction goes.
  @inlinable package var mark: Int {
    get { state.pointee.mark }
    set { state.pointee.mark = newValue }
  }
  /// Steps of the run so far.
  @inlinable package var steps: UInt64 { state.pointee.steps }
  /// Why the last run that had no value had none.
  @inlinable package var reason: NoValue { state.pointee.reason }
  /// Bytes of code and lists.
  package var bytes: Int {
    state.pointee.capacity * MemoryLayout<Instruction>.stride + state.pointee.lists.bytes
  }
  /// Whether rounds of a search whose test is settled are counted, not run: values and steps are the same.
  public var countsSettledRounds: Bool {
    get { state.pointee.countsSettledRounds }
    set { state.pointee.countsSettledRounds = newValue }
  }
  var depth: Int {
    get { state.pointee.depth }
    set { state.pointee.depth = newValue }
  }
}

// MARK: - Running

extension FlatMachine {
  /// Runs compiled code on words of the grammar's parameters (`word(_:)`); lists that it makes stay until `listMark` is set back.
  ///
  /// - Returns: the word, or the reason why there is none, and the steps taken.
  public func run(_ start: Int, on inputs: [Int64], stepLimit: UInt64 = .max) -> (
    word: Int64?, reason: NoValue, steps: UInt64
  ) {
    for (slot, word) in inputs.enumerated() { slots[slot] = word }
    return (value(of: start, limit: stepLimit), reason, steps)
  }

  /// The word of code whose variables are set, or nil.
  package func value(of start: Int, limit: UInt64) -> Int64? {
    begin(limit: limit)
    return execute(start) ? stack[0] : nil
  }

  @inline(never)
  func fail(_ reason: NoValue) -> Bool {
    state.pointee.reason = reason
    return false
  }

  /// Runs code from `start` to its end, leaving its value on the stack; false without a value.
  func execute(_ start: Int) -> Bool {
    let none = Value.noValueWord
    let (slots, state) = (slots, state)
    let depth = state.pointee.depth
    var top = stack + depth
    var at = state.pointee.code + start
    if depth > Self.stackWords - 4096 { return fail(.stepLimit) }
    while true {
      let word = at.pointee.word
      let code = at.pointee.code
      at += 1
      switch code {
      case .charge:
        let steps = state.pointee.steps &+ UInt64(bitPattern: word)
        state.pointee.steps = steps
        if steps > state.pointee.limit { return fail(.stepLimit) }
      case .variable:
        top.pointee = slots[Int(word)]
        top += 1
      case .constant:
        top.pointee = word
        top += 1
      case .add:
        top -= 1
        let (sum, overflow) = top[-1].addingReportingOverflow(top[0])
        if overflow || sum == none { return fail(.overflow) }
        top[-1] = sum
      case .subtract:
        top -= 1
        let (difference, overflow) = top[-1].subtractingReportingOverflow(top[0])
        if overflow || difference == none { return fail(.overflow) }
        top[-1] = difference
      case .multiply:
        top -= 1
        let (product, overflow) = top[-1].multipliedReportingOverflow(by: top[0])
        if overflow || product == none { return fail(.overflow) }
        top[-1] = product
      case .branch:
        top -= 1
        if top.pointee == 0 { at = state.pointee.code + Int(word) }
      case .jump: at = state.pointee.code + Int(word)
      case .store:
        top -= 1
        slots[Int(word)] = top.pointee
      case .less:
        top -= 1
        top[-1] = top[-1] < top[0] ? 1 : 0
      case .equal:
        top -= 1
        top[-1] = top[-1] == top[0] ? 1 : 0
      case .end:
        state.pointee.depth = top - stack
        return true
      case .loop, .loopList, .loop2, .compr, .map, .filter, .fold, .foldList, .scan, .nested, .solve:
        state.pointee.depth = top - stack
        guard bind(at - 1) else { return false }
        top = stack + state.pointee.depth
      case .transduce, .transduce2:
        state.pointee.depth = top - stack
        guard bind(at - 1) else { return false }
        top = stack + state.pointee.depth
        at += 1
      case .last, .length, .sum, .product, .reverse, .sort, .unique:
        let result = list(code, top[-1], 0)
        if result == none { return false }
        top[-1] = result
      case .nth, .index, .number, .cons, .append, .take, .drop, .fit, .stride, .before, .after, .digits, .listEqual,
        .listDistinct:
        top -= 1
        let result = list(code, top[-1], top[0])
        if result == none { return false }
        top[-1] = result
      case .totalUnary: top[-1] = state.pointee.totals[Int(word)](top[-1], 0)
      case .totalBinary:
        top -= 1
        top[-1] = state.pointee.totals[Int(word)](top[-1], top[0])
      case .not, .negate, .abs, .even, .isqrt:
        let result = unary(code, 0, top[-1])
        if result == none { return false }
        top[-1] = result
      default:
        top -= 1
        let result = binary(code, Int(word), top[-1], top[0])
        if result == none { return false }
        top[-1] = result
      }
    }
  }

  /// A symbol's operator (`Symbol.unary`) on a word; `Value.noValueWord` without a value.
  package func unary(_ code: Code, _ detail: Int, _ x: Int64) -> Int64 {
    switch code {
    case .totalUnary: return state.pointee.totals[detail](x, 0)
    case .not: return x ^ 1
    case .negate: return -x
    case .abs: return x < 0 ? -x : x
    case .even: return x & 1 ^ 1
    default:
      if x < 0 {
        _ = fail(.outOfRange)
        return Value.noValueWord
      }
      return Int64(integerSquareRoot(UInt64(x)))
    }
  }

  /// A symbol's operator (`Symbol.binary`) on two words, whether or not it has a fast case in `execute`: the same value.
  @inline(__always)
  package func binary(_ code: Code, _ detail: Int, _ x: Int64, _ y: Int64) -> Int64 {
    switch code {
    case .add: return checked(x.addingReportingOverflow(y))
    case .subtract: return checked(x.subtractingReportingOverflow(y))
    case .multiply: return checked(x.multipliedReportingOverflow(by: y))
    case .div, .mod: return divided(x, y, remainder: code == .mod)
    case .gcd: return greatestCommonDivisor(x, y)
    case .less: return x < y ? 1 : 0
    case .lessOrEqual: return x <= y ? 1 : 0
    case .greater: return x > y ? 1 : 0
    case .greaterOrEqual: return x >= y ? 1 : 0
    case .equal: return x == y ? 1 : 0
    case .distinct: return x != y ? 1 : 0
    case .and: return x & y
    case .or: return x | y
    case .implies: return x ^ 1 | y
    case .totalBinary: return state.pointee.totals[detail](x, y)
    default: return field(detail, x, y)
    }
  }

  @inline(__always)
  private func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Int64 {
    if !result.overflow, result.partialValue != Value.noValueWord { return result.partialValue }
    _ = fail(.overflow)
    return Value.noValueWord
  }

  private func divided(_ x: Int64, _ y: Int64, remainder wanted: Bool) -> Int64 {
    if y == 0 {
      _ = fail(.divisionByZero)
      return Value.noValueWord
    }
    return euclidean(x, y, remainder: wanted)
  }

  private static let fieldOperators: [Operator] = [.fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide]

  private func field(_ detail: Int, _ x: Int64, _ y: Int64) -> Int64 {
    do {
      return try Self.fieldOperators[detail].apply(.int(x), .int(y), modulus: modulus).word
    } catch {
      _ = fail(error)
      return Value.noValueWord
    }
  }
}
