(define-fun modulus () Int (+ p 1))
(define-fun zero () Int (ff.sub modulus modulus))
(synth-fun f ((x Int)) Int ((S Int (x zero modulus (ff.add S S)))))
(constraint (= (f 1) modulus))
