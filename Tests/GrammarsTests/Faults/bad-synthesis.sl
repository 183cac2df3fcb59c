7
()
((f))
(synth-fun f)
