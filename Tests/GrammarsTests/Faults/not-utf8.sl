; fine
(synth-fun f ((aÃ© Int)) Int ((S Int (aÃ© ÿş))))
