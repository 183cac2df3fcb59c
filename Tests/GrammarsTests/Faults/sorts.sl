(synth-fun f ((a Int) (v (_ BitVec 8)) (p (_ Permutation 4))) Int
  ((S Int (a v true (+ S v) (bvadd v #b1) (= a v) (ite a a a) (compose p (perm 0 1 2)) (mod a) (- a a v)))
   (B bool (true))
   (C (_ BitVec 65) (#x0))
   (D (_ BitVec 8) ((_ bv256 8) ((_ extract 8 0) v) ((_ zero_extend 60) v) ((_ repeat 0) v) ((_ rotate_up 1) v) (concat v v)))
   (P (_ Permutation 16) (p))
   (Q (_ Permutation 4) ((perm 0 1 2 2) (perm 1 2 3 4) (inverse a)))
   (X (_ BitVec 8) ((_ bv99999999999999999999999 8) (_ bv-4 8)))))
