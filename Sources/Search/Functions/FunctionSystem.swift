import ExactArithmetic
import Grammars

/// The equations x_f = Σ P(symbol) · x_g · x_h, over symbol(g, h) = f, of a language's functions.
protocol FunctionSystem {
  var grammar: Grammar { get }
  /// Functions by nonterminal.
  var counts: [Int] { get }

  /// F at x for the functions of a nonterminal, rounded down; numbers in units of 2^-`FunctionUnit.bits`.
  func value(_ nonterminal: Int, at x: [[BigInteger]]) -> [BigInteger]

  /// Masses for a component of nonterminals, given those of the components before it: floating point that others check. Nil
  /// where the method breaks down.
  func proposal(_ component: [Int], known: [[BigInteger]], totals: [RationalInterval]) -> FunctionProposal?
}

/// Masses that may be tried: for small ε, x - ε·v - ε²·w is below the solution and F of it is not less.
struct FunctionProposal {
  /// x in units of 2^-bits, by member of the component.
  var masses: [[BigInteger]]
  /// v, which the derivatives of F shrink or, where the language is critical, leave as it is.
  var direction: [[Double]]
  /// w, where products are needed: it leaves something over for functions that are sums alone.
  var correction: [[Double]]
}

extension FunctionSystem {
  /// Σ of a production's tuples, which have `arguments` factors 2^bits each, times its probability: one such factor is left.
  func weighted(_ sums: [BigInteger], arguments: Int, production: Int) -> [BigInteger] {
    let probability = grammar.productions[production].probability
    let surplus = FunctionUnit.bits * (arguments - 1)
    let (numerator, denominator) =
      surplus >= 0
      ? (probability.numerator, probability.denominator << surplus)
      : (probability.numerator << FunctionUnit.bits, probability.denominator)
    return sums.map { $0 > 0 ? $0 * numerator / denominator : 0 }
  }
}

/// The numbers of masses: whole multiples of 2^-192.
enum FunctionUnit {
  static let bits = 192

  /// A number in these units.
  static func scaled(_ number: Double) -> BigInteger {
    guard number.isFinite, number != 0 else { return 0 }
    let significand = BigInteger(Int64(number.significand * 0x1p52))
    let shift = bits + Int(number.exponent) - 52
    let magnitude = shift >= 0 ? significand << shift : significand >> -shift
    return number < 0 ? -magnitude : magnitude
  }

  /// The nearest double of a number of units.
  static func double(_ mass: BigInteger) -> Double { Rational(mass, BigInteger(1) << bits).nearestDouble }
}
