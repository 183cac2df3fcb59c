import Documents
import ExactArithmetic
import Grammars
import Testing

/// Two grammars are equal part by part.
func expectSame(
  _ a: Grammar, _ b: Grammar, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.name == b.name, comment, sourceLocation: sourceLocation)
  #expect(a.parameters == b.parameters, comment, sourceLocation: sourceLocation)
  #expect(a.nonterminals == b.nonterminals, comment, sourceLocation: sourceLocation)
  #expect(a.productions == b.productions, comment, sourceLocation: sourceLocation)
  #expect(a.definitions == b.definitions, comment, sourceLocation: sourceLocation)
  #expect(a.modulus == b.modulus, comment, sourceLocation: sourceLocation)
}

/// A problem from its text.
func problem(_ text: String, modulus: Int64? = nil, parameters: [Grammar.Parameter]? = nil) throws(InputError)
  -> SyGuSProblem
{
  try SyGuSReader.problem(Array(text.utf8), file: "f.sl", modulus: modulus, parameters: parameters)
}

/// The productions of a nonterminal as the file would write them, with their probabilities.
func shown(_ grammar: Grammar, _ nonterminal: Int = 0) -> [String] {
  let printer = SyGuSPrinter(grammar)
  return grammar.nonterminals[nonterminal].productions.map {
    "\(printer.text(ofProduction: $0)) \(grammar.productions[$0].probability)"
  }
}

/// The probabilities of every nonterminal sum to exactly 1, ranges cover the productions, arguments fit.
func expectInvariant(_ grammar: Grammar, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
  var next = 0
  for (number, nonterminal) in grammar.nonterminals.enumerated() {
    #expect(nonterminal.productions.lowerBound == next, comment, sourceLocation: sourceLocation)
    next = nonterminal.productions.upperBound
    let own = grammar.productions[nonterminal.productions]
    #expect(own.reduce(Rational(0)) { $0 + $1.probability } == 1, comment, sourceLocation: sourceLocation)
    #expect(
      own.allSatisfy {
        $0.nonterminal == number && $0.probability > 0 && $0.arguments.allSatisfy(grammar.nonterminals.indices.contains)
      },
      comment, sourceLocation: sourceLocation)
    if nonterminal.isAuxiliary { #expect(own.count == 1, comment, sourceLocation: sourceLocation) }
  }
  #expect(next == grammar.productions.count, comment, sourceLocation: sourceLocation)
}
