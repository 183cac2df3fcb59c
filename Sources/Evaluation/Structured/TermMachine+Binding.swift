import Grammars

/// Operators that run a lambda.
extension TermMachine {
  /// The body of a lambda and the slots of its variables.
  struct Function {
    let body: Int32
    let first: Int
    let second: Int
    let third: Int

    init(_ node: TermStore.Node) {
      body = node.a
      (first, second, third) = (Int(node.c & 1023), Int(node.c >> 10 & 1023), Int(node.c >> 20))
    }
  }

  func evaluateBinding(_ node: TermStore.Node) -> Int64 {
    var words: (Int64, Int64, Int64) = (0, 0, 0)
    words.0 = evaluate(node.a)
    if words.0 == Value.noValueWord { return words.0 }
    words.1 = evaluate(node.b)
    if words.1 == Value.noValueWord { return words.1 }
    if node.head.takesThree {
      words.2 = evaluate(node.c)
      if words.2 == Value.noValueWord { return words.2 }
    }
    return bind(node.head, words.0, words.1, words.2)
  }

  /// An operator that runs a lambda, on values of its arguments; a lambda's value is its number.
  ///
  /// The variables of the lambda have their former values again afterwards.
  func bind(_ head: TermStore.Head, _ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
    let isTransduction = head == .transduce || head == .transduce2
    let function = Function(state.pointee.terms.nodes[Int(isTransduction ? b : a)])
    if isTransduction {
      let output = Function(state.pointee.terms.nodes[Int(c)])
      return head == .transduce ? transduce(start: a, function, output) : transduce2(start: a, function, output)
    }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    switch head {
    case .loop: return loop(function, count: b, start: c)
    case .loop2: return loop2(function, count: b, start: c)
    case .compr: return comprehension(function, number: b)
    case .map: return map(function, b)
    case .filter: return filter(function, b)
    case .fold: return fold(function, start: b, list: c)
    case .scan: return scan(function, start: b, list: c)
    case .nested: return nested(function, open: b, close: c)
    default: return solve(function, unknown: b)
    }
  }

  @inline(__always)
  private func variables(of function: Function) -> (Int64, Int64, Int64) {
    let slots = state.pointee.slots
    return (slots[function.first], slots[function.second], slots[function.third])
  }

  /// Gives the variables of a lambda their values back. Where it has fewer than three the others are slot 0, which may be the
  /// first: that comes last.
  @inline(__always)
  private func restore(_ saved: (Int64, Int64, Int64), _ function: Function) {
    let slots = state.pointee.slots
    slots[function.third] = saved.2
    slots[function.second] = saved.1
    slots[function.first] = saved.0
  }

  private func loop(_ function: Function, count: Int64, start: Int64) -> Int64 {
    let slots = state.pointee.slots
    var x = start
    var i: Int64 = 1
    while i <= count {
      slots[function.first] = x
      slots[function.second] = i
      x = evaluate(function.body)
      if x == Value.noValueWord { return x }
      i &+= 1
    }
    return x
  }

  private func loop2(_ function: Function, count: Int64, start: Int64) -> Int64 {
    let slots = state.pointee.slots
    var (x, y) = parts(start)
    let node = state.pointee.terms.nodes[Int(function.body)]
    var i: Int64 = 0
    while i < count {
      slots[function.first] = x
      slots[function.second] = y
      if node.head == .pair {
        // The pair of a body is not kept as a list: its parts are all that is wanted.
        guard step() else { return Value.noValueWord }
        x = operand(node.a)
        if x == Value.noValueWord { return x }
        y = operand(node.b)
        if y == Value.noValueWord { return y }
      } else {
        let word = evaluate(function.body)
        if word == Value.noValueWord { return word }
        (x, y) = parts(word)
      }
      i &+= 1
    }
    return x
  }

  @inline(__always)
  func parts(_ pair: Int64) -> (Int64, Int64) {
    let list = state.pointee.lists.list(pair)
    return (list[0], list[1])
  }

  private func comprehension(_ function: Function, number: Int64) -> Int64 {
    if number < 0 { return fail(.outOfRange) }
    var (left, m) = (number, Int64(0))
    while true {
      state.pointee.slots[function.first] = m
      let passes = evaluate(function.body)
      if passes == Value.noValueWord { return passes }
      if passes == 1 {
        if left == 0 { return m }
        left -= 1
      }
      m &+= 1
    }
  }

  private func map(_ function: Function, _ list: Int64) -> Int64 {
    let count = state.pointee.lists.list(list).count
    guard step(UInt64(count)) else { return Value.noValueWord }
    let base = state.pointee.top
    for position in 0..<count {
      state.pointee.slots[function.first] = state.pointee.lists.list(list)[position]
      let word = evaluate(function.body)
      if word == Value.noValueWord { return word }
      push(word)
    }
    return popList(from: base)
  }

  private func filter(_ function: Function, _ list: Int64) -> Int64 {
    let count = state.pointee.lists.list(list).count
    let base = state.pointee.top
    for position in 0..<count {
      let element = state.pointee.lists.list(list)[position]
      state.pointee.slots[function.first] = element
      let passes = evaluate(function.body)
      if passes == Value.noValueWord { return passes }
      if passes == 1 { push(element) }
    }
    guard step(UInt64(state.pointee.top - base)) else { return Value.noValueWord }
    return popList(from: base)
  }

  private func fold(_ function: Function, start: Int64, list: Int64) -> Int64 {
    let slots = state.pointee.slots
    let count = state.pointee.lists.list(list).count
    guard step(UInt64(count)) else { return Value.noValueWord }
    var x = start
    for position in 0..<count {
      slots[function.first] = x
      slots[function.second] = state.pointee.lists.list(list)[position]
      x = evaluate(function.body)
      if x == Value.noValueWord { return x }
    }
    return x
  }

  private func scan(_ function: Function, start: Int64, list: Int64) -> Int64 {
    let slots = state.pointee.slots
    let count = state.pointee.lists.list(list).count
    guard step(UInt64(count)) else { return Value.noValueWord }
    var x = start
    let base = state.pointee.top
    for position in 0..<count {
      slots[function.first] = x
      slots[function.second] = state.pointee.lists.list(list)[position]
      x = evaluate(function.body)
      if x == Value.noValueWord { return x }
      push(x)
    }
    return popList(from: base)
  }

  /// The state after all symbols of the stream, then the output of it and the last symbol.
  private func transduce(start: Int64, _ update: Function, _ output: Function) -> Int64 {
    let stream = state.pointee.slots[0]
    guard let s = run(update, start: start, over: stream) else { return Value.noValueWord }
    return answer(output, s, stream)
  }

  /// The state after all symbols; nil without one. The output does not see the variables of the update.
  func run(_ update: Function, start: Int64, over stream: Int64) -> Int64? {
    let slots = state.pointee.slots
    let saved = variables(of: update)
    defer { restore(saved, update) }
    let count = state.pointee.lists.list(stream).count
    var s = start
    for position in 0..<count {
      slots[update.first] = s
      slots[update.second] = state.pointee.lists.list(stream)[position]
      s = evaluate(update.body)
      if s == Value.noValueWord { return nil }
    }
    return s
  }

  func answer(_ output: Function, _ s: Int64, _ stream: Int64) -> Int64 {
    guard let last = state.pointee.lists.list(stream).last else { return fail(.outOfRange) }
    let slots = state.pointee.slots
    let saved = variables(of: output)
    defer { restore(saved, output) }
    slots[output.first] = s
    slots[output.second] = last
    return evaluate(output.body)
  }

  private func transduce2(start: Int64, _ update: Function, _ output: Function) -> Int64 {
    let stream = state.pointee.slots[0]
    guard let (s, t) = run2(update, start: start, over: stream) else { return Value.noValueWord }
    return answer2(output, s, t, stream)
  }

  func run2(_ update: Function, start: Int64, over stream: Int64) -> (Int64, Int64)? {
    let slots = state.pointee.slots
    let saved = variables(of: update)
    defer { restore(saved, update) }
    let count = state.pointee.lists.list(stream).count
    var (s, t) = parts(start)
    let node = state.pointee.terms.nodes[Int(update.body)]
    for position in 0..<count {
      slots[update.first] = s
      slots[update.second] = t
      slots[update.third] = state.pointee.lists.list(stream)[position]
      if node.head == .pair {
        guard step() else { return nil }
        s = operand(node.a)
        if s == Value.noValueWord { return nil }
        t = operand(node.b)
        if t == Value.noValueWord { return nil }
      } else {
        let word = evaluate(update.body)
        if word == Value.noValueWord { return nil }
        (s, t) = parts(word)
      }
    }
    return (s, t)
  }

  func answer2(_ output: Function, _ s: Int64, _ t: Int64, _ stream: Int64) -> Int64 {
    guard let last = state.pointee.lists.list(stream).last else { return fail(.outOfRange) }
    let slots = state.pointee.slots
    let saved = variables(of: output)
    defer { restore(saved, output) }
    slots[output.first] = s
    slots[output.second] = t
    slots[output.third] = last
    return evaluate(output.body)
  }
}

// MARK: - Streams with brackets and unknowns

extension TermMachine {
  /// Symbols of groups that are not closed lie on the scratch stack, each group above the place where the one around it begins.
  private func nested(_ function: Function, open: Int64, close: Int64) -> Int64 {
    let stream = state.pointee.slots[0]
    let count = state.pointee.lists.list(stream).count
    guard step(UInt64(count)) else { return Value.noValueWord }
    let bottom = state.pointee.top
    var base = bottom
    for position in 0..<count {
      let symbol = state.pointee.lists.list(stream)[position]
      if symbol == open {
        push(Int64(base))
        base = state.pointee.top
      } else if symbol == close {
        if base == bottom { return fail(.outOfRange) }
        let outer = Int(state.pointee.scratch[base - 1])
        state.pointee.slots[function.first] = popList(from: base)
        let value = evaluate(function.body)
        if value == Value.noValueWord { return value }
        state.pointee.top = base - 1
        push(value)
        base = outer
      } else {
        push(symbol)
      }
    }
    if base != bottom { return fail(.outOfRange) }
    state.pointee.slots[function.first] = popList(from: bottom)
    return evaluate(function.body)
  }

  private func solve(_ function: Function, unknown: Int64) -> Int64 {
    let stream = state.pointee.slots[0]
    let count = state.pointee.lists.list(stream).count
    var y: Int64 = 0
    while true {
      guard step(UInt64(count)) else { return Value.noValueWord }
      let base = state.pointee.top
      for position in 0..<count {
        let symbol = state.pointee.lists.list(stream)[position]
        push(symbol == unknown ? y : symbol)
      }
      state.pointee.slots[function.first] = popList(from: base)
      let value = evaluate(function.body)
      if value == Value.noValueWord || value == 0 { return value == 0 ? y : value }
      y &+= 1
    }
  }
}

// MARK: - Lists in the making

extension TermMachine {
  @inline(__always)
  func push(_ word: Int64) {
    if state.pointee.top == state.pointee.scratchCapacity { grow() }
    state.pointee.scratch[state.pointee.top] = word
    state.pointee.top += 1
  }

  private func grow() {
    let capacity = state.pointee.scratchCapacity
    let larger = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * capacity)
    larger.update(from: state.pointee.scratch, count: capacity)
    state.pointee.scratch.deallocate()
    state.pointee.scratch = larger
    state.pointee.scratchCapacity = 2 * capacity
  }

  /// The list of what was pushed since `base`.
  @inline(__always)
  func popList(from base: Int) -> Int64 {
    let list = UnsafeBufferPointer(start: state.pointee.scratch + base, count: state.pointee.top - base)
    state.pointee.top = base
    return state.pointee.lists.intern(list)
  }
}

extension TermStore.Head {
  var takesThree: Bool {
    switch self {
    case .loop, .loop2, .fold, .scan, .transduce, .transduce2, .nested, .ite: true
    default: false
    }
  }
}
