; Streams: a program is (initial state, update, output), the symbolic twin of a recurrent network.
;
;   (transduce I (lambda ((s Int) (x Int)) U) (lambda ((s Int) (x Int)) U))
;       s = I; for each symbol x of the stream up to now: s = U; then the second U of the last s and x
;   (transduce2 (pair I I) (lambda ((s Int) (t Int) (x Int)) (pair V V)) (lambda ((s Int) (t Int) (x Int)) V))
;       the same with two state variables, which change at once
;
; The input is the list of the symbols up to now, the answer a list of one. In a search a state
; that leaves 64 bits has no value.
;
; Probabilities are powers of two. Example: the parity of the stream is
; (cons (transduce 0 (lambda ((s Int) (x Int)) (+ s x)) (lambda ((s Int) (x Int)) (mod s 2))) nil): 21 bits.
(set-logic ALL)
(synth-fun f ((xs (List Int))) (List Int)
  ((L (List Int)) (Y Int) (I Int) (U Int) (C Bool) (V Int) (D Bool))
  ((L (List Int) ((cons Y nil)))
   (Y Int (
    (! (transduce I (lambda ((s Int) (x Int)) U) (lambda ((s Int) (x Int)) U)) :probability 1/2)
    (! (transduce2 (pair I I) (lambda ((s Int) (t Int) (x Int)) (pair V V)) (lambda ((s Int) (t Int) (x Int)) V))
      :probability 1/2)))
   (I Int ((! 0 :probability 1/2) (! 1 :probability 1/4) (! 2 :probability 1/4)))
   (U Int (
    (! s :probability 1/4) (! x :probability 1/8)
    (! 0 :probability 1/32) (! 1 :probability 1/16) (! 2 :probability 1/16)
    (! 3 :probability 1/64) (! 4 :probability 1/64) (! 5 :probability 1/64) (! 6 :probability 1/64) (! 7 :probability 1/64) (! 8 :probability 1/64) (! 9 :probability 1/64) (! 10 :probability 1/64)
    (! (+ U U) :probability 1/16) (! (- U U) :probability 1/32) (! (* U U) :probability 1/16)
    (! (div U U) :probability 1/16) (! (mod U U) :probability 1/16) (! (ite C U U) :probability 1/16)))
   (C Bool ((! (= U U) :probability 1/2) (! (< U U) :probability 1/2)))
   (V Int (
    (! s :probability 1/8) (! t :probability 1/8) (! x :probability 1/8)
    (! 0 :probability 1/32) (! 1 :probability 1/16) (! 2 :probability 1/16)
    (! 3 :probability 1/64) (! 4 :probability 1/64) (! 5 :probability 1/64) (! 6 :probability 1/64) (! 7 :probability 1/64) (! 8 :probability 1/64) (! 9 :probability 1/64) (! 10 :probability 1/64)
    (! (+ V V) :probability 1/16) (! (- V V) :probability 1/32) (! (* V V) :probability 1/16)
    (! (div V V) :probability 1/16) (! (mod V V) :probability 1/16) (! (ite D V V) :probability 1/16)))
   (D Bool ((! (= V V) :probability 1/2) (! (< V V) :probability 1/2)))))
(check-synth)
