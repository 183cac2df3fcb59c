; Sums of cosines that score answers: the language in which networks that add modulo p are written down.
;
; A program gives a score to each answer c of 0 … p-1; the answer is the c with the greatest score. That outer step is the
; same for all programs and costs no bits, as it does for the logits of a network.
;
; What it can say: weighted sums of `clock` terms, cos(2πk(a + b - c)/p), and `pizza` terms,
; |cos(πk(a - b)/p)| · cos(2πk(a + b - c)/p), the forms of Nanda et al. 2023 and of Zhong et al. 2023. Everything is integer
; arithmetic, so that scores are exact and any SyGuS tool can run them: (cosine x) is 4096·cos(πx/p), by the rational
; formula of Bhāskara I (7th century), 4096·(p² - 4x²)/(p² + x²) on the first quarter turn, at most 0.0017 · 4096 off.
; Frequencies reach 56, all there are for p up to 113. Set p with --modulus.
;
; Networks that subtract are written in it with -b in place of b, those that multiply or divide with discrete logarithms,
; modulo p - 1. Which of these numbers a program is read in costs no bits either.
;
; Why these probabilities. One more term costs as much as the last; the two forms are equally likely, and so are all
; frequencies (they are constants of the network, about which the language knows nothing). A weight is written in binary,
; 1 bit to end and 2 for each digit behind the leading one: 1 is 1 bit, 2 and 3 are 3, 4 to 7 are 5.
; Every choice ends with probability 1, so a random program is finite.
;
; Example: (scaled (twice-plus-one 1) (clock 5 a b c)), weight 3, has prior 1/2 · 1/2 · 1/56 · 1/8.
(set-logic NIA)
(define-fun modulus () Int 113)
; |x| after x is brought into -p … p by whole turns (2p).
(define-fun wrapped ((x Int)) Int (abs (- (mod (+ x modulus) (* 2 modulus)) modulus)))
; 4096·cos(πx/p) for 0 <= x <= p/2.
(define-fun quarter ((x Int)) Int
  (div (* 4096 (- (* modulus modulus) (* 4 (* x x)))) (+ (* modulus modulus) (* x x))))
(define-fun folded ((x Int)) Int (ite (<= (* 2 x) modulus) (quarter x) (- (quarter (- modulus x)))))
(define-fun cosine ((x Int)) Int (folded (wrapped x)))
(define-fun clock ((k Int) (a Int) (b Int) (c Int)) Int (cosine (* 2 (* k (- (+ a b) c)))))
(define-fun pizza ((k Int) (a Int) (b Int) (c Int)) Int
  (div (* (abs (cosine (* k (- a b)))) (clock k a b c)) 4096))
(define-fun scaled ((w Int) (x Int)) Int (* w x))
(define-fun twice ((w Int)) Int (* 2 w))
(define-fun twice-plus-one ((w Int)) Int (+ 1 (* 2 w)))
(synth-fun score ((a Int) (b Int) (c Int)) Int
  ((S Int) (T Int) (K Int) (W Int))
  ((S Int ((! T :weight 1) (! (+ T S) :weight 1)))
   (T Int ((! (scaled W (clock K a b c)) :weight 1) (! (scaled W (pizza K a b c)) :weight 1)))
   (K Int (
       1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37
       38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56))
   (W Int ((! 1 :weight 1) (! (twice W) :weight 2) (! (twice-plus-one W) :weight 2)))))
(check-synth)
