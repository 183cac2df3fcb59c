(synth-fun f ((a Int)) Int
  ((S Int) (Exp Int) (B Int) 7 (C Bool Bool))
  ((S Int (a Expr)) (Expr Int (0)) (B Bool (true)) (S Int (1)) (a Int (2)) (+ Int (3)) (X Int) Y (D Int 5) (E Int ())))
