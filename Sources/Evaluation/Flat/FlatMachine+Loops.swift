import Grammars

/// Operators that run a lambda.
extension FlatMachine {
  /// The body of a lambda and the slots of its variables, at most two.
  package struct Function: Sendable {
    package let start: Int
    let first: Int
    let second: Int

    package init(start: Int, variables: [Int]) {
      self.start = start
      first = variables.first ?? 0
      second = variables.count > 1 ? variables[1] : first
    }

    private init(start: Int, first: Int, second: Int) { (self.start, self.first, self.second) = (start, first, second) }

    /// The same variables with another body.
    package func at(_ start: Int) -> Function { Function(start: start, first: first, second: second) }

    init(_ instruction: Instruction) {
      start = Int(instruction.a)
      (first, second) = (Int(instruction.word & 0xFFFFF), Int(instruction.word >> 20))
    }

    var packed: Int64 { Int64(first) | Int64(second) << 20 }
  }

  /// Runs a binding instruction on the top of the stack, and puts its value there.
  func bind(_ instruction: UnsafeMutablePointer<Instruction>) -> Bool {
    let function = Function(instruction.pointee)
    let result: Int64
    switch instruction.pointee.code {
    case .loop:
      depth -= 2
      result = loop(function, count: stack[depth], start: stack[depth + 1])
    case .loop2:
      depth -= 3
      result = loop2(function, count: stack[depth], start: stack[depth + 1], stack[depth + 2])
    default:
      depth -= 1
      result = comprehension(function, number: stack[depth])
    }
    if result == Value.noValueWord { return false }
    stack[depth] = result
    depth += 1
    return true
  }

  /// `(loop body count start)`; the variables have their former values again afterwards.
  package func loop(_ function: Function, count: Int64, start: Int64) -> Int64 {
    let slots = slots
    let base = depth
    let saved = (slots[function.first], slots[function.second])
    defer { (slots[function.second], slots[function.first]) = (saved.1, saved.0) }
    var x = start
    var i: Int64 = 1
    while i <= count {
      slots[function.first] = x
      slots[function.second] = i
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      x = stack[base]
      i &+= 1
    }
    return x
  }

  /// `(loop2 body count (pair x y))`.
  package func loop2(_ function: Function, count: Int64, start first: Int64, _ second: Int64) -> Int64 {
    let slots = slots
    let base = depth
    let saved = (slots[function.first], slots[function.second])
    defer { (slots[function.second], slots[function.first]) = (saved.1, saved.0) }
    var (x, y) = (first, second)
    var i: Int64 = 0
    while i < count {
      slots[function.first] = x
      slots[function.second] = y
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      (x, y) = (stack[base], stack[base + 1])
      i &+= 1
    }
    return x
  }

  /// `(compr test number)`.
  package func comprehension(_ function: Function, number: Int64) -> Int64 {
    if number < 0 {
      _ = fail(.outOfRange)
      return Value.noValueWord
    }
    let slots = slots
    let base = depth
    let saved = slots[function.first]
    defer { slots[function.first] = saved }
    var (left, m) = (number, Int64(0))
    while true {
      slots[function.first] = m
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      if stack[base] == 1 {
        if left == 0 { return m }
        left -= 1
      }
      m &+= 1
    }
  }
}

// MARK: - One operator at a time

extension FlatMachine {
  /// Sets the steps back to 0 and their limit.
  package func begin(limit: UInt64) {
    state.pointee.steps = 0
    state.pointee.limit = limit
    state.pointee.depth = 0
  }

  /// A symbol's operator (`Symbol.unary`) on a word; `Value.noValueWord` without a value.
  package func unary(_ code: Int32, _ x: Int64) -> Int64 { unary(Code(rawValue: code)!, x) }

  /// A symbol's operator (`Symbol.binary`) on two words.
  package func binary(_ code: Int32, _ detail: Int, _ x: Int64, _ y: Int64) -> Int64 {
    binary(Code(rawValue: code)!, detail, x, y)
  }

  /// The body of a definition on words of its parameters.
  package func call(_ index: Int, _ arguments: [Int64]) -> Int64 {
    for (offset, word) in arguments.enumerated() { slots[parameterSlots[index] + offset] = word }
    return execute(definitionCode[index]) ? stack[0] : Value.noValueWord
  }
}
