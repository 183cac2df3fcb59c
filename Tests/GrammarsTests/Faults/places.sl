; Tabs and characters of several bytes before the faults: columns count characters.
(synth-fun f ((|é∀𝄞| Int)) Int
	((S Int (|é∀𝄞|	Q1 |ä| (+ |é∀𝄞| Q2)		(mod |é∀𝄞| |ö ü| ) Q3))))
(constraint (= (f "é") Q4))
