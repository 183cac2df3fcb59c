(synth-fun f ((a Int)) Int
  ((S Int) (T Int) (U Int) (B Bool) (V Int))
  ((S Int (a (+ T 1)))
   (T Int ((+ S T) U))
   (U Int (T (ite B T U)))
   (B Bool (true))
   (V Int ((- V)))))
