; The symmetric group on five points: products and inverses.
;
; What it can say: every word in a, b and their inverses. (compose f g) sends x to f(g(x)); values are written
; (perm 1 0 2 3 4), the images of 0, 1, …. `compose`, `inverse` and the sort are Levin's own.
;
; Why these probabilities. Four equal choices of 2 bits. The mean number of new subterms per symbol is
; 2 · 1/4 + 1/4 = 3/4 < 1, so a random program is finite with probability 1.
;
; Example: (compose (compose a b) (inverse a)) has prior (1/4)^6 = 1/4096, 12 bits.
(synth-fun f ((a (_ Permutation 5)) (b (_ Permutation 5))) (_ Permutation 5)
  ((G (_ Permutation 5)))
  ((G (_ Permutation 5) (
     (! a :weight 2)
     (! b :weight 2)
     (! (compose G G) :weight 2)
     (! (inverse G) :weight 2)))))
(check-synth)
