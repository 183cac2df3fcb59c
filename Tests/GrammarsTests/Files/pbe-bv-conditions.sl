; Conditions on equalities; no macros.
(set-logic BV)
(synth-fun f ( (x (BitVec 64)) ) (BitVec 64)
((Start (BitVec 64)
(
(bvnot Start)
(bvneg Start)
(bvxor Start Start)
(bvand Start Start)
(bvor Start Start)
(bvadd Start Start)
(bvmul Start Start)
(bvudiv Start Start)
(bvurem Start Start)
(bvlshr Start Start)
(bvashr Start Start)
(bvshl Start Start)
(bvsdiv Start Start)
(bvsrem Start Start)
(bvsub Start Start)
x
#x0000000000000000
#x0000000000000001
#x0000000000000002
#x0000000000000003
#x0000000000000009
#x0000000000000009
#x0000000000000010
(ite StartBool Start Start)
))
(StartBool Bool
((= Start Start)
(not StartBool)
(and StartBool StartBool)
(or StartBool StartBool)
))))
(constraint (= (f #x6b0d549b6f03675a) #xd61aa936de06ceb4))
(constraint (= (f #x3d9c172411e20b8f) #x0f6705c9047882e3))
(constraint (= (f #x8d116ece1738f7d9) #x23445bb385ce3df6))
(constraint (= (f #x0f21ddb66cad4a26) #x1e43bb6cd95a944c))
(constraint (= (f #x90c192cfd3ac94af) #x243064b3f4eb252b))
(constraint (= (f #xf28c105d1fb17c23) #x3ca3041747ec5f08))
(check-synth)
