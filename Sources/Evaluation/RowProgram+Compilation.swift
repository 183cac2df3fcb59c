import CKernels
public import Grammars

/// Tables that kernels read, kept alive with the compiled symbols.
public final class KernelTables: @unchecked Sendable {
  /// Inverses modulo p, or nil when p is too large for a table.
  package let inverses: UnsafeMutablePointer<UInt32>?
  /// p of the field operators; 0 when there is none.
  public let modulus: Int64
  /// Runs what has binders and lists; nil when the grammar has neither.
  public let machine: TermMachine?

  /// Tables for the symbols of a grammar.
  public convenience init(_ grammar: Grammar) {
    self.init(modulus: grammar.modulus, machine: grammar.isStructured ? TermMachine(grammar) : nil)
  }

  /// The word of a value in rows that these tables serve.
  public func word(_ value: Value) -> Int64 { machine?.word(value) ?? value.word }

  /// The value of a word in rows that these tables serve; nil where it stands for none.
  package func value(_ word: Int64, _ sort: Sort) -> Value? {
    // Every word of a bit vector is a value.
    if word == Value.noValueWord, !sort.isBitVector { return nil }
    return machine?.value(word, sort) ?? Value(sort: sort, word: word)
  }

  /// Tables for a modulus (nil: none). Inverses are tabulated for p ≤ 2^16.
  public init(modulus: Int64?, machine: TermMachine? = nil) {
    self.modulus = modulus ?? 0
    self.machine = machine
    guard let p = modulus, p > 1, p <= 1 << 16 else {
      inverses = nil
      return
    }
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(p))
    table.initialize(repeating: 0, count: Int(p))
    for x in 1..<p { table[Int(x)] = UInt32(fieldInverse(of: x, modulo: p)) }
    inverses = table
  }

  deinit { inverses?.deallocate() }
}

extension RowProgram {
  /// Why a symbol cannot be compiled.
  public struct Unsupported: Error, Hashable, Sendable {
    /// What cannot be compiled, in one line.
    public let message: String
  }

  /// A symbol of a language with binders or lists; nil when kernels run it.
  package convenience init?(structured symbol: Grammar.Symbol, arity: Int, isOpen: Bool, tables: KernelTables) {
    guard let machine = tables.machine,
      let structure = StructuredSymbol(symbol, arity: arity, isOpen: isOpen, machine: machine)
    else { return nil }
    self.init(argumentCount: arity, instructions: [], constants: [], tables: tables, structure: structure)
  }

  /// From the result and the other argument of an operator on lists to its argument at `position`; nil without a rule.
  package convenience init?(undoing op: Operator, position: Int, tables: KernelTables) {
    guard let machine = tables.machine,
      let structure = StructuredSymbol(undoing: op, position: position, machine: machine)
    else { return nil }
    self.init(argumentCount: 2, instructions: [], constants: [], tables: tables, structure: structure)
  }

  /// A single operator on argument sorts `sorts`.
  public convenience init(_ op: Operator, sorts: [Sort], tables: KernelTables) {
    var builder = Builder(argumentCount: sorts.count, tables: tables)
    builder.append(op, sorts, Array(0..<sorts.count))
    self.init(builder)
  }

  /// The identity on one row.
  public static func copy(tables: KernelTables) -> RowProgram {
    var builder = Builder(argumentCount: 1, tables: tables)
    builder.emit(Int32(LEVIN_COPY.rawValue), [0], width: 0)
    return RowProgram(builder)
  }

  /// A defined function of at most three parameters.
  public convenience init(_ definition: Grammar.Definition, in grammar: Grammar, tables: KernelTables)
    throws(Unsupported)
  {
    guard definition.parameters.count <= 3 else {
      throw Unsupported(
        message: "'\(definition.name)' takes \(definition.parameters.count) arguments; the search handles at most 3")
    }
    var collector = Builder(argumentCount: definition.parameters.count, tables: tables)
    collector.collectConstants(definition.body, grammar)
    let result = try collector.expand(
      definition, grammar, definition.parameters.indices.map { ($0, definition.parameters[$0].sort) })
    if collector.instructions.isEmpty || collector.lastResult != result.source {
      collector.emit(Int32(LEVIN_COPY.rawValue), [result.source], width: 0)
    }
    guard max(collector.instructions.count, collector.constants.count) <= RowScratch.slots else {
      throw Unsupported(message: "'\(definition.name)' expands to more than \(RowScratch.slots) operators or constants")
    }
    self.init(collector)
  }

  /// A chain of operators; sources are numbered arguments first, then constants, then results.
  package convenience init(
    chain: [(Operator, [Sort], [Int])], argumentCount: Int, constants: [Int64], tables: KernelTables
  ) {
    precondition(max(chain.count, constants.count) <= RowScratch.slots, "a chain of \(chain.count) operators")
    var builder = Builder(argumentCount: argumentCount, tables: tables)
    builder.constants = constants
    for (op, sorts, sources) in chain { builder.append(op, sorts, sources) }
    self.init(builder)
  }

  private convenience init(_ builder: Builder) {
    self.init(
      argumentCount: builder.argumentCount, instructions: builder.instructions, constants: builder.constants,
      tables: builder.tables)
  }
}

private struct Builder {
  let argumentCount: Int
  let tables: KernelTables
  var constants: [Int64] = []
  var instructions: [RowProgram.Instruction] = []
  /// Results so far by what computes them, so that a subterm that repeats is computed once.
  private var known: [Application: Int] = [:]
  private struct Application: Hashable {
    let op: Operator
    let sorts: [Sort]
    let sources: [Int]
  }

  init(argumentCount: Int, tables: KernelTables) {
    self.argumentCount = argumentCount
    self.tables = tables
  }

  var lastResult: Int { argumentCount + constants.count + instructions.count - 1 }

  mutating func collectConstants(_ term: Term, _ grammar: Grammar) {
    switch term {
    case .variable: break
    case .lambda: preconditionFailure("a definition has no lambda")
    case .constant(let value, _): if !constants.contains(value.word) { constants.append(value.word) }
    case .operation(_, let arguments): for argument in arguments { collectConstants(argument, grammar) }
    case .call(let index, let arguments):
      for argument in arguments { collectConstants(argument, grammar) }
      collectConstants(grammar.definitions[index].body, grammar)
    }
  }

  /// The source of an operator's result.
  private mutating func shared(_ op: Operator, _ sorts: [Sort], _ sources: [Int]) -> Int {
    let application = Application(op: op, sorts: sorts, sources: sources)
    if let source = known[application] { return source }
    append(op, sorts, sources)
    known[application] = lastResult
    return lastResult
  }

  mutating func compile(_ term: Term, _ grammar: Grammar, _ environment: [(Int, Sort)])
    throws(RowProgram.Unsupported) -> (source: Int, sort: Sort)
  {
    switch term {
    case .lambda: throw RowProgram.Unsupported(message: "a definition with a lambda")
    case .variable(let index): return (environment[index].0, environment[index].1)
    case .constant(let value, _):
      return (argumentCount + constants.firstIndex(of: value.word)!, value.sort)
    case .operation(let op, _) where op.isStructured:
      throw RowProgram.Unsupported(message: "a definition with '\(op.head)'; write it as a production")
    case .operation(let op, let arguments):
      var compiled: [(source: Int, sort: Sort)] = []
      for argument in arguments { compiled.append(try compile(argument, grammar, environment)) }
      return (shared(op, compiled.map(\.sort), compiled.map(\.source)), op.resultSort(of: compiled.map(\.sort))!)
    case .call(let index, let arguments):
      var compiled: [(Int, Sort)] = []
      for argument in arguments {
        let result = try compile(argument, grammar, environment)
        compiled.append((result.source, result.sort))
      }
      return try expand(grammar.definitions[index], grammar, compiled)
    }
  }

  /// A call: the body, and no value where an argument that the body may leave unread has none.
  mutating func expand(_ definition: Grammar.Definition, _ grammar: Grammar, _ arguments: [(Int, Sort)])
    throws(RowProgram.Unsupported) -> (source: Int, sort: Sort)
  {
    var result = try compile(definition.body, grammar, arguments)
    let read = definition.body.variablesAlwaysRead
    for (index, (source, sort)) in arguments.enumerated()
    where !read.contains(index) && !sort.isBitVector && !result.sort.isBitVector {
      emit(Int32(LEVIN_EQ.rawValue), [source, source], width: 0)
      emit(Int32(LEVIN_ITE.rawValue), [lastResult, result.source, result.source], width: 0)
      result.source = lastResult
    }
    return result
  }

  mutating func emit(_ code: Int32, _ sources: [Int], width: Int, high: Int = 0, low: Int = 0) {
    let parameters = levin_parameters(
      modulus: tables.modulus, inverses: UnsafePointer(tables.inverses), width: UInt32(width), high: UInt32(high),
      low: UInt32(low))
    let first = sources[0]
    instructions.append(
      .init(
        code: code, parameters: parameters,
        sources: (first, sources.count > 1 ? sources[1] : first, sources.count > 2 ? sources[2] : first)))
  }

  mutating func append(_ op: Operator, _ sorts: [Sort], _ sources: [Int]) {
    let operand = op == .ite ? sorts[1] : sorts[0]
    let width = operand.width
    var high = 0
    var low = 0
    switch op {
    case .extract(let top, let bottom): (high, low) = (top, bottom)
    case .signExtend(let count): high = width + count
    case .rotateLeft(let count): low = count % width
    case .rotateRight(let count): low = (width - count % width) % width
    case .repeat(let count): low = count
    case .concat: low = sorts[1].width
    default: break
    }
    emit(Int32(op.kernel(onBitVectors: operand.isBitVector).rawValue), sources, width: width, high: high, low: low)
  }
}

extension Term {
  /// Parameters that every run of the term reads, whichever branches it takes.
  fileprivate var variablesAlwaysRead: Set<Int> {
    switch self {
    case .variable(let index): [index]
    case .constant: []
    case .operation(.ite, let arguments):
      arguments[0].variablesAlwaysRead.union(
        arguments[1].variablesAlwaysRead.intersection(arguments[2].variablesAlwaysRead))
    case .operation(_, let arguments), .call(_, let arguments):
      arguments.reduce(into: []) { $0.formUnion($1.variablesAlwaysRead) }
    case .lambda(_, let body): body.variablesAlwaysRead
    }
  }
}

extension Operator {
  fileprivate func kernel(onBitVectors: Bool) -> levin_op {
    switch self {
    case .ite: onBitVectors ? LEVIN_BVITE : LEVIN_ITE
    case .equal: onBitVectors ? LEVIN_BVEQ : LEVIN_EQ
    case .distinct: onBitVectors ? LEVIN_BVNE : LEVIN_NE
    case .not: LEVIN_NOT
    case .and: LEVIN_AND
    case .or: LEVIN_OR
    case .xor: LEVIN_XOR
    case .implies: LEVIN_IMPLIES
    case .add: LEVIN_ADD
    case .subtract: LEVIN_SUB
    case .multiply: LEVIN_MUL
    case .negate: LEVIN_NEG
    case .div: LEVIN_DIV
    case .mod: LEVIN_MOD
    case .abs: LEVIN_ABS
    case .less: LEVIN_LT
    case .lessOrEqual: LEVIN_LE
    case .greater: LEVIN_GT
    case .greaterOrEqual: LEVIN_GE
    case .even: LEVIN_EVEN
    case .fieldAdd: LEVIN_FADD
    case .fieldSubtract: LEVIN_FSUB
    case .fieldMultiply: LEVIN_FMUL
    case .fieldDivide: LEVIN_FDIV
    case .bvnot: LEVIN_BVNOT
    case .bvneg: LEVIN_BVNEG
    case .bvand: LEVIN_BVAND
    case .bvor: LEVIN_BVOR
    case .bvxor: LEVIN_BVXOR
    case .bvnand: LEVIN_BVNAND
    case .bvnor: LEVIN_BVNOR
    case .bvxnor: LEVIN_BVXNOR
    case .bvadd: LEVIN_BVADD
    case .bvsub: LEVIN_BVSUB
    case .bvmul: LEVIN_BVMUL
    case .bvudiv: LEVIN_BVUDIV
    case .bvurem: LEVIN_BVUREM
    case .bvsdiv: LEVIN_BVSDIV
    case .bvsrem: LEVIN_BVSREM
    case .bvsmod: LEVIN_BVSMOD
    case .bvshl: LEVIN_BVSHL
    case .bvlshr: LEVIN_BVLSHR
    case .bvashr: LEVIN_BVASHR
    case .bvult: LEVIN_BVULT
    case .bvule: LEVIN_BVULE
    case .bvugt: LEVIN_BVUGT
    case .bvuge: LEVIN_BVUGE
    case .bvslt: LEVIN_BVSLT
    case .bvsle: LEVIN_BVSLE
    case .bvsgt: LEVIN_BVSGT
    case .bvsge: LEVIN_BVSGE
    case .bvcomp: LEVIN_BVCOMP
    case .concat: LEVIN_CONCAT
    case .extract: LEVIN_EXTRACT
    case .zeroExtend: LEVIN_COPY
    case .signExtend: LEVIN_SIGN_EXTEND
    case .rotateLeft, .rotateRight: LEVIN_ROTATE_LEFT
    case .repeat: LEVIN_REPEAT
    case .compose: LEVIN_COMPOSE
    case .inverse: LEVIN_INVERSE
    // Structured ones.
    default: preconditionFailure("\(head) has no kernel")
    }
  }
}
