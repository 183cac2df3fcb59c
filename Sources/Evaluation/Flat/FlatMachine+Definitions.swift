import Grammars

/// Definitions of the grammar: terms over their parameters, compiled where they are called.
extension FlatMachine {
  func compile(_ definition: Grammar.Definition) {
    let index = definitionCode.count
    definitionCode.append(mark)
    var block = open()
    emit(definition, parameterSlots[index], &block)
    append(.end)
  }

  /// The sort of a term of a definition; all of its operators run here, and are added to `symbols`.
  @discardableResult
  static func check(
    _ term: Term, _ definition: Grammar.Definition, _ grammar: Grammar, addingTo symbols: inout [Symbol]
  ) throws(FlatMachineError) -> Sort {
    var sorts: [Sort] = []
    for argument in term.arguments { sorts.append(try check(argument, definition, grammar, addingTo: &symbols)) }
    switch term {
    case .lambda: throw FlatMachineError("'\(definition.name)' has a lambda")
    case .variable(let index): return definition.parameters[index].sort
    case .constant(let value, _): return value.sort
    case .call(let index, _): return grammar.definitions[index].sort
    case .operation(let op, _):
      let symbol: Symbol
      do { symbol = try Self.symbol(op, sorts, grammar) } catch {
        throw FlatMachineError("\(error.description) in '\(definition.name)'")
      }
      switch symbol {
      case .choice, .unary, .binary, .listUnary, .listBinary, .total: break
      default: throw FlatMachineError("'\(op.head)' in '\(definition.name)' does not run here")
      }
      symbols.append(symbol)
      guard let sort = op.resultSort(of: sorts) else { preconditionFailure("'\(op.head)' of \(sorts)") }
      return sort
    }
  }

  /// Emits the body of a definition whose parameters are in slots from `first` on.
  func emit(_ definition: Grammar.Definition, _ first: Int, _ block: inout Int) {
    _ = emit(definition.body, definition, first, &block)
  }

  @discardableResult
  private func emit(_ term: Term, _ definition: Grammar.Definition, _ first: Int, _ block: inout Int) -> Sort {
    switch term {
    case .variable(let index):
      charge(block)
      append(.variable, Int64(first + index))
      return definition.parameters[index].sort
    case .constant(let value, _):
      charge(block)
      append(.constant, word(value))
      return value.sort
    case .operation(.ite, let arguments):
      charge(block)
      emit(arguments[0], definition, first, &block)
      let branch = append(.branch)
      var inner = open()
      emit(arguments[1], definition, first, &inner)
      let jump = append(.jump)
      state.pointee.code[branch].word = Int64(mark)
      inner = open()
      let sort = emit(arguments[2], definition, first, &inner)
      state.pointee.code[jump].word = Int64(mark)
      return sort
    case .operation(let op, let arguments):
      charge(block)
      var sorts: [Sort] = []
      for argument in arguments { sorts.append(emit(argument, definition, first, &block)) }
      switch try? Self.symbol(op, sorts, grammar) {
      case .binary(let code, let detail): append(code, Int64(detail))
      case .unary(let code), .listUnary(let code), .listBinary(let code): append(code)
      case .total(let total): append(total)
      default: preconditionFailure("'\(op.head)' was refused")
      }
      return op.resultSort(of: sorts)!
    case .call(let index, let arguments):
      for argument in arguments { emit(argument, definition, first, &block) }
      for slot in arguments.indices.reversed() { append(.store, Int64(parameterSlots[index] + slot)) }
      emit(grammar.definitions[index], parameterSlots[index], &block)
      return grammar.definitions[index].sort
    case .lambda: preconditionFailure("a definition with a lambda is refused")
    }
  }
}
