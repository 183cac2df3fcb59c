; Streams with brackets: a transducer that reads groups from the inside out, the symbolic twin of a recurrent network with a stack.
;
;   (nested (lambda ((xs (List Int))) Z) open close)
;       each group of symbols between `open` and `close`, innermost first, gives way to the value of Z on its symbols;
;       then the value of Z on what is left
;   (solve (lambda ((xs (List Int))) X) x)
;       the least y = 0, 1, 2 … for which X is 0 when y stands wherever the symbol x stood; unbounded
;   (transduce2 (pair S S) (lambda ((s Int) (t Int) (x Int)) (pair V V)) (lambda ((s Int) (t Int) (x Int)) V))
;       s, t = S, S; for each symbol x of xs: s, t = V, V, both at once; then the last V of the last s, t and x
;
; Brackets are symbols by their numbers; where they do not pair there is no value, and none where a group is empty. Words of
; which some symbols nest are those of Alur & Madhusudan 2009, "Adding nesting structure to words".
;
; Probabilities are powers of two. Example: the parity of the ones, where a group in brackets 2 and 3 counts as its parity, is
; (cons (nested (lambda ((xs (List Int))) (transduce2 (pair 0 0) (lambda ((s Int) (t Int) (x Int)) (pair (+ s x) t))
;   (lambda ((s Int) (t Int) (x Int)) (mod s 2)))) 2 3) nil): 35 bits.
(set-logic ALL)
(synth-fun f ((xs (List Int))) (List Int)
  ((L (List Int)) (Y Int) (B Int) (X Int) (Z Int) (S Int) (V Int) (D Bool))
  ((L (List Int) ((cons Y nil)))
   (Y Int (
    (! (nested (lambda ((xs (List Int))) Z) B B) :probability 1/2)
    (! (solve (lambda ((xs (List Int))) X) B) :probability 1/2)))
   (B Int (
    (! 0 :probability 1/16) (! 1 :probability 1/16) (! 2 :probability 1/16) (! 3 :probability 1/16) (! 4 :probability 1/16) (! 5 :probability 1/16)
    (! 6 :probability 1/8) (! 7 :probability 1/8) (! 8 :probability 1/8) (! 9 :probability 1/8) (! 10 :probability 1/8)))
   (X Int (
    (! Z :probability 1/2) (! (nested (lambda ((xs (List Int))) Z) B B) :probability 1/2)))
   (Z Int (
    (transduce2 (pair S S) (lambda ((s Int) (t Int) (x Int)) (pair V V)) (lambda ((s Int) (t Int) (x Int)) V))))
   (S Int ((! 0 :probability 1/2) (! 1 :probability 1/4) (! 2 :probability 1/4)))
   (V Int (
    (! s :probability 1/8) (! t :probability 1/8) (! x :probability 1/8)
    (! 0 :probability 1/32) (! 1 :probability 1/16) (! 2 :probability 1/16)
    (! 3 :probability 1/64) (! 4 :probability 1/64) (! 5 :probability 1/64) (! 6 :probability 1/64) (! 7 :probability 1/64) (! 8 :probability 1/64) (! 9 :probability 1/64) (! 10 :probability 1/64)
    (! (+ V V) :probability 1/16) (! (- V V) :probability 1/32) (! (* V V) :probability 1/16)
    (! (div V V) :probability 1/16) (! (mod V V) :probability 1/16) (! (ite D V V) :probability 1/16)))
   (D Bool ((! (= V V) :probability 1/2) (! (< V V) :probability 1/2)))))
(check-synth)
