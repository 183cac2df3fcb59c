; Integer sequences n ↦ f(n), with the loops of Gauthier & Urban 2023 ("Learning program synthesis for integer sequences
; from scratch"): the language is universal.
;
;   (loop (lambda ((x Int) (y Int)) B) c s)             x = s; for y = 1 … c: x = B;              x
;   (loop2 (lambda ((x Int) (y Int)) (pair B B)) c (pair s t))   (x, y) = (s, t); c times: both at once;  x
;   (compr (lambda ((n Int)) T) k)                      the number k (from 0) of the n = 0, 1, 2 … with T: it may never end
;
; A body B sees its own x and y, and the n around it; `compr` gives n a new meaning inside its test. A division by zero has no
; value, in a search neither have an integer that leaves 64 bits and a run beyond the step limit.
;
; Probabilities are powers of two, so levels are whole bits: n is the likeliest leaf outside of bodies, x within them.
; Example: n! is (loop (lambda ((x Int) (y Int)) (* x y)) n 1): 4 + 4 + 2 + 3 + 2 + 3 = 18 bits, prior 1/262144.
(set-logic NIA)
(synth-fun f ((n Int)) Int
  ((S Int) (T Bool) (B Int) (C Bool))
  ((S Int (
    (! n :probability 1/4) (! 0 :probability 1/16) (! 1 :probability 1/8) (! 2 :probability 1/8)
    (! (+ S S) :probability 1/8) (! (- S S) :probability 1/16) (! (* S S) :probability 1/16)
    (! (div S S) :probability 1/32) (! (mod S S) :probability 1/32) (! (ite T S S) :probability 1/64)
    (! (loop (lambda ((x Int) (y Int)) B) S S) :probability 1/16)
    (! (loop2 (lambda ((x Int) (y Int)) (pair B B)) S (pair S S)) :probability 1/32)
    (! (compr (lambda ((n Int)) T) S) :probability 1/64)))
   (T Bool ((! (= S S) :probability 1/2) (! (< S S) :probability 1/2)))
   (B Int (
    (! x :probability 1/4) (! y :probability 1/8) (! n :probability 1/16)
    (! 0 :probability 1/32) (! 1 :probability 1/16) (! 2 :probability 1/16)
    (! (+ B B) :probability 1/8) (! (- B B) :probability 1/16) (! (* B B) :probability 1/16)
    (! (div B B) :probability 1/32) (! (mod B B) :probability 1/32) (! (ite C B B) :probability 1/32)
    (! (loop (lambda ((x Int) (y Int)) B) B B) :probability 1/32)
    (! (loop2 (lambda ((x Int) (y Int)) (pair B B)) B (pair B B)) :probability 1/64)
    (! (gcd B B) :probability 1/64)))
   (C Bool ((! (= B B) :probability 1/2) (! (< B B) :probability 1/2)))))
(check-synth)
