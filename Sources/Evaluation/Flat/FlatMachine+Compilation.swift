public import Grammars

extension FlatMachine {
  /// What a production of the grammar does here.
  package enum Symbol: Sendable {
    case variable(Int)
    case constant(Int64)
    case unit
    case lambda([Int])
    case pair
    case choice
    case call(Int)
    /// An operator whose first argument is a lambda.
    case binding(Code)
    /// An operator of a start and two lambdas.
    case transduction(Code)
    case unary(Code)
    case binary(Code, detail: Int)
    /// Operators that have a value on all words.
    case total(TotalOperator)
    /// Operators that read or make lists, of one argument and of two.
    case listUnary(Code)
    case listBinary(Code)
  }

  /// What every production does; lists among the constants are placed.
  static func symbols(of grammar: Grammar, _ lists: inout ListArena) throws(FlatMachineError) -> [Symbol] {
    var symbols: [Symbol] = []
    for production in grammar.productions { symbols.append(try symbol(production, grammar, &lists)) }
    return symbols
  }

  private static func symbol(
    _ production: Grammar.Production, _ grammar: Grammar, _ lists: inout ListArena
  ) throws(FlatMachineError) -> Symbol {
    switch production.symbol {
    case .variable(let index): return .variable(index)
    case .constant(let value, _): return .constant(value.sort == .list ? lists.place(value.elements) : value.word)
    case .unit: return .unit
    case .lambda(let variables):
      guard variables.count <= 3 else { throw FlatMachineError("a lambda of more than three variables") }
      return .lambda(variables)
    case .call(let index):
      guard production.arguments.count <= 3 else {
        throw FlatMachineError("'\(grammar.definitions[index].name)' takes more than three arguments")
      }
      return .call(index)
    case .operation(let op): return try symbol(op, production.arguments.map { grammar.nonterminals[$0].sort }, grammar)
    }
  }

  static func symbol(_ op: Operator, _ sorts: [Sort], _ grammar: Grammar) throws(FlatMachineError) -> Symbol {
    if op != .loop2, op != .transduce2, sorts.contains(.pair) { throw FlatMachineError("'\(op.head)' of pairs") }
    switch op {
    case .ite: return .choice
    case .pair: return .pair
    case .loop: return .binding(sorts[2] == .list ? .loopList : .loop)
    case .loop2: return .binding(.loop2)
    case .compr: return .binding(.compr)
    case .map: return .binding(.map)
    case .filter: return .binding(.filter)
    case .fold: return .binding(sorts[1] == .list ? .foldList : .fold)
    case .scan: return .binding(.scan)
    case .transduce, .transduce2, .nested, .solve:
      guard grammar.parameters.first?.sort == .list else {
        throw FlatMachineError("'\(op.head)' where the first parameter is no list")
      }
      switch op {
      case .nested: return .binding(.nested)
      case .solve: return .binding(.solve)
      case .transduce: return .transduction(.transduce)
      default: return .transduction(.transduce2)
      }
    case .equal where sorts[0] == .list: return .listBinary(.listEqual)
    case .distinct where sorts[0] == .list: return .listBinary(.listDistinct)
    default: break
    }
    if let total = TotalOperator(op, sorts) { return .total(total) }
    if let code = Code(list: op) {
      return op.arity == 1 ? .listUnary(code) : .listBinary(code)
    }
    guard let code = Code(op) else { throw FlatMachineError("'\(op.head)' does not run here") }
    let fields: [Operator] = [.fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide]
    return op.arity == 1
      ? .unary(code) : .binary(code, detail: fields.firstIndex(of: op) ?? 0)
  }

  /// What production `index` does.
  package func symbol(_ index: Int) -> Symbol { symbols[index] }

  /// Compiles a program; its code stays until `mark` is set back.
  public func compile(_ program: Program) -> Int {
    program.productions.withUnsafeBufferPointer { compile($0.baseAddress!) }
  }

  /// Compiles the derivation that begins at `productions`, as a run of its own.
  package func compile(_ productions: UnsafePointer<Int32>) -> Int {
    let start = mark
    var block = open()
    _ = emit(productions, &block)
    append(.end)
    return start
  }

  /// Begins a run that is charged as a whole.
  func open() -> Int {
    append(.charge)
    return mark - 1
  }

  @discardableResult
  func append(_ operation: Code, _ word: Int64 = 0, _ a: Int32 = 0) -> Int {
    let (mark, capacity) = (state.pointee.mark, state.pointee.capacity)
    if mark == capacity {
      let larger = UnsafeMutablePointer<Instruction>.allocate(capacity: 2 * capacity)
      larger.update(from: state.pointee.code, count: capacity)
      state.pointee.code.deallocate()
      state.pointee.code = larger
      state.pointee.capacity = 2 * capacity
    }
    state.pointee.code[mark] = Instruction(code: operation, a: a, word: word)
    state.pointee.mark = mark + 1
    return mark
  }

  /// Emits one derivation and returns what follows it; `block` is the charge that its unconditional steps go to.
  private func emit(_ at: UnsafePointer<Int32>, _ block: inout Int) -> UnsafePointer<Int32> {
    let production = Int(at.pointee)
    var next = at + 1
    switch symbols[production] {
    case .variable(let slot):
      charge(block)
      append(.variable, Int64(slot))
    case .constant(let word):
      charge(block)
      append(.constant, word)
    case .unit: return emit(next, &block)
    case .pair:
      charge(block)
      next = emit(next, &block)
      next = emit(next, &block)
    case .unary(let code), .listUnary(let code):
      charge(block)
      next = emit(next, &block)
      append(code)
    case .binary(let code, let detail):
      charge(block)
      next = emit(next, &block)
      next = emit(next, &block)
      append(code, Int64(detail))
    case .listBinary(let code):
      charge(block)
      next = emit(next, &block)
      next = emit(next, &block)
      append(code)
    case .total(let total):
      charge(block)
      for _ in 0..<total.arity { next = emit(next, &block) }
      append(total)
    case .choice: next = emitChoice(next, &block)
    case .call(let index):
      let count = grammar.definitions[index].parameters.count
      for _ in 0..<count { next = emit(next, &block) }
      for slot in (0..<count).reversed() { append(.store, Int64(parameterSlots[index] + slot)) }
      emit(grammar.definitions[index], parameterSlots[index], &block)
    case .binding(let code): next = emitBinding(code, next, &block)
    case .transduction(let code):
      charge(block)
      next = emit(next, &block)
      let (update, output): (Function, Function)
      (update, next) = emitBody(next, &block)
      (output, next) = emitBody(next, &block)
      append(code, update.packed, Int32(update.start))
      append(.end, output.packed, Int32(output.start))
    case .lambda: preconditionFailure("a lambda outside of an operator that runs it")
    }
    return next
  }

  func charge(_ block: Int) { state.pointee.code[block].word += 1 }

  private func emitChoice(_ at: UnsafePointer<Int32>, _ block: inout Int) -> UnsafePointer<Int32> {
    charge(block)
    var next = emit(at, &block)
    let branch = append(.branch)
    var inner = open()
    next = emit(next, &inner)
    let jump = append(.jump)
    state.pointee.code[branch].word = Int64(mark)
    inner = open()
    next = emit(next, &inner)
    state.pointee.code[jump].word = Int64(mark)
    return next
  }

  private func emitBinding(_ operation: Code, _ at: UnsafePointer<Int32>, _ block: inout Int) -> UnsafePointer<Int32> {
    charge(block)
    var (function, next) = emitBody(at, &block)
    switch operation {
    case .compr, .map, .filter, .solve: next = emit(next, &block)
    default:
      next = emit(next, &block)
      next = emit(next, &block)
    }
    append(operation, function.packed, Int32(function.start))
    return next
  }

  /// A lambda: its body stands before what follows, and is jumped over.
  private func emitBody(_ at: UnsafePointer<Int32>, _ block: inout Int) -> (Function, UnsafePointer<Int32>) {
    var at = at
    while case .unit = symbols[Int(at.pointee)] { at += 1 }
    guard case .lambda(let variables) = symbols[Int(at.pointee)] else { preconditionFailure("a lambda comes first") }
    charge(block)
    let jump = append(.jump)
    let start = mark
    var inner = open()
    let next = emit(at + 1, &inner)
    append(.end)
    state.pointee.code[jump].word = Int64(mark)
    return (Function(start: start, variables: variables), next)
  }
}

extension FlatMachine.Code {
  init?(_ op: Operator) {
    switch op {
    case .not: self = .not
    case .negate: self = .negate
    case .abs: self = .abs
    case .even: self = .even
    case .isqrt: self = .isqrt
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .div: self = .div
    case .mod: self = .mod
    case .gcd: self = .gcd
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .equal: self = .equal
    case .distinct, .xor: self = .distinct
    case .and: self = .and
    case .or: self = .or
    case .implies: self = .implies
    case .fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide: self = .field
    default: return nil
    }
  }

  /// Operators that read or make lists and take no lambda.
  init?(list op: Operator) {
    switch op {
    case .last: self = .last
    case .length: self = .length
    case .sum: self = .sum
    case .product: self = .product
    case .reverse: self = .reverse
    case .sort: self = .sort
    case .unique: self = .unique
    case .nth: self = .nth
    case .index: self = .index
    case .number: self = .number
    case .cons: self = .cons
    case .append: self = .append
    case .take: self = .take
    case .drop: self = .drop
    case .fit: self = .fit
    case .stride: self = .stride
    case .before: self = .before
    case .after: self = .after
    case .digits: self = .digits
    default: return nil
    }
  }
}
