; Integer arithmetic with division by constants: how a modular task looks to someone who has no field.
;
; What it can say: + - × over a, b and small constants; Euclidean quotient and remainder by the modulus, 2 or 3;
; case distinctions on comparisons. A value outside 64 bits is no value. Set the modulus with --modulus.
;
; Why these probabilities. Powers of two, so lengths are whole bits. Sums are dearer than variables and cheaper than
; products; `div` and `ite` are rare. Divisors are constants (a nonterminal D of their own): `mod` by a constant
; inverts to a congruence, which is what lets the search look up its last levels. The mean number of new subterms
; per symbol is below 1, so a random program is finite with probability 1.
;
; Example: (mod (+ a b) modulus) has prior 1/16 · 1/8 · 1/4 · 1/4 · 1/2 = 1/4096, 12 bits.
(set-logic NIA)
(define-fun modulus () Int 113)
(synth-fun f ((a Int) (b Int)) Int
  ((E Int) (C Int) (D Int) (B Bool))
  ((E Int (
     (! a :weight 2)
     (! b :weight 2)
     (! C :weight 3)
     (! (+ E E) :weight 3)
     (! (- E E) :weight 4)
     (! (* E E) :weight 4)
     (! (mod E D) :weight 4)
     (! (div E D) :weight 5)
     (! (ite B E E) :weight 5)))
   (C Int ((! 0 :weight 1) (! 1 :weight 2) (! 2 :weight 2)))
   (D Int ((! modulus :weight 1) (! 2 :weight 2) (! 3 :weight 2)))
   (B Bool ((! (= E E) :weight 1) (! (< E E) :weight 2) (! (<= E E) :weight 2)))))
(check-synth)
