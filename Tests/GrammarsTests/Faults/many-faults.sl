; Faults of all kinds in one file.
(set-logi BV)
(define-fun inc ((x Int)) Int (+ x y))
(synth-fun f ((a Int) (b Int)) Int
  ((Expr Int) (Cond Bool))
  ((Expr Int (
     a b (+ Expr Exprr)
     (foo Expr)
     (ite Expr Expr Expr)
     (! (* Expr Expr) :wieght 3)
     (! 1 :probability 2)
     Cond))
   (Cond Bool ((< Expr) (nott Cond) 99999999999999999999))))
(constraint (= (f 1) 2))
(check-synt)
