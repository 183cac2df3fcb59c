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
    case loop, loop2, compr
    case unary(Int32)
    case binary(Int32, detail: Int)
  }

  static func symbols(of grammar: Grammar) throws(FlatMachineError) -> [Symbol] {
    for nonterminal in grammar.nonterminals {
      switch nonterminal.sort {
      case .int, .bool, .pair, .function: break
      default:
        throw FlatMachineError("'\(nonterminal.name)' is of sort \(nonterminal.sort): only Int and Bool run here")
      }
    }
    var symbols: [Symbol] = []
    for production in grammar.productions { symbols.append(try symbol(production, grammar)) }
    return symbols
  }

  private static func symbol(_ production: Grammar.Production, _ grammar: Grammar) throws(FlatMachineError) -> Symbol {
    switch production.symbol {
    case .variable(let index): return .variable(index)
    case .constant(let value, _): return .constant(value.word)
    case .unit: return .unit
    case .lambda(let variables):
      guard variables.count <= 2 else { throw FlatMachineError("a lambda of more than two variables") }
      return .lambda(variables)
    case .call(let index):
      guard production.arguments.count <= 3 else {
        throw FlatMachineError("'\(grammar.definitions[index].name)' takes more than three arguments")
      }
      return .call(index)
    case .operation(let op):
      let sorts = production.arguments.map { grammar.nonterminals[$0].sort }
      if op != .loop2, sorts.contains(.pair) { throw FlatMachineError("'\(op.head)' of pairs") }
      return try symbol(op)
    }
  }

  private static func symbol(_ op: Operator) throws(FlatMachineError) -> Symbol {
    switch op {
    case .ite: return .choice
    case .pair: return .pair
    case .loop: return .loop
    case .loop2: return .loop2
    case .compr: return .compr
    default: break
    }
    guard let code = Code(op) else { throw FlatMachineError("'\(op.head)' does not run here") }
    let fields: [Operator] = [.fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide]
    return op.arity == 1
      ? .unary(code.rawValue) : .binary(code.rawValue, detail: fields.firstIndex(of: op) ?? 0)
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
  private func open() -> Int {
    append(.charge)
    return mark - 1
  }

  @discardableResult
  private func append(_ operation: Code, _ word: Int64 = 0, _ a: Int32 = 0) -> Int {
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
    case .unary(let code):
      charge(block)
      next = emit(next, &block)
      append(Code(rawValue: code)!)
    case .binary(let code, let detail):
      charge(block)
      next = emit(next, &block)
      next = emit(next, &block)
      append(Code(rawValue: code)!, Int64(detail))
    case .choice: next = emitChoice(next, &block)
    case .call(let index):
      let count = grammar.definitions[index].parameters.count
      for _ in 0..<count { next = emit(next, &block) }
      for slot in (0..<count).reversed() { append(.store, Int64(parameterSlots[index] + slot)) }
      emit(grammar.definitions[index].body, parameterSlots[index], &block)
    case .loop: next = emitBinding(.loop, next, 2, &block)
    case .loop2: next = emitBinding(.loop2, next, 2, &block)
    case .compr: next = emitBinding(.compr, next, 1, &block)
    case .lambda: preconditionFailure("a lambda outside of an operator that runs it")
    }
    return next
  }

  private func charge(_ block: Int) { state.pointee.code[block].word += 1 }

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

  /// The body stands before the arguments, and is jumped over.
  private func emitBinding(_ operation: Code, _ at: UnsafePointer<Int32>, _ arguments: Int, _ block: inout Int)
    -> UnsafePointer<Int32>
  {
    charge(block)
    var at = at
    while case .unit = symbols[Int(at.pointee)] { at += 1 }
    guard case .lambda(let variables) = symbols[Int(at.pointee)] else { preconditionFailure("a lambda comes first") }
    charge(block)
    let jump = append(.jump)
    let start = mark
    var inner = open()
    var next = emit(at + 1, &inner)
    append(.end)
    state.pointee.code[jump].word = Int64(mark)
    for _ in 0..<arguments { next = emit(next, &block) }
    append(operation, Function(start: start, variables: variables).packed, Int32(start))
    return next
  }
}

// MARK: - Definitions

extension FlatMachine {
  func compile(_ definition: Grammar.Definition) throws(FlatMachineError) {
    try check(definition.body, definition.name)
    let index = definitionCode.count
    definitionCode.append(mark)
    var block = open()
    emit(definition.body, parameterSlots[index], &block)
    append(.end)
  }

  private func check(_ term: Term, _ name: String) throws(FlatMachineError) {
    if case .lambda = term { throw FlatMachineError("'\(name)' has a lambda") }
    if case .operation(let op, _) = term, op != .ite, Code(op) == nil {
      throw FlatMachineError("'\(op.head)' in '\(name)' does not run here")
    }
    for argument in term.arguments { try check(argument, name) }
  }

  private func emit(_ term: Term, _ first: Int, _ block: inout Int) {
    switch term {
    case .variable(let index):
      charge(block)
      append(.variable, Int64(first + index))
    case .constant(let value, _):
      charge(block)
      append(.constant, value.word)
    case .operation(.ite, let arguments):
      charge(block)
      emit(arguments[0], first, &block)
      let branch = append(.branch)
      var inner = open()
      emit(arguments[1], first, &inner)
      let jump = append(.jump)
      state.pointee.code[branch].word = Int64(mark)
      inner = open()
      emit(arguments[2], first, &inner)
      state.pointee.code[jump].word = Int64(mark)
    case .operation(let op, let arguments):
      charge(block)
      for argument in arguments { emit(argument, first, &block) }
      guard case .binary(let code, let detail)? = try? Self.symbol(op) else {
        append(Code(op)!)
        return
      }
      append(Code(rawValue: code)!, Int64(detail))
    case .call(let index, let arguments):
      for argument in arguments { emit(argument, first, &block) }
      for slot in arguments.indices.reversed() { append(.store, Int64(parameterSlots[index] + slot)) }
      emit(grammar.definitions[index].body, parameterSlots[index], &block)
    case .lambda: preconditionFailure("a definition with a lambda is refused")
    }
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
}
