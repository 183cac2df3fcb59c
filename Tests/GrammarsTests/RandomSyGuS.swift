import Randomness

/// SyGuS files with random grammars: sorts, composite productions, macros, names and measures of all kinds.
struct RandomSyGuS {
  private var generator: SeededGenerator
  private var nonterminals: [(name: String, sort: String)] = []
  private var parameters: [(name: String, sort: String)] = []
  private var macros: [(name: String, arguments: [String], sort: String)] = []

  init(seed: UInt64) { generator = SeededGenerator(seed: seed, name: "grammars/random-sygus") }

  private static let sorts = ["Int", "Bool", "(_ BitVec 1)", "(_ BitVec 8)", "(_ BitVec 64)", "(_ Permutation 3)"]
  private static let names = ["E", "|two words|", "B.1", "|(|", "~!@$%^&*_-+=<>.?/", "Start", "|9|", "|é∀|"]

  private mutating func below(_ bound: Int) -> Int { Int(generator.below(UInt64(bound))) }
  private mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  /// A file with one to four nonterminals.
  mutating func file() -> String {
    let names = Array(Self.names.dropFirst(below(4)).prefix(1 + below(4)))
    nonterminals = names.map { ($0, pick(Self.sorts)) }
    parameters = (0..<below(4)).map { (["x", "|a b|", "y'1"][$0 % 2] + "\($0)", pick(Self.sorts)) }
    parameters = parameters.enumerated().map { (["x", "|a b|", "long.name"][$0], $1.sort) }
    var lines: [String] = []
    macros = []
    for number in 0..<below(3) {
      let (own, result) = (pick(Self.sorts), pick(Self.sorts))
      let body = term(result, 2) { generator, sort in sort == own && generator.below(2) == 0 ? "x" : nil }
      lines.append("(define-fun m\(number) ((x \(own))) \(result) \(body))")
      macros.append(("m\(number)", [own], result))
    }
    lines.append(
      "(synth-fun f (\(parameters.map { "(\($0.name) \($0.sort))" }.joined(separator: " "))) \(nonterminals[0].sort) (")
    for nonterminal in nonterminals {
      lines.append(" (\(nonterminal.name) \(nonterminal.sort) (\(productions(nonterminal.sort))))")
    }
    return lines.joined(separator: "\n") + "))\n"
  }

  /// One constant at least, so that every nonterminal ends; all with weights, all with probabilities, or all without.
  private mutating func productions(_ sort: String) -> String {
    let known = nonterminals
    var terms = [literal(sort)]
    for _ in 0..<below(6) {
      terms.append(
        term(sort, 1 + below(3)) { generator, sort in
          let fitting = known.filter { $0.sort == sort }
          return fitting.isEmpty || generator.below(6) == 0
            ? nil : fitting[Int(generator.below(UInt64(fitting.count)))].name
        })
    }
    for parameter in parameters where parameter.sort == sort { terms.append(parameter.name) }
    // A nonterminal alone could be a cycle of units with nothing else; constants keep it sound.
    switch below(3) {
    case 0: return terms.joined(separator: " ")
    case 1: return terms.map { "(! \($0) :weight \(below(20)))" }.joined(separator: " ")
    default:
      let shares = terms.map { _ in 1 + below(1000) }
      let sum = shares.reduce(0, +)
      return zip(terms, shares).map { "(! \($0) :probability \(below(2) == 0 ? "\($1)/\(sum)" : "(/ \($1) \(sum))"))" }
        .joined(separator: "\n  ")
    }
  }

  private mutating func literal(_ sort: String) -> String {
    switch sort {
    case "Int": pick(["0", "1", "(- 1)", "(- 9223372036854775807)", "9223372036854775807", "(- 30)"])
    case "Bool": pick(["true", "false"])
    case "(_ BitVec 1)": pick(["#b0", "#b1", "(_ bv1 1)"])
    case "(_ BitVec 8)": pick(["#x0f", "#b10101010", "(_ bv255 8)"])
    case "(_ BitVec 64)": pick(["#xffffffffffffffff", "#x0123456789aBcDeF"])
    default: pick(["(perm 0 1 2)", "(perm 2 0 1)", "(perm 1 0 2)"])
    }
  }

  /// A term with operators to a depth of `depth`; `leaf` names what stands at its ends, nil for a literal.
  private mutating func term(_ sort: String, _ depth: Int, _ leaf: (inout SeededGenerator, String) -> String?) -> String
  {
    if depth == 0 { return leaf(&generator, sort) ?? literal(sort) }
    let same = Array(repeating: sort, count: 2)
    var heads: [(String, [String])] = [("ite", ["Bool"] + same)]
    switch sort {
    case "Int":
      heads +=
        ["+", "-", "*", "div", "mod"].map { ($0, same) } + [("-", [sort]), ("abs", [sort]), ("+", same + [sort])]
    case "Bool":
      let other = pick(Self.sorts)
      heads +=
        ["and", "or", "xor", "=>"].map { ($0, same) } + [
          ("not", [sort]), ("=", [other, other]), ("=>", same + [sort]),
        ]
      heads += [("<", ["Int", "Int"]), ("bvslt", ["(_ BitVec 8)", "(_ BitVec 8)"]), ("even", ["Int"])]
    case "(_ Permutation 3)": heads += [("compose", same), ("inverse", [sort])]
    default:
      heads +=
        ["bvadd", "bvxor", "bvashr", "bvurem", "bvnand"].map { ($0, same) } + [("bvnot", [sort]), ("bvneg", [sort])]
      heads += [("(_ rotate_left 5)", [sort])]
      if sort == "(_ BitVec 64)" {
        heads += [("(_ sign_extend 56)", ["(_ BitVec 8)"]), ("(_ repeat 8)", ["(_ BitVec 8)"])]
      }
      if sort == "(_ BitVec 1)" {
        heads += [("bvcomp", ["(_ BitVec 64)", "(_ BitVec 64)"]), ("(_ extract 3 3)", ["(_ BitVec 8)"])]
      }
    }
    heads += macros.filter { $0.sort == sort }.map { ($0.name, $0.arguments) }
    let (head, arguments) = pick(heads)
    return "(\(head) \(arguments.map { term($0, below(depth), leaf) }.joined(separator: " ")))"
  }
}
