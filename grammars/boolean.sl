; Boolean functions of four inputs: ∧ ∨ ¬ ⊕.
;
; What it can say: all 65,536 functions of a, b, c, d.
;
; Why these probabilities. Eight equal choices of 3 bits: no connective is preferred. The mean number of new subterms
; per symbol is 3 · 2/8 + 1/8 = 7/8 < 1, so a random program is finite with probability 1.
;
; Example: (xor (xor a b) (xor c d)) has prior (1/8)^7 = 1/2097152, 21 bits.
(set-logic ALL)
(synth-fun f ((a Bool) (b Bool) (c Bool) (d Bool)) Bool
  ((F Bool))
  ((F Bool (
     (! a :weight 3)
     (! b :weight 3)
     (! c :weight 3)
     (! d :weight 3)
     (! (and F F) :weight 3)
     (! (or F F) :weight 3)
     (! (xor F F) :weight 3)
     (! (not F) :weight 3)))))
(check-synth)
