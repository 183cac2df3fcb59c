// Levin and cvc5 on the same SyGuS files. See ../../README.md.
import Evaluation
import ExactArithmetic
import Grammars

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

let words = Array(CommandLine.arguments.dropFirst())
guard words.count > 5, let rounds = Int(words[2]), let timeLimit = Int(words[3]) else {
  print("usage: Peers LEVIN CVC5 ROUNDS SECONDS DIRECTORY FILE...")
  exit(64)
}
let (levin, cvc5, scratch) = (words[0], words[1], words[4])

/// An answer, judged by Levin's reader and interpreter.
struct Judged {
  let symbols: Int
  let bits: Double?
  let isRight: Bool

  init?(_ text: String?, _ problem: SyGuSProblem) {
    guard let text = text.flatMap({ Expression($0)?.expanded().text }),
      let term = try? SyGuSReader.term(text, in: problem.grammar)
    else { return nil }
    symbols = Self.nodes(term)
    bits = problem.grammar.derivation(of: term).map { -problem.grammar.probability(of: $0).log2 }
    let interpreter = Interpreter(problem.grammar)
    isRight = problem.examples.allSatisfy { interpreter.run(term, on: $0.inputs).value == $0.output }
  }

  /// Nodes of the body as it is written.
  private static func nodes(_ term: Term) -> Int {
    switch term {
    case .variable, .constant: 1
    case .operation(_, let arguments), .call(_, let arguments): arguments.reduce(1) { $0 + nodes($1) }
    case .lambda(_, let body): 1 + nodes(body)
    }
  }

  var cells: (symbols: String, bits: String, right: String) {
    (String(symbols), bits.map { fixed($0, 1) } ?? "-", isRight ? "yes" : "NO")
  }
}

/// The middle of an odd number of figures.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// `value` with `digits` places.
func fixed(_ value: Double, _ digits: Int) -> String {
  let scale = pow(10, Double(digits))
  let text = String(Int((value.magnitude * scale).rounded()))
  let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
  let point = padded.index(padded.endIndex, offsetBy: -digits)
  return padded[..<point] + (digits > 0 ? "." + padded[point...] : "")
}

func line(_ cells: [String]) {
  let widths = [30, 9, 9, 9, 9, 9, 9, 9, 8, 8]
  var text = ""
  for (index, cell) in cells.enumerated() {
    let space = String(repeating: " ", count: max(0, widths[index] - cell.count))
    text += index == 0 ? cell + space : space + cell
  }
  print(text)
  fflush(nil)
}

print(
  "CPU seconds with start-up, medians of \(rounds) interleaved runs; cvc5 is stopped at \(timeLimit) s and then runs once"
)
print("(size: symbols of the body; bits: of the grammar in the file; right: all constraints, by Levin's interpreter)\n")
line(["", "levin", "cvc5", "", "levin", "cvc5", "levin", "cvc5", "levin", "cvc5"])
line(["task", "s", "s", "factor", "size", "size", "bits", "bits", "right", "right"])
var isMissed = false
var (faster, notLonger) = (0, 0)
let tasks = words.dropFirst(5)
for path in tasks {
  let name = path.split(separator: "/").last!.split(separator: ".").first.map(String.init)!
  let problem: SyGuSProblem
  do { problem = try SyGuSReader.problem(contents(path), file: path) } catch { fatalError("\(error)") }
  let output = scratch + "/answer"
  var (mine, theirs): ([Run], [Run]) = ([], [])
  for _ in 0..<rounds {
    mine.append(
      Run([levin, "search", path, "--extra-work", "0", "--no-mass"], timeLimit: timeLimit, output: output))
    if theirs.last?.isOver != true {
      theirs.append(Run([cvc5, "--lang=sygus2", path], timeLimit: timeLimit, output: output))
    }
  }
  let isOver = theirs.contains(where: \.isOver)
  let (a, b) = (median(mine.map(\.seconds)), isOver ? theirs.last!.seconds : median(theirs.map(\.seconds)))
  let (answer, other) = (Judged(mine[0].definition, problem), Judged(isOver ? nil : theirs[0].definition, problem))
  let nothing = (symbols: "-", bits: "-", right: "-")
  let (x, y) = (answer?.cells ?? nothing, other?.cells ?? nothing)
  let sign = isOver ? "> " : ""
  line([
    name, fixed(a, 3), sign + fixed(b, isOver ? 0 : 3), sign + fixed(b / a, 1), x.symbols, y.symbols, x.bits, y.bits,
    x.right,
    y.right,
  ])
  if a < b { faster += 1 }
  if let answer, other.map({ answer.symbols <= $0.symbols }) ?? true { notLonger += 1 }
  if a >= b || answer?.isRight != true || other.map({ answer!.symbols > $0.symbols }) ?? false { isMissed = true }
}
print("\nLevin is faster on \(faster) of \(tasks.count), and its program not longer on \(notLonger) of \(tasks.count).")
exit(isMissed ? 1 : 0)
