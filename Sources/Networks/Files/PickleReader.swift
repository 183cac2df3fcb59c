internal import Documents

/// Reads the pickles that `torch.save` writes for tensors in dicts, lists and tuples. Nothing is executed.
///
/// A pickle is a program of a stack machine that may call what it likes in Python. This machine has no calls: it knows
/// the few globals of `PickleGlobal` as data types and refuses all others. Opcodes of protocols 2 to 5 are read, except
/// those for sets, instances, extensions and buffers. Work and memory are linear in the length of the pickle.
///
/// - Source: CPython `Lib/pickletools.py`; PyTorch `torch/serialization.py` and `torch/_utils.py`.
struct PickleReader {
  private let bytes: [UInt8]
  private let end: Int
  let start: Int
  var at: Int
  var stack: [PickleValue] = []
  /// Heights of the stack at its open marks.
  private var marks: [Int] = []
  private var memo: [UInt32: PickleValue] = [:]
  var heap = PickleHeap()
  /// Tuples that hold something foreign. They never change, and are looked at once: a long one may be used often.
  var foreignTuples: Set<Int> = []
  var storageNumbers: [String: Int] = [:]
  /// Globals that are not on the list, in the order of their first use.
  var foreign: [String] = []
  /// Bytes of the longest key that is read: looking one up reads all of it, and naming it again takes two bytes.
  static let longestKey = 4096

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    (start, at, end) = (range.lowerBound, range.lowerBound, range.upperBound)
  }

  /// The value that the pickle in that range makes.
  static func read(_ bytes: [UInt8], in range: Range<Int>) throws(Complaint) -> (root: PickleValue, heap: PickleHeap) {
    var reader = PickleReader(bytes, range)
    let root = try reader.run()
    guard reader.foreign.isEmpty else {
      let names = reader.foreign.prefix(10).map { quoted($0) }.joined(separator: ", ")
      let more = reader.foreign.count > 10 ? " and \(reader.foreign.count - 10) more" : ""
      throw Complaint(
        "the pickle needs \(names)\(more); nothing but tensors in dicts, lists and tuples is read, and nothing is executed",
        hint: "save the state dict alone: torch.save(model.state_dict(), …)")
    }
    return (root, reader.heap)
  }

  private mutating func run() throws(Complaint) -> PickleValue {
    guard try byte() == 0x80 else { throw Complaint("the pickle does not begin with a protocol of 2 to 5") }
    at -= 1
    while true {
      let place = at
      let code = try byte()
      if code == UInt8(ascii: ".") {
        let root = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw failure("values are left behind the end", place) }
        return root
      }
      guard try step(code) else {
        let shown = 33...126 ~= code ? "'\(Unicode.Scalar(code))' (\(code))" : "\(code)"
        throw failure("the opcode \(shown) is not one that torch.save needs", place)
      }
    }
  }

  /// Runs one opcode; false when it is not known.
  private mutating func step(_ code: UInt8) throws(Complaint) -> Bool {
    if try pushesConstant(code) { return true }
    if try buildsContainer(code) { return true }
    switch code {
    case 0x80:
      let version = try byte()
      guard 2...5 ~= version else { throw failure("protocol \(version); expected 2 to 5", at - 2) }
    case 0x95: _ = try length(8)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "q"): memo[UInt32(try byte())] = try top()
    case UInt8(ascii: "r"): memo[UInt32(try number(4))] = try top()
    case 0x94: memo[UInt32(memo.count)] = try top()
    case UInt8(ascii: "h"): try pushMemo(UInt32(byte()))
    case UInt8(ascii: "j"): try pushMemo(UInt32(number(4)))
    case UInt8(ascii: "c"): stack.append(global(try line(), try line()))
    case 0x93:
      let (name, module) = (try pop(), try pop())
      guard case .text(let name) = name, case .text(let module) = module else {
        throw failure("a global whose name is not text", at - 1)
      }
      stack.append(global(module, name))
    case UInt8(ascii: "R"), 0x81: try reduce(isNew: code == 0x81)
    case UInt8(ascii: "b"): try build()
    case UInt8(ascii: "Q"): try persistentLoad()
    default: return false
    }
    return true
  }
}

// MARK: - Constants

extension PickleReader {
  private mutating func pushesConstant(_ code: UInt8) throws(Complaint) -> Bool {
    switch code {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int64(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(Int64(try number(2))))
    case UInt8(ascii: "J"): stack.append(.integer(Int64(Int32(truncatingIfNeeded: try number(4)))))
    case 0x8A: stack.append(integer(try taken(Int(byte()))))
    case 0x8B: stack.append(integer(try taken(length(4))))
    case UInt8(ascii: "G"): stack.append(.real(Double(bitPattern: try number(8).byteSwapped)))
    case UInt8(ascii: "X"): try pushText(length(4))
    case 0x8C: try pushText(Int(byte()))
    case 0x8D: try pushText(length(8))
    // Strings of Python 2.
    case UInt8(ascii: "T"): try pushText(length(4))
    case UInt8(ascii: "U"): try pushText(Int(byte()))
    case UInt8(ascii: "B"): try pushBytes(length(4))
    case UInt8(ascii: "C"): try pushBytes(Int(byte()))
    case 0x8E, 0x96: try pushBytes(length(8))
    default: return false
    }
    return true
  }

  /// A little-endian integer in two's complement.
  private func integer(_ digits: ArraySlice<UInt8>) -> PickleValue {
    guard digits.count <= 8 else { return .largeInteger }
    guard let last = digits.last else { return .integer(0) }
    return .integer(digits.reversed().reduce(last >= 0x80 ? -1 : 0) { $0 << 8 | Int64($1) })
  }

  private mutating func pushText(_ length: Int) throws(Complaint) {
    let place = at
    let text = try taken(length)
    guard firstInvalidUTF8(in: text) == nil else { throw failure("a string that is not UTF-8", place) }
    stack.append(.text(String(decoding: text, as: UTF8.self)))
  }

  private mutating func pushBytes(_ length: Int) throws(Complaint) {
    _ = try taken(length)
    stack.append(.bytes)
  }
}

// MARK: - Containers

extension PickleReader {
  private mutating func buildsContainer(_ code: UInt8) throws(Complaint) -> Bool {
    switch code {
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "]"): pushList([])
    case UInt8(ascii: "}"): pushDictionary()
    case UInt8(ascii: ")"): pushTuple([])
    case 0x85: try pushTuple(popped(1))
    case 0x86: try pushTuple(popped(2))
    case 0x87: try pushTuple(popped(3))
    case UInt8(ascii: "t"): try pushTuple(popToMark())
    case UInt8(ascii: "l"): try pushList(popToMark())
    case UInt8(ascii: "d"):
      let pairs = try popToMark()
      pushDictionary()
      try setItems(pairs)
    case UInt8(ascii: "a"): try append(popped(1))
    case UInt8(ascii: "e"): try append(popToMark())
    case UInt8(ascii: "s"): try setItems(popped(2))
    case UInt8(ascii: "u"): try setItems(popToMark())
    default: return false
    }
    return true
  }

  private mutating func pushList(_ elements: [PickleValue]) {
    heap.lists.append(elements)
    stack.append(.list(heap.lists.count - 1))
  }

  private mutating func pushTuple(_ elements: [PickleValue]) {
    if elements.contains(.foreign) { foreignTuples.insert(heap.tuples.count) }
    heap.tuples.append(elements)
    stack.append(.tuple(heap.tuples.count - 1))
  }

  mutating func pushDictionary() {
    heap.dictionaries.append(.init())
    stack.append(.dictionary(heap.dictionaries.count - 1))
  }

  private mutating func append(_ elements: [PickleValue]) throws(Complaint) {
    switch try top() {
    case .list(let index): heap.lists[index] += elements
    case .foreign: break
    case let other: throw failure("an append to \(heap.kind(other))", at - 1)
    }
  }

  private mutating func setItems(_ pairs: [PickleValue]) throws(Complaint) {
    guard pairs.count % 2 == 0 else { throw failure("a key without a value", at - 1) }
    switch try top() {
    case .dictionary(let index):
      for place in stride(from: 0, to: pairs.count, by: 2) {
        if case .text(let key) = pairs[place], key.utf8.count > Self.longestKey {
          throw failure("a key of \(key.utf8.count) bytes; at most \(Self.longestKey) are read", at - 1)
        }
        heap.dictionaries[index].set(pairs[place], pairs[place + 1])
      }
    case .foreign: break
    case let other: throw failure("items set in \(heap.kind(other))", at - 1)
    }
  }
}

// MARK: - Stack and bytes

extension PickleReader {
  func failure(_ message: String, _ place: Int) -> Complaint {
    Complaint("the pickle is not one of torch.save: \(message), at its byte \(place - start)")
  }

  func top() throws(Complaint) -> PickleValue {
    guard stack.count > marks.last ?? 0 else { throw failure("the stack is empty", at - 1) }
    return stack[stack.count - 1]
  }

  mutating func pop() throws(Complaint) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func popped(_ count: Int) throws(Complaint) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw failure("the stack is empty", at - 1) }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popToMark() throws(Complaint) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure("there is no mark", at - 1) }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func pushMemo(_ index: UInt32) throws(Complaint) {
    guard let value = memo[index] else { throw failure("nothing is remembered as \(index)", at - 1) }
    stack.append(value)
  }

  private mutating func byte() throws(Complaint) -> UInt8 {
    guard at < end else { throw Complaint("the pickle is cut off") }
    at += 1
    return bytes[at - 1]
  }

  private mutating func number(_ count: Int) throws(Complaint) -> UInt64 {
    try taken(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A length of that many bytes, no greater than what is left.
  private mutating func length(_ count: Int) throws(Complaint) -> Int {
    let length = try number(count)
    guard length <= UInt64(end - at) else { throw Complaint("the pickle is cut off") }
    return Int(length)
  }

  private mutating func taken(_ count: Int) throws(Complaint) -> ArraySlice<UInt8> {
    guard count <= end - at else { throw Complaint("the pickle is cut off") }
    at += count
    return bytes[at - count..<at]
  }

  private mutating func line() throws(Complaint) -> String {
    guard let close = bytes[at..<end].prefix(1000).firstIndex(of: 0x0A) else { throw failure("a name without end", at) }
    defer { at = close + 1 }
    return String(decoding: bytes[at..<close], as: UTF8.self)
  }
}
