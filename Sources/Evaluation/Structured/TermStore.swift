import Grammars

/// Terms under binders in normal form, each kept once.
///
/// A term under a `lambda` has no value until its variables have theirs, so terms are merged only where a law says that they
/// are equal for all values, *no value* included:
///
/// - arguments of a commutative operator are put in order,
/// - `x + 0`, `0 + x`, `x - 0`, `x * 1`, `1 * x`, `x div 1` are `x`,
/// - operators on constants are computed when they have a value,
/// - `ite` of a constant condition is the branch it takes.
///
/// Laws that hold only where a subterm has a value (`x - x = 0`, `0 * x = 0`) are not used, except on variables, which always
/// have one.
struct TermStore {
  /// What stands at the head of a term.
  enum Head: Int32 {
    case constant, variable, lambda, call
    /// Operators that the machine computes without further looking.
    case ite, equal, distinct, not, and, or, xor, implies
    case add, subtract, multiply, negate, div, mod, abs, less, lessOrEqual, greater, greaterOrEqual, even
    case fieldAdd, fieldSubtract, fieldMultiply, fieldDivide
    case loop, loop2, compr, pair, gcd, isqrt
    case map, filter, fold, scan, cons, append, reverse, sort, unique, take, drop, fit, stride, before, after, nth,
      last, length, sum,
      product, index
    case number, digits, transduce, transduce2, nested, solve
  }

  /// A head with its arguments, or a constant with its word, or a variable with its slot.
  struct Node: Equatable {
    var head: Head
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0

    @inline(__always) var word: Int64 { Int64(a) << 32 | Int64(UInt32(bitPattern: b)) }

    static func constant(_ word: Int64) -> Node {
      Node(head: .constant, a: Int32(truncatingIfNeeded: word >> 32), b: Int32(truncatingIfNeeded: word))
    }
  }

  private(set) var nodes: UnsafeMutablePointer<Node>
  private(set) var count = 0
  private var capacity = 1 << 10
  /// Numbers + 1; 0 is an empty slot.
  private var slots: UnsafeMutablePointer<UInt32>
  private var mask = (1 << 11) - 1

  init() {
    nodes = .allocate(capacity: capacity)
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: 0, count: mask + 1)
  }

  func deallocate() {
    nodes.deallocate()
    slots.deallocate()
  }

  var bytes: Int { 16 * capacity + 4 * (mask + 1) }

  /// The number of a node.
  mutating func number(of node: Node) -> Int32 {
    var slot = Self.hash(node) & mask
    while slots[slot] != 0 {
      if nodes[Int(slots[slot] - 1)] == node { return Int32(slots[slot] - 1) }
      slot = (slot + 1) & mask
    }
    if count == capacity {
      let larger = UnsafeMutablePointer<Node>.allocate(capacity: 2 * capacity)
      larger.update(from: nodes, count: count)
      nodes.deallocate()
      nodes = larger
      capacity *= 2
    }
    precondition(count < Int(Int32.max), "more than 2^31 terms")
    nodes[count] = node
    count += 1
    slots[slot] = UInt32(count)
    if count * 2 > mask { rehash() }
    return Int32(count - 1)
  }

  private mutating func rehash() {
    slots.deallocate()
    mask = 2 * mask + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: 0, count: mask + 1)
    for number in 0..<count {
      var slot = Self.hash(nodes[number]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  private static func hash(_ node: Node) -> Int {
    var hash = UInt64(UInt32(bitPattern: node.head.rawValue)) &* 0x9E37_79B9_7F4A_7C15
    @inline(__always) func add(_ part: Int32) {
      hash = (hash ^ UInt64(UInt32(bitPattern: part))) &* 0xFF51_AFD7_ED55_8CCD
      hash ^= hash >> 32
    }
    add(node.a)
    add(node.b)
    add(node.c)
    return Int(truncatingIfNeeded: hash & 0x7FFF_FFFF_FFFF_FFFF)
  }
}

// MARK: - Laws

extension TermStore {
  /// An operator applied to terms, in normal form; arguments beyond its `arity` are not looked at.
  mutating func apply(
    _ head: Head, _ first: Int32, _ second: Int32, _ third: Int32, arity: Int, isCommutative: Bool, modulus: Int64?
  ) -> Int32 {
    var (a, b) = (first, arity > 1 ? second : 0)
    let c = arity > 2 ? third : 0
    if isCommutative, a > b { swap(&a, &b) }
    if let known = simplified(head, a, b, c, arity, modulus) { return known }
    return number(of: Node(head: head, a: a, b: b, c: c))
  }

  private func constant(_ number: Int32) -> Int64? {
    let node = nodes[Int(number)]
    return node.head == .constant ? node.word : nil
  }

  private mutating func simplified(
    _ head: Head, _ a: Int32, _ b: Int32, _ c: Int32, _ count: Int, _ modulus: Int64?
  ) -> Int32? {
    let (x, y) = (constant(a), count > 1 ? constant(b) : nil)
    switch head {
    case .ite: return x.map { $0 == 1 ? b : c }
    case .add:
      if x == 0 { return b }
      if y == 0 { return a }
    case .subtract:
      if y == 0 { return a }
      if a == b, nodes[Int(a)].head == .variable { return number(of: .constant(0)) }
    case .multiply:
      if x == 1 { return b }
      if y == 1 { return a }
      if x == 0, nodes[Int(b)].head == .variable { return a }
      if y == 0, nodes[Int(a)].head == .variable { return b }
    case .div: if y == 1 { return a }
    default: break
    }
    guard let x, count == 1 || y != nil, let op = head.foldable else { return nil }
    guard
      let value = try? op.apply(
        op.isLogical ? .bool(x == 1) : .int(x), op.isLogical ? .bool(y == 1) : .int(y ?? x), modulus: modulus)
    else { return nil }
    return number(of: .constant(value.word))
  }
}

extension TermStore.Head {
  /// The operator, when it can be computed on constants: those on Int and Bool.
  fileprivate var foldable: Operator? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .negate: .negate
    case .div: .div
    case .mod: .mod
    case .abs: .abs
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .even: .even
    case .not: .not
    case .and: .and
    case .or: .or
    case .xor: .xor
    case .implies: .implies
    default: nil
    }
  }

  /// The head of an operator; nil for bit vectors and permutations, which do not occur under lambdas.
  init?(_ op: Operator) {
    switch op {
    case .ite: self = .ite
    case .equal: self = .equal
    case .distinct: self = .distinct
    case .not: self = .not
    case .and: self = .and
    case .or: self = .or
    case .xor: self = .xor
    case .implies: self = .implies
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .negate: self = .negate
    case .div: self = .div
    case .mod: self = .mod
    case .abs: self = .abs
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    case .even: self = .even
    case .fieldAdd: self = .fieldAdd
    case .fieldSubtract: self = .fieldSubtract
    case .fieldMultiply: self = .fieldMultiply
    case .fieldDivide: self = .fieldDivide
    case .loop: self = .loop
    case .loop2: self = .loop2
    case .compr: self = .compr
    case .pair: self = .pair
    case .gcd: self = .gcd
    case .isqrt: self = .isqrt
    case .map: self = .map
    case .filter: self = .filter
    case .fold: self = .fold
    case .scan: self = .scan
    case .cons: self = .cons
    case .append: self = .append
    case .reverse: self = .reverse
    case .sort: self = .sort
    case .unique: self = .unique
    case .take: self = .take
    case .fit: self = .fit
    case .before: self = .before
    case .after: self = .after
    case .drop: self = .drop
    case .stride: self = .stride
    case .nth: self = .nth
    case .last: self = .last
    case .length: self = .length
    case .sum: self = .sum
    case .product: self = .product
    case .index: self = .index
    case .number: self = .number
    case .digits: self = .digits
    case .transduce: self = .transduce
    case .transduce2: self = .transduce2
    case .nested: self = .nested
    case .solve: self = .solve
    default: return nil
    }
  }
}

extension Operator {
  fileprivate var isLogical: Bool {
    switch self {
    case .not, .and, .or, .xor, .implies: true
    default: false
    }
  }
}
