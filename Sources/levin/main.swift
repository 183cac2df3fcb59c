import Grammars
import Search
import ExactArithmetic
import Evaluation
import Tasks

import Glibc
func slurp(_ path: String) -> [UInt8] { let f = fopen(path, "r")!; var all: [UInt8] = []; var buf = [UInt8](repeating: 0, count: 65536); while true { let n = fread(&buf, 1, 65536, f); if n <= 0 { break }; all += buf[0..<n] }; fclose(f); return all }
func fieldGrammar(_ p: Int64) throws -> Grammar { try SyGuSReader.problem(slurp(CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : "grammars/field.sl"), file: "g.sl", modulus: p).grammar }
let p: Int64 = 97
func inv(_ x: Int64) -> Int64 { var r: Int64 = 1; for _ in 0..<(p-2) { r = r * x % p }; return r }
let ops: [(String, (Int64, Int64) -> Int64)] = [
  ("a+b", { ($0+$1)%p }), ("a-b", { ($0-$1+p)%p }), ("ab", { $0*$1%p }), ("a/b", { $0*inv($1)%p }),
  ("a2+b", { ($0*$0+$1)%p }), ("a3+b", { ($0*$0*$0+$1)%p }), ("a2+b2", { ($0*$0+$1*$1)%p }), ("a2+ab+b2", { ($0*$0+$1*$1+$0*$1)%p }),
  ("a2+ab+b2+a", { ($0*$0+$1*$1+$0*$1+$0)%p }), ("a3+ab", { ($0*$0*$0+$0*$1)%p }), ("a3+ab2+b", { ($0*$0*$0+$0*$1*$1+$1)%p }),
  ("parity-div", { $1 % 2 == 1 ? $0*inv($1)%p : ($0-$1+p)%p }), ("parity-mul", { $0 % 2 == 0 ? ($0+$1)%p : $0*$1%p }), ("parity-add", { $0 % 2 == 0 ? ($0+$1)%p : ($0-$1+p)%p })]
let only = CommandLine.arguments.count > 1 && CommandLine.arguments[1] != "all" ? CommandLine.arguments[1] : nil
for (name, op) in ops where only == nil || only == name {
  var rng: UInt64 = 12345
  var examples: [Example] = []
  for _ in 0..<40 { rng = rng &* 6364136223846793005 &+ 1442695040888963407; let a = Int64(rng >> 33) % p; rng = rng &* 6364136223846793005 &+ 1442695040888963407; let b = 1 + Int64(rng >> 33) % (p-1)
    let e = Example(inputs: [.int(a), .int(b)], output: .int(op(a,b))); if !examples.contains(e) { examples.append(e) } }
  var probes: [[Value]] = []
  for i in 0..<8 { probes.append([.int(Int64(i*7+3)), .int(Int64(i*11+1) % p)]) }
  var c = LengthOrderedSearch.Configuration()
  c.audits = true
  c.top = 2
  let g = try fieldGrammar(p)
  let clock = ContinuousClock()
  let t = clock.now
  let r = try LengthOrderedSearch(g, c).run(training: examples, probes: probes)
  print(name, r.stop, "levels", r.completeLevels, "stored", r.storedLevels, "classes", r.classes, "cand", r.candidates, "lookups", r.lookups, "filtered", r.filtered, "sig", r.signature.count, clock.now - t)
  for s in r.solutions { print("   ", SyGuSPrinter(g).text(g.term(of: s.program)), InfixPrinter(g).text(g.term(of: s.program)), s.probability, s.mass!.nearestDouble, s.posterior!.lower.nearestDouble, s.posterior!.upper.nearestDouble) }
}
