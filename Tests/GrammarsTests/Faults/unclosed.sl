(synth-fun f ((a Int)) Int
  ((S Int (a (+ S 1)))
(check-synth)
