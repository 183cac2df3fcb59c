(synth-fun f ((a Int)) Int
  ((S Int (
     (! a) (! a :weight) (! a :weight 1 :weight 2) (! a :weight 1 :probability 1/2)
     (! a :weight 1.5) (! a :weight 70000) (! a :weight x) (! a 3 :weight)
     (! a :probability 0) (! a :probability 3/2) (! a :probability (/ 1 0)) (! a :probability -1) (! a :probability (- 1 2))
     (! a :probabilty 1/2) (! a :cost 3)
     (Constant Int) (LocalVariable Int) (Variable Real)))))
