; Arithmetic of the field Z/p on the representatives 0 … p-1: the language of the modular tasks.
;
; What it can say: every rational function of a and b over Z/p, switched by the parity of representatives.
; `ff.add ff.sub ff.mul ff.div` and `even` are Levin's own; ff.div by zero has no value. Set p with --modulus.
;
; Why these probabilities. All are powers of two, so a program's description length is a whole number of bits, and
; they sum to 1. Variables are the likeliest symbols; addition and multiplication share the next place;
; subtraction, then division and `ite` are dearer. The mean number of new subterms per symbol is
; 2·(1/8 + 1/16 + 1/8 + 1/32) + 3·1/32 = 25/32 < 1, so a random program is finite with probability 1.
;
; Example: (ff.add a b) has prior 1/8 · 1/4 · 1/4 = 1/128, 7 bits.
(set-logic NIA)
(define-fun modulus () Int 113)
(synth-fun f ((a Int) (b Int)) Int
  ((E Int) (B Bool))
  ((E Int (
     (! a :weight 2)
     (! b :weight 2)
     (! 1 :weight 3)
     (! (ff.add E E) :weight 3)
     (! (ff.sub E E) :weight 4)
     (! (ff.mul E E) :weight 3)
     (! (ff.div E E) :weight 5)
     (! (ite B E E) :weight 5)))
   (B Bool ((even E)))))
(check-synth)
