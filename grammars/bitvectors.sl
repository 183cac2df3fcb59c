; Words of eight bits: the operators of QF_BV that a processor has as instructions.
;
; What it can say: bit tricks of one word (lowest set bit, masks, shifts, sign tests). Shifts by 8 or more give what
; SMT-LIB says: zeros, for bvashr copies of the sign bit. `(Variable …)` stands for every input: a task of two words
; brings its own, and the weights are then normalised anew.
;
; Why these probabilities. Powers of two: the input and the constants 0, 1 and all ones hold half of the mass, logic and
; sums a bit more than shifts, product and complements. The mean number of new subterms per symbol is
; 2 · 1/32 + 2 · (5/16 + 4/32) = 15/16 < 1, so a random program is finite with probability 1.
;
; Example: (bvand x (bvneg x)), the lowest set bit, has prior 1/16 · 1/4 · 1/32 · 1/4 = 1/8192, 13 bits.
(set-logic BV)
(synth-fun f ((x (_ BitVec 8))) (_ BitVec 8)
  ((V (_ BitVec 8)))
  ((V (_ BitVec 8) (
     (! (Variable (_ BitVec 8)) :weight 2)
     (! #x01 :weight 3)
     (! #x00 :weight 4)
     (! #xff :weight 4)
     (! (bvnot V) :weight 5)
     (! (bvneg V) :weight 5)
     (! (bvand V V) :weight 4)
     (! (bvor V V) :weight 4)
     (! (bvxor V V) :weight 4)
     (! (bvadd V V) :weight 4)
     (! (bvsub V V) :weight 4)
     (! (bvshl V V) :weight 5)
     (! (bvlshr V V) :weight 5)
     (! (bvashr V V) :weight 5)
     (! (bvmul V V) :weight 5)))))
(check-synth)
