; Macros, SyGuS 1 sorts, 64-bit hexadecimal constants: the form of the bit-vector examples track.

(set-logic BV)

(define-fun shr1 ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000001))
(define-fun shr4 ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000004))
(define-fun shr16 ((x (BitVec 64))) (BitVec 64) (bvlshr x #x0000000000000010))
(define-fun shl1 ((x (BitVec 64))) (BitVec 64) (bvshl x #x0000000000000001))
(define-fun if0 ((x (BitVec 64)) (y (BitVec 64)) (z (BitVec 64))) (BitVec 64) (ite (= x #x0000000000000001) y z))

(synth-fun f ( (x (BitVec 64))) (BitVec 64)
(

(Start (BitVec 64) (#x0000000000000000 #x0000000000000001 x (bvnot Start)
                    (shl1 Start)
 		    (shr1 Start)
		    (shr4 Start)
		    (shr16 Start)
		    (bvand Start Start)
		    (bvor Start Start)
		    (bvxor Start Start)
		    (bvadd Start Start)
		    (if0 Start Start Start)
 ))
)
)


(constraint (= (f #x123456789abcdef0) #xf6c4908032001000))
(constraint (= (f #xf2a74de452e6b438) #x80840901928084a0))
(constraint (= (f #x6513270e269e0d37) #xc9264c080c901924))
(constraint (= (f #x0c5c7fd0a6a3a450) #xf9100002a4840592))
(constraint (= (f #xd23f0824128b2f33) #x92c00b6db6924804))
(constraint (= (f #x1818e811892f902b) #xf2720176236806e8))
(constraint (= (f #x9531985d5d9dc9f8) #xb424225000200300))
(constraint (= (f #xe8e25d940ed90475) #x8100d024b8126d80))
(constraint (= (f #x36f675cc81e74ef5) #xe480800137000800))
(constraint (= (f #x1600a35a099950d8) #xf49fa4425b224292))
(constraint (= (f #x0000000000000001) #xffffffffffffffff))
(constraint (= (f #x0000000000000000) #xffffffffffffffff))
(check-synth)
