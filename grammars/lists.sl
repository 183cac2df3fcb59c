; Lists of symbols to lists of symbols: whole-sequence tasks, and streams read up to a symbol (the answer is a list of one).
;
;   (map (lambda ((e Int)) E) L)   (filter (lambda ((e Int)) P) L)     element by element
;   (scan (lambda ((a Int) (e Int)) A) s L)                            a = s; for each e: a = A; the list of all a
;   (fold (lambda ((a Int) (e Int)) A) s L)                            as scan; the last a
;   (fold (lambda ((s (List Int)) (e Int)) M) nil L)                   the same with a list as its state
;   (number b L) and (digits b n)                                      Σ x_i · b^i, lowest digit first, and back
;   (fit k L)  the first k elements, zeros behind them                 (stride k L)  those at 0, k, 2k, …
;   (index x L)  the place of the first x, or the length               (unique L)    each element once
;   (before x L) and (after x L)  what stands before and behind the first x; all and nothing where there is none
;
; Lists are values: two programs with equal lists on all inputs are one class. A body under a lambda sees its own variables
; only. `nth`, `last` of nothing and `digits` of a negative number have no value; `take` and `drop` of too many do.
;
; Probabilities are powers of two. A random program ends with probability 0.8246 (`levin prior lists --termination`); the rest of
; the mass belongs to derivations without end, so to no program. Example: (append xs xs) has 4 + 2 + 2 = 8 bits, prior 1/256.
(set-logic ALL)
(synth-fun f ((xs (List Int))) (List Int)
  ((L (List Int)) (I Int) (T Bool) (E Int) (P Bool) (A Int) (Q Bool) (M (List Int)))
  ((L (List Int) (
    (! xs :probability 1/4) (! nil :probability 1/64) (! (cons I nil) :probability 1/8)
    (! (append L L) :probability 1/16) (! (reverse L) :probability 1/16) (! (take I L) :probability 1/32)
    (! (drop I L) :probability 1/32) (! (before I L) :probability 1/32) (! (after I L) :probability 1/32) (! (digits I I) :probability 1/16) (! (sort L) :probability 1/32)
    (! (unique L) :probability 1/32) (! (stride I L) :probability 1/32) (! (fit I L) :probability 1/32)
    (! (map (lambda ((e Int)) E) L) :probability 1/16) (! (filter (lambda ((e Int)) P) L) :probability 1/32)
    (! (scan (lambda ((a Int) (e Int)) A) I L) :probability 1/32)
    (! (fold (lambda ((s (List Int)) (e Int)) M) nil L) :probability 1/32) (! (ite T L L) :probability 1/64)))
   (I Int (
    (! 0 :probability 1/16) (! 1 :probability 1/8) (! 2 :probability 1/8)
    (! 3 :probability 1/64) (! 4 :probability 1/64) (! 5 :probability 1/64) (! 6 :probability 1/64) (! 7 :probability 1/64) (! 8 :probability 1/64) (! 9 :probability 1/64) (! 10 :probability 1/64)
    (! (length L) :probability 1/16) (! (sum L) :probability 1/16) (! (last L) :probability 1/32)
    (! (nth I L) :probability 1/32) (! (index I L) :probability 1/32) (! (number I L) :probability 1/16)
    (! (fold (lambda ((a Int) (e Int)) A) I L) :probability 1/32)
    (! (+ I I) :probability 1/16) (! (- I I) :probability 1/32) (! (* I I) :probability 1/32)
    (! (div I I) :probability 1/32) (! (mod I I) :probability 1/16) (! (isqrt I) :probability 1/64)
    (! (ite T I I) :probability 1/64)))
   (T Bool ((! (= I I) :probability 1/2) (! (< I I) :probability 1/4) (! (= L L) :probability 1/4)))
   (E Int (
    (! e :probability 1/4) (! 0 :probability 1/32) (! 1 :probability 1/16) (! 2 :probability 1/16)
    (! 3 :probability 1/16) (! 4 :probability 1/32) (! 5 :probability 1/32) (! 6 :probability 1/64)
    (! 7 :probability 1/64) (! 8 :probability 1/32) (! 9 :probability 1/32) (! 10 :probability 1/32)
    (! (+ E E) :probability 1/16) (! (- E E) :probability 1/16) (! (* E E) :probability 1/16)
    (! (div E E) :probability 1/16) (! (mod E E) :probability 1/16) (! (ite P E E) :probability 1/32)))
   (P Bool ((! (= e E) :probability 1/2) (! (= E E) :probability 1/4) (! (< E E) :probability 1/4)))
   (A Int (
    (! a :probability 1/4) (! E :probability 1/4) (! (+ A A) :probability 1/8) (! (- A A) :probability 1/16)
    (! (* A A) :probability 1/16) (! (div A A) :probability 1/16) (! (mod A A) :probability 1/16)
    (! (gcd A A) :probability 1/16) (! (ite Q A A) :probability 1/16)))
   (Q Bool ((! (= A A) :probability 1/2) (! (< A A) :probability 1/2)))
   (M (List Int) (
    (! s :probability 1/4) (! nil :probability 1/8) (! (cons E M) :probability 1/4) (! (drop 1 M) :probability 1/8)
    (! (ite P M M) :probability 1/4)))))
(check-synth)
