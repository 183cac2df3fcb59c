(synth-fun f ((a Int)) Int ())
