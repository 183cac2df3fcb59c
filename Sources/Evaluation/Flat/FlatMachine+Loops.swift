import Grammars

/// Operators that run a lambda.
extension FlatMachine {
  /// The body of a lambda and the slots of its variables, at most three.
  package struct Function: Sendable {
    package let start: Int
    let first: Int
    let second: Int
    let third: Int

    package init(start: Int, variables: [Int]) {
      self.start = start
      first = variables.first ?? 0
      second = variables.count > 1 ? variables[1] : first
      third = variables.count > 2 ? variables[2] : second
    }

    /// The same variables with another body.
    package func at(_ start: Int) -> Function { Function(start: start, first: first, second: second, third: third) }

    private init(start: Int, first: Int, second: Int, third: Int) {
      (self.start, self.first, self.second, self.third) = (start, first, second, third)
    }

    init(_ instruction: Instruction) {
      let word = instruction.word
      start = Int(instruction.a)
      (first, second, third) = (Int(word & 0xFFFFF), Int(word >> 20 & 0xFFFFF), Int(word >> 40))
    }

    var packed: Int64 { Int64(first) | Int64(second) << 20 | Int64(third) << 40 }
  }

  /// Runs a binding instruction on the top of the stack, and puts its value there.
  @inline(never)
  func bind(_ instruction: UnsafeMutablePointer<Instruction>) -> Bool {
    let function = Function(instruction.pointee)
    let code = instruction.pointee.code
    let result: Int64
    switch code {
    case .transduce, .transduce2:
      depth -= code == .transduce ? 1 : 2
      result = transduce(
        function, Function(instruction[1]), start: stack[depth], stack[depth + 1], isPair: code == .transduce2)
    case .compr, .map, .filter, .solve:
      depth -= 1
      result = bound(code, function, stack[depth], 0, 0)
    case .loop2:
      depth -= 3
      result = bound(code, function, stack[depth], stack[depth + 1], stack[depth + 2])
    default:
      depth -= 2
      result = bound(code, function, stack[depth], stack[depth + 1], 0)
    }
    if result == Value.noValueWord { return false }
    stack[depth] = result
    depth += 1
    return true
  }

  /// An operator that runs a lambda (`Symbol.binding`), on its other arguments; `c` is the second part of a pair.
  @inline(__always)
  package func bound(_ code: Code, _ function: Function, _ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
    switch code {
    case .loop, .loopList: loop(function, count: a, start: b, isList: code == .loopList)
    case .loop2: loop2(function, count: a, start: b, c)
    case .compr: comprehension(function, number: a)
    case .map: map(function, a)
    case .filter: filter(function, a)
    case .fold, .foldList: fold(function, start: a, b, isList: code == .foldList)
    case .scan: scan(function, start: a, b)
    case .nested: nested(function, open: a, close: b)
    case .solve: solve(function, unknown: a)
    default: preconditionFailure("\(code) takes no lambda before its other arguments")
    }
  }

  /// Values that a lambda's variables hide while its body runs.
  @inline(__always)
  func variables(of function: Function) -> (Int64, Int64, Int64) {
    (slots[function.first], slots[function.second], slots[function.third])
  }

  @inline(__always)
  func restore(_ saved: (Int64, Int64, Int64), _ function: Function) {
    (slots[function.third], slots[function.second], slots[function.first]) = (saved.2, saved.1, saved.0)
  }

  /// `(loop body count start)`; the variables have their former values again afterwards.
  private func loop(_ function: Function, count: Int64, start: Int64, isList: Bool) -> Int64 {
    let slots = slots
    let (base, mark) = (depth, listMark)
    let saved = variables(of: function)
    defer { restore(saved, function) }
    var x = start
    var i: Int64 = 1
    while i <= count {
      slots[function.first] = x
      slots[function.second] = i
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      x = release(stack[base], to: mark, isList: isList)
      i &+= 1
    }
    return x
  }

  /// `(loop2 body count (pair x y))`.
  private func loop2(_ function: Function, count: Int64, start first: Int64, _ second: Int64) -> Int64 {
    let slots = slots
    let (base, mark) = (depth, listMark)
    let saved = variables(of: function)
    defer { restore(saved, function) }
    var (x, y) = (first, second)
    var i: Int64 = 0
    while i < count {
      slots[function.first] = x
      slots[function.second] = y
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      (x, y) = (stack[base], stack[base + 1])
      listMark = mark
      i &+= 1
    }
    return x
  }

  /// `(compr test number)`.
  private func comprehension(_ function: Function, number: Int64) -> Int64 {
    if number < 0 {
      _ = fail(.outOfRange)
      return Value.noValueWord
    }
    let slots = slots
    let (base, mark) = (depth, listMark)
    let saved = slots[function.first]
    defer { slots[function.first] = saved }
    var (left, m) = (number, Int64(0))
    var check = state.pointee.countsSettledRounds ? Self.firstCheck : -1
    while true {
      if m == check {
        if let rest = settledTest(function, from: m) { return endSearch(at: m, left: left, rest) }
        check &*= Self.laterChecks
      }
      slots[function.first] = m
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      listMark = mark
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
  @inlinable package func begin(limit: UInt64) {
    state.pointee.steps = 0
    state.pointee.limit = limit
    state.pointee.depth = 0
  }

  /// A symbol's operator (`Symbol.transduction`) on its start; the second word of a pair is `stride` words behind the first.
  package func transduce(
    _ code: Code, _ update: Function, _ output: Function, from start: UnsafePointer<Int64>, stride: Int
  ) -> Int64 {
    let isPair = code == .transduce2
    return transduce(update, output, start: start[0], isPair ? start[stride] : 0, isPair: isPair)
  }

  /// The body of a definition on words of its parameters.
  package func call(_ index: Int, _ arguments: [Int64]) -> Int64 {
    for (offset, word) in arguments.enumerated() { slots[parameterSlots[index] + offset] = word }
    return execute(definitionCode[index]) ? stack[0] : Value.noValueWord
  }
}
