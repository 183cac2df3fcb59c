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
  var text = ""
  for (index, cell) in cells.enumerated() {
    let space = String(repeating: " ", count: max(0, (index == 0 ? 27 : 9) - cell.count))
    text += index == 0 ? cell + space : space + cell
  }
  print(text)
  fflush(nil)
}

/// A way to answer a file: the shortest program, any program, another tool.
struct Contender {
  let command: (String) -> [String]
  private(set) var runs: [Run] = []

  init(_ command: @escaping (String) -> [String]) { self.command = command }

  mutating func run(_ path: String, timeLimit: Int) {
    if !isOver { runs.append(Run(command(path), timeLimit: timeLimit, output: scratch + "/answer")) }
  }

  /// Ended by the limit of time, once.
  var isOver: Bool { runs.last?.isOver ?? false }
  var seconds: Double { isOver ? runs.last!.seconds : median(runs.map(\.seconds)) }
  var time: String { isOver ? "> \(fixed(seconds, 0))" : fixed(seconds, 3) }
  func answer(_ problem: SyGuSProblem) -> Judged? { Judged(isOver ? nil : runs[0].definition, problem) }
}

print(
  "CPU seconds with start-up, medians of \(rounds) interleaved runs; a run is stopped at \(timeLimit) s, and then there is one."
)
print("proof: levin search FILE --extra-work 0 --no-mass; any: the same with --unproven; cvc5 --lang=sygus2 FILE.")
print("(size: symbols of the body; bits: of the grammar in the file; answers are checked by Levin's interpreter)\n")
line(["", "proof", "any", "cvc5", "cvc5 /", "cvc5 /", "proof", "any", "cvc5", "proof", "any", "cvc5"])
line(["task", "s", "s", "s", "proof", "any", "size", "size", "size", "bits", "bits", "bits"])
var (faster, longer, missing) = ([0, 0], [0, 0], [0, 0])
var wrong: [String] = []
let tasks = words.dropFirst(5)
for path in tasks {
  let name = path.split(separator: "/").last!.split(separator: ".").first.map(String.init)!
  let problem: SyGuSProblem
  do { problem = try SyGuSReader.problem(contents(path), file: path) } catch { fatalError("\(error)") }
  var contenders = [
    Contender { [levin, "search", $0, "--extra-work", "0", "--no-mass"] },
    Contender { [levin, "search", $0, "--extra-work", "0", "--no-mass", "--unproven"] },
    Contender { [cvc5, "--lang=sygus2", $0] },
  ]
  for _ in 0..<rounds { for number in contenders.indices { contenders[number].run(path, timeLimit: timeLimit) } }
  let answers = contenders.map { $0.answer(problem) }
  let peer = contenders[2]
  func factor(_ number: Int) -> String {
    if contenders[number].isOver {
      return peer.isOver ? "-" : "< " + fixed(peer.seconds / contenders[number].seconds, 3)
    }
    return (peer.isOver ? "> " : "") + fixed(peer.seconds / contenders[number].seconds, 1)
  }
  line(
    [name] + contenders.map(\.time) + [factor(0), factor(1)] + answers.map { $0.map { String($0.symbols) } ?? "-" }
      + answers.map { $0?.bits.map { fixed($0, 1) } ?? "-" })
  for number in 0..<2 {
    if answers[number] != nil, contenders[number].seconds < peer.seconds { faster[number] += 1 }
    switch (answers[number], answers[2]) {
    case (nil, _): missing[number] += 1
    case (let answer?, let other?) where answer.symbols > other.symbols: longer[number] += 1
    default: break
    }
  }
  for (answer, tool) in zip(answers, ["proof", "any", "cvc5"]) where answer?.isRight == false {
    wrong.append("\(tool) on \(name)")
  }
}
print("")
for (number, tool) in ["with proof", "with any program"].enumerated() {
  print(
    "Levin \(tool) is faster on \(faster[number]) of \(tasks.count); its program is longer on \(longer[number]), and there is none on \(missing[number])."
  )
}
print(wrong.isEmpty ? "Every answer is right on all constraints." : "WRONG: " + wrong.joined(separator: ", "))
// cvc5 proves nothing, so it is compared with any program; no program may be longer, found with its proof or without.
exit(faster[1] == tasks.count && missing[1] == 0 && longer == [0, 0] && wrong.isEmpty ? 0 : 1)
