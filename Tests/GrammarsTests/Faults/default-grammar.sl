(synth-fun f ((a Int) (v (_ BitVec 8)) (q Bool)) Int)
