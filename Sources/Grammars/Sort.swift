/// The type of a value, a variable, or a nonterminal.
///
/// `int` holds mathematical integers; an evaluation that leaves the 64-bit range has no value (it never
/// wraps). `bitVector` wraps by definition, as in SMT-LIB's `QF_BV`. `permutation(degree: n)` is the
/// symmetric group on `0 ..< n`, written `(_ Permutation n)`; it is Levin's own, SMT-LIB has none.
public indirect enum Sort: Hashable, Sendable {
  /// An integer of -(2^63 - 1) … 2^63 - 1.
  case int
  /// True or false.
  case bool
  /// A bit vector of `width` bits, `1 ... 64`.
  case bitVector(width: Int)
  /// A permutation of `degree` points, `1 ... 15`.
  case permutation(degree: Int)
  /// A finite list of integers, written `(List Int)`.
  case list
  /// Two integers, written `(Pair Int Int)`: the state of a loop with two variables.
  case pair
  /// What a `lambda` makes; only operators that bind variables take it.
  case function([Sort], Sort)
}

extension Sort: CustomStringConvertible {
  /// The sort in SyGuS-IF 2.1 syntax: `Int`, `Bool`, `(_ BitVec 64)`, `(_ Permutation 5)`.
  public var description: String {
    switch self {
    case .int: "Int"
    case .bool: "Bool"
    case .bitVector(let width): "(_ BitVec \(width))"
    case .permutation(let degree): "(_ Permutation \(degree))"
    case .list: "(List Int)"
    case .pair: "(Pair Int Int)"
    case .function(let parameters, let result):
      "(-> \((parameters + [result]).map(\.description).joined(separator: " ")))"
    }
  }
}

extension Sort {
  /// Whether it is one of the sorts of bit vectors.
  package var isBitVector: Bool { if case .bitVector = self { true } else { false } }

  /// Bits of a bit vector, points of a permutation; 0 for other sorts.
  package var width: Int {
    switch self {
    case .bitVector(let width): width
    case .permutation(let degree): degree
    case .int, .bool, .list, .pair, .function: 0
    }
  }
}
