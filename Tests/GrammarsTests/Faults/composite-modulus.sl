(define-fun modulus () Int 12)
(define-fun double ((x Int)) Int (ff.add x x))
(synth-fun f ((a Int)) Int ((S Int (a (double S)))))
