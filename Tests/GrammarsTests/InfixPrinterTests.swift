import Grammars
import TestSupport
import Testing

/// Terms in ordinary notation: parentheses where, and only where, they are needed.
@Suite struct InfixPrinterTests {
  private static let integers = """
    (define-fun p () Int 7)
    (define-fun max ((x Int) (y Int)) Int (ite (< x y) y x))
    (define-fun zero () Int (- 1 1))
    (synth-fun f ((a Int) (b Int) (c Int) (q Bool) (r Bool)) Int ((S Int (a b c 0 1 2 3 (- 3) p zero (+ S S) (max S S) (ite B S S)))
      (B Bool (q r (= S S)))))
    """

  private func expectInfix(
    _ term: String, _ infix: String, _ file: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let grammar = try problem(file).grammar
    let sorted = "(ite (= \(term) \(term)) 0 0)"
    // Terms of another sort than the function's are read inside a condition.
    let read: Term
    if let direct = try? SyGuSReader.term(term, in: grammar) {
      read = direct
    } else {
      read = try SyGuSReader.term(sorted, in: grammar).arguments[0].arguments[0]
    }
    #expect(InfixPrinter(grammar).text(read) == infix, "\(term)", sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("(mod (+ a b) p)", "(a + b) mod p"), ("(- a (- b c))", "a - (b - c)"), ("(- (- a b) c)", "a - b - c"),
    ("(* a (mod b p))", "a·(b mod p)"), ("(* (mod a p) b)", "(a mod p)·b"), ("(mod (* a b) p)", "a·b mod p"),
    ("(* (div a 2) b)", "(a div 2)·b"), ("(div (mod a 3) 2)", "a mod 3 div 2"),
    ("(mod a (mod b 3))", "a mod (b mod 3)"),
    ("(* (* a b) c)", "a·b·c"), ("(* a (* b c))", "a·(b·c)"), ("(* (+ a b) (- b c))", "(a + b)·(b - c)"),
    ("(+ a (* b c))", "a + b·c"), ("(+ (* a b) c)", "a·b + c"), ("(- a (+ b c))", "a - (b + c)"),
    ("(+ a (+ b c))", "a + (b + c)"), ("(- (+ a b) c)", "a + b - c"),
    ("(+ a (- 3))", "a + (-3)"), ("(- 3)", "-3"), ("(* (- 3) a)", "(-3)·a"), ("(- a)", "-a"),
    ("(- (+ a b))", "-(a + b)"),
    ("(* a (- b))", "a·-b"), ("(abs (- a b))", "abs(a - b)"), ("(max (+ a b) p)", "max(a + b, p)"),
    ("(+ zero a)", "zero + a"),
    ("(ite q a b)", "if q then a else b"), ("(+ 1 (ite q a b))", "1 + (if q then a else b)"),
    ("(ite q a (ite r b c))", "if q then a else if r then b else c"),
    ("(ite q (ite r a b) c)", "if q then (if r then a else b) else c"),
    ("(ite (ite q r q) a b)", "if (if q then r else q) then a else b"),
    ("(max (ite q a b) c)", "max(if q then a else b, c)"), ("(ite (even a) (+ a b) 0)", "if even(a) then a + b else 0"),
    ("(= a (+ b 1))", "a = b + 1"), ("(distinct a b)", "a ≠ b"), ("(<= (* a b) (- c))", "a·b ≤ -c"),
    ("(>= a 2)", "a ≥ 2"),
    ("(= (< a b) (> b c))", "(a < b) = (b > c)"), ("(not (= a b))", "not (a = b)"), ("(= (not q) r)", "(not q) = r"),
    ("(not (not q))", "not (not q)"), ("(and (not q) r)", "not q and r"), ("(or q (and r q))", "q or r and q"),
    ("(and q (or r q))", "q and (r or q)"), ("(and (and q r) q)", "q and r and q"),
    ("(xor (or q r) q)", "(q or r) xor q"),
    ("(=> q (=> r q))", "q => (r => q)"), ("(=> (=> q r) q)", "(q => r) => q"),
    ("(and (< a b) (< b c))", "a < b and b < c"),
  ])
  func integerTerms(_ term: String, _ infix: String) throws { try expectInfix(term, infix, Self.integers) }

  @Test(arguments: [
    ("(ff.add a (ff.mul b (ff.add a b)))", "a + b·(a + b)"),
    ("(ite (even b) (ff.sub a b) (ff.div a b))", "if even(b) then a - b else a/b"),
    ("(ff.div a (ff.mul b b))", "a/(b·b)"), ("(ff.mul (ff.div a b) b)", "a/b·b"),
    ("(ff.sub a (ff.sub b 1))", "a - (b - 1)"),
    ("(ff.div (ff.add a 1) b)", "(a + 1)/b"),
  ])
  func fieldTerms(_ term: String, _ infix: String) throws {
    try expectInfix(term, infix, Repository.text(Repository.root + "/grammars/field.sl"))
  }

  @Test(arguments: [
    ("(bvand x (bvneg x))", "x & -x"), ("(bvor x (bvadd x #x01))", "x | x + #x01"),
    ("(bvadd (bvor x x) #x01)", "(x | x) + #x01"),
    ("(bvand x (bvor x #xff))", "x & (x | #xff)"), ("(bvand (bvand x x) x)", "x & x & x"),
    ("(bvxor (bvand x x) x)", "(x & x) ^ x"),
    ("(bvshl (bvshl x x) #x01)", "x << x << #x01"), ("(bvlshr x (bvsub x #x01))", "x >> x - #x01"),
    ("(bvnot (bvand x x))", "~(x & x)"),
    ("(bvashr x #x01)", "bvashr(x, #x01)"), ("(bvmul x (bvadd x x))", "x·(x + x)"), ("(bvneg (bvnot x))", "-~x"),
  ])
  func bitVectorTerms(_ term: String, _ infix: String) throws {
    try expectInfix(term, infix, Repository.text(Repository.root + "/grammars/bitvectors.sl"))
  }

  @Test(arguments: [
    ("(compose (compose a b) (inverse a))", "a∘b∘a⁻¹"), ("(compose a (compose b a))", "a∘(b∘a)"),
    ("(inverse (compose a b))", "(a∘b)⁻¹"),
  ])
  func permutationTerms(_ term: String, _ infix: String) throws {
    try expectInfix(term, infix, Repository.text(Repository.root + "/grammars/permutations.sl"))
  }
}
