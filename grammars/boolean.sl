; Boolean functions: ∧ ∨ ¬ ⊕.
;
; What it can say: all functions of its inputs (65,536 of a, b, c, d). `(Variable Bool)` stands for every input, so a task
; of another number of inputs brings its own; the weights are then normalised anew.
;
; Why these probabilities. Eight equal choices of 3 bits: no connective is preferred. The mean number of new subterms
; per symbol is 3 · 2/8 + 1/8 = 7/8 < 1, so a random program is finite with probability 1.
;
; Example: (xor (xor a b) (xor c d)) has prior (1/8)^7 = 1/2097152, 21 bits.
(set-logic ALL)
(synth-fun f ((a Bool) (b Bool) (c Bool) (d Bool)) Bool
  ((F Bool))
  ((F Bool (
     (! (Variable Bool) :weight 3)
     (! (and F F) :weight 3)
     (! (or F F) :weight 3)
     (! (xor F F) :weight 3)
     (! (not F) :weight 3)))))
(check-synth)
