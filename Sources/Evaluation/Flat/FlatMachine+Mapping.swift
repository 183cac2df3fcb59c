import Grammars

/// Operators that run a lambda along a list. What its body makes is given back after each element but for the state.
extension FlatMachine {
  /// `(map body list)`.
  func map(_ function: Function, _ list: Int64) -> Int64 {
    let (start, count, base) = (ListArena.start(list), ListArena.count(list), depth)
    guard let result = write(count) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    for position in 0..<count {
      slots[function.first] = state.pointee.lists.words[start + position]
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      state.pointee.lists.words[result + position] = stack[base]
      state.pointee.lists.top = result + count
    }
    return ListArena.word(result, count)
  }

  /// `(filter test list)`.
  func filter(_ function: Function, _ list: Int64) -> Int64 {
    let (start, count, base) = (ListArena.start(list), ListArena.count(list), depth)
    guard let result = reserve(count) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    var kept = 0
    for position in 0..<count {
      let element = state.pointee.lists.words[start + position]
      slots[function.first] = element
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      state.pointee.lists.top = result + count
      if stack[base] == 1 {
        state.pointee.lists.words[result + kept] = element
        kept += 1
      }
    }
    state.pointee.lists.top = result + kept
    return step(UInt64(kept)) ? ListArena.word(result, kept) : Value.noValueWord
  }

  /// `(fold body start list)`.
  func fold(_ function: Function, start state0: Int64, _ list: Int64, isList: Bool) -> Int64 {
    let (start, count, base) = (ListArena.start(list), ListArena.count(list), depth)
    guard step(UInt64(count)) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    let mark = listMark
    var x = state0
    for position in 0..<count {
      slots[function.first] = x
      slots[function.second] = state.pointee.lists.words[start + position]
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      x = release(stack[base], to: mark, isList: isList)
    }
    return x
  }

  /// `(scan body start list)`.
  func scan(_ function: Function, start state0: Int64, _ list: Int64) -> Int64 {
    let (start, count, base) = (ListArena.start(list), ListArena.count(list), depth)
    guard let result = write(count) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    var x = state0
    for position in 0..<count {
      slots[function.first] = x
      slots[function.second] = state.pointee.lists.words[start + position]
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      x = stack[base]
      state.pointee.lists.words[result + position] = x
      state.pointee.lists.top = result + count
    }
    return ListArena.word(result, count)
  }

  /// `(transduce start update output)` along the list in slot 0; with `second` the state is a pair.
  func transduce(
    _ update: Function, _ output: Function, start first: Int64, _ second: Int64, isPair: Bool
  ) -> Int64 {
    let (stream, base, mark) = (slots[0], depth, listMark)
    let (start, count) = (ListArena.start(stream), ListArena.count(stream))
    var (s, t) = (first, second)
    func run(_ function: Function, _ symbol: Int64) -> Bool {
      slots[function.first] = s
      if isPair { slots[function.second] = t }
      slots[isPair ? function.third : function.second] = symbol
      let hasValue = execute(function.start)
      depth = base
      listMark = mark
      return hasValue
    }
    /// The state after all symbols. The output does not see the variables of the update.
    func finish() -> Bool {
      let saved = variables(of: update)
      defer { restore(saved, update) }
      for position in 0..<count {
        guard run(update, state.pointee.lists.words[start + position]) else { return false }
        s = stack[base]
        if isPair { t = stack[base + 1] }
      }
      return true
    }
    guard finish() else { return Value.noValueWord }
    if count == 0 {
      _ = fail(.outOfRange)
      return Value.noValueWord
    }
    let saved = variables(of: output)
    defer { restore(saved, output) }
    return run(output, state.pointee.lists.words[start + count - 1]) ? stack[base] : Value.noValueWord
  }

  /// `(nested body open close)` of the list in slot 0: groups that are not closed lie in one list, each above the place where the
  /// one around it begins.
  func nested(_ function: Function, open: Int64, close: Int64) -> Int64 {
    let (stream, base) = (slots[0], depth)
    let (start, count) = (ListArena.start(stream), ListArena.count(stream))
    guard step(UInt64(count)), let bottom = reserve(count) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    func value(from first: Int, to end: Int) -> Int64 {
      slots[function.first] = ListArena.word(first, end - first)
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      state.pointee.lists.top = bottom + count
      return stack[base]
    }
    func unpaired() -> Int64 {
      _ = fail(.outOfRange)
      return Value.noValueWord
    }
    var (first, end) = (bottom, bottom)
    for position in 0..<count {
      var symbol = state.pointee.lists.words[start + position]
      if symbol == open {
        symbol = Int64(first)
        first = end + 1
      } else if symbol == close {
        if first == bottom { return unpaired() }
        symbol = value(from: first, to: end)
        if symbol == Value.noValueWord { return symbol }
        end = first - 1
        first = Int(state.pointee.lists.words[end])
      }
      state.pointee.lists.words[end] = symbol
      end += 1
    }
    return first == bottom ? value(from: bottom, to: end) : unpaired()
  }

  /// `(solve body unknown)` of the list in slot 0.
  func solve(_ function: Function, unknown: Int64) -> Int64 {
    let (stream, base) = (slots[0], depth)
    let (start, count) = (ListArena.start(stream), ListArena.count(stream))
    guard let list = reserve(count) else { return Value.noValueWord }
    let saved = variables(of: function)
    defer { restore(saved, function) }
    var y: Int64 = 0
    while step(UInt64(count)) {
      for position in 0..<count {
        let symbol = state.pointee.lists.words[start + position]
        state.pointee.lists.words[list + position] = symbol == unknown ? y : symbol
      }
      slots[function.first] = ListArena.word(list, count)
      guard execute(function.start) else { return Value.noValueWord }
      depth = base
      state.pointee.lists.top = list + count
      if stack[base] == 0 { return y }
      y &+= 1
    }
    return Value.noValueWord
  }

  /// Gives back what a body made but its value.
  @inline(__always)
  func release(_ word: Int64, to mark: Int, isList: Bool) -> Int64 {
    if isList { return state.pointee.lists.keep(word, since: mark) }
    state.pointee.lists.top = mark
    return word
  }
}
