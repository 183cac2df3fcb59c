(set-logic LIA)
(check-synth)
