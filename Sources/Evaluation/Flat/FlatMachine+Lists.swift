public import Grammars

/// Operators on lists that run no lambda. Elements read or written are charged before memory is taken for them.
extension FlatMachine {
  /// Where the next list goes; set back, it gives lists up.
  @inlinable package var listMark: Int {
    get { state.pointee.lists.top }
    set { state.pointee.lists.top = newValue }
  }

  /// Gives all lists since `mark` back but this one, which may be older; its word is another one then.
  package func keep(_ list: Int64, since mark: Int) -> Int64 { state.pointee.lists.keep(list, since: mark) }

  /// Words of lists from `mark` on, and back: a part of the arena on another machine for the same grammar.
  package func lists(from mark: Int) -> [Int64] { (mark..<listMark).map { state.pointee.lists.words[$0] } }
  package func append(_ words: [Int64]) { _ = state.pointee.lists.place(words) }

  /// The word of a value on this machine; lists stay until `listMark` is set back.
  public func word(_ value: Value) -> Int64 {
    value.sort == .list ? state.pointee.lists.place(value.elements) : value.word
  }

  /// The value of a word of this machine.
  public func value(_ word: Int64, _ sort: Sort) -> Value {
    sort == .list ? .list(Array(state.pointee.lists.elements(word))) : Value(sort: sort, word: word)
  }

  /// Whether two words of lists are equal lists.
  package func listsAreEqual(_ a: Int64, _ b: Int64) -> Bool { state.pointee.lists.equal(a, b) }

  /// Takes steps; false when there are not so many.
  @inline(__always)
  func step(_ count: UInt64) -> Bool {
    let (steps, overflow) = state.pointee.steps.addingReportingOverflow(count)
    state.pointee.steps = overflow ? .max : steps
    return steps > state.pointee.limit || overflow ? fail(.stepLimit) : true
  }

  /// Takes steps and words for a list of `count` integers, and says where it begins.
  @inline(__always)
  func write(_ count: Int) -> Int? {
    guard step(UInt64(count)) else { return nil }
    return reserve(count)
  }

  /// Words without steps; beyond the longest lists a run ends as it does without steps.
  @inline(__always)
  func reserve(_ count: Int) -> Int? {
    if let start = state.pointee.lists.reserve(count) { return start }
    _ = fail(.stepLimit)
    return nil
  }

  private func none(_ reason: NoValue) -> Int64 {
    _ = fail(reason)
    return Value.noValueWord
  }

  /// A symbol's operator (`Symbol.listUnary`, `.listBinary`) on words; `Value.noValueWord` without a value.
  ///
  /// Not inlined: `execute` is entered for every run of a body and stays short.
  @inline(never)
  package func list(_ code: Code, _ a: Int64, _ b: Int64) -> Int64 {
    switch code {
    case .length, .last, .sum, .product: return reduced(code, a)
    case .nth, .index, .number: return looked(code, a, b)
    case .take, .drop, .before, .after: return part(code, a, of: b)
    case .listEqual: return listsAreEqual(a, b) ? 1 : 0
    case .listDistinct: return listsAreEqual(a, b) ? 0 : 1
    case .fit: return fitted(a, b)
    case .digits: return digits(base: a, of: b)
    case .unique: return unique(a)
    default: return made(code, a, b)
    }
  }

  private func reduced(_ code: Code, _ list: Int64) -> Int64 {
    let elements = state.pointee.lists.elements(list)
    guard step(UInt64(elements.count)) else { return Value.noValueWord }
    switch code {
    case .length: return Int64(elements.count)
    case .last: return elements.last ?? none(.outOfRange)
    case .sum: return elements.sum() ?? none(.overflow)
    default: return elements.product() ?? none(.overflow)
    }
  }

  private func looked(_ code: Code, _ a: Int64, _ list: Int64) -> Int64 {
    let elements = state.pointee.lists.elements(list)
    guard step(UInt64(elements.count)) else { return Value.noValueWord }
    switch code {
    case .nth: return a >= 0 && a < elements.count ? elements[Int(a)] : none(.outOfRange)
    case .index: return Int64(elements.firstIndex(of: a) ?? elements.count)
    default: return elements.number(base: a) ?? none(.overflow)
    }
  }

  /// A list that lies in another one.
  private func part(_ code: Code, _ a: Int64, of list: Int64) -> Int64 {
    let elements = state.pointee.lists.elements(list)
    let count = elements.count
    let range: Range<Int>
    switch code {
    case .take: range = 0..<Int(min(max(0, a), Int64(count)))
    case .drop: range = Int(min(max(0, a), Int64(count)))..<count
    case .before: range = 0..<(elements.firstIndex(of: a) ?? count)
    default: range = min(count, (elements.firstIndex(of: a) ?? count) + 1)..<count
    }
    guard step(UInt64(range.count)) else { return Value.noValueWord }
    return ListArena.word(ListArena.start(list) + range.lowerBound, range.count)
  }

  private func fitted(_ length: Int64, _ list: Int64) -> Int64 {
    if length < 0 { return none(.outOfRange) }
    guard step(UInt64(length)) else { return Value.noValueWord }
    let count = ListArena.count(list)
    if length <= count { return ListArena.word(ListArena.start(list), Int(length)) }
    guard let start = reserve(Int(length)) else { return Value.noValueWord }
    let words = state.pointee.lists.words
    (words + start).update(from: words + ListArena.start(list), count: count)
    (words + start + count).update(repeating: 0, count: Int(length) - count)
    return ListArena.word(start, Int(length))
  }

  private func digits(base: Int64, of n: Int64) -> Int64 {
    if base < 2 || n < 0 { return none(.outOfRange) }
    // No number of 64 bits has more.
    guard let start = reserve(64) else { return Value.noValueWord }
    let words = state.pointee.lists.words + start
    var (rest, count) = (n, 0)
    repeat {
      guard step(1) else { return Value.noValueWord }
      words[count] = rest % base
      rest /= base
      count += 1
    } while rest > 0
    state.pointee.lists.top = start + count
    return ListArena.word(start, count)
  }

  private func unique(_ list: Int64) -> Int64 {
    guard let start = reserve(ListArena.count(list)) else { return Value.noValueWord }
    let words = state.pointee.lists.words + start
    var count = 0
    // Few elements are looked through; many are hashed, so that time stays in proportion to steps.
    var seen: Set<Int64> = []
    for element in state.pointee.lists.elements(list) {
      let isNew =
        count < 64
        ? !UnsafeBufferPointer(start: words, count: count).contains(element) : !seen.contains(element)
      guard isNew else { continue }
      words[count] = element
      count += 1
      if count == 64 { seen = Set(UnsafeBufferPointer(start: words, count: count)) }
      if count > 64 { seen.insert(element) }
    }
    state.pointee.lists.top = start + count
    return step(UInt64(count)) ? ListArena.word(start, count) : Value.noValueWord
  }

  /// A list that is written anew from one or two others.
  private func made(_ code: Code, _ a: Int64, _ b: Int64) -> Int64 {
    let (source, first) = (code == .reverse || code == .sort ? a : b, ListArena.count(a))
    let count = ListArena.count(source)
    let length: Int
    switch code {
    case .cons: length = count + 1
    case .append: length = count + first
    case .stride:
      if a < 1 { return none(.outOfRange) }
      length = count == 0 ? 0 : (count - 1) / Int(a) + 1
    default: length = count
    }
    guard let start = write(length) else { return Value.noValueWord }
    let target = state.pointee.lists.words + start
    let elements = state.pointee.lists.words + ListArena.start(source)
    switch code {
    case .cons:
      target[0] = a
      (target + 1).update(from: elements, count: count)
    case .append:
      target.update(from: state.pointee.lists.words + ListArena.start(a), count: first)
      (target + first).update(from: elements, count: count)
    case .reverse: for offset in 0..<count { target[offset] = elements[count - 1 - offset] }
    case .stride: for offset in 0..<length { target[offset] = elements[offset * Int(a)] }
    default:
      target.update(from: elements, count: count)
      var copy = UnsafeMutableBufferPointer(start: target, count: count)
      copy.sort()
    }
    return ListArena.word(start, length)
  }
}
