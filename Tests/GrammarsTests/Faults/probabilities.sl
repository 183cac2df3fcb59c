(synth-fun f ((a Int)) Int
  ((S Int) (T Int) (U Int))
  ((S Int ((! a :probability 0.3) (! 1 :probability 0.3) (! T :probability 3/10)))
   (T Int ((! 0 :probability 1/2) 1 (! U :weight 2)))
   (U Int ((! 0 :probability 2/3) (! 1 :probability 2/3)))))
