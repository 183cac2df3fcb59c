import Documents
import Grammars
import Testing

/// Variables are in scope where every way from the start binds them.
@Suite struct ScopeTests {
  private static func problem(_ productions: String) throws(InputError) -> Grammar {
    try GrammarsTests.problem(
      """
      (synth-fun f ((n Int)) Int ((S Int) (B Int) (C Int))
        ((S Int (n (loop (lambda ((x Int) (y Int)) B) S S) (loop (lambda ((x Int) (z Int)) C) S S)))
         \(productions)))
      """
    ).grammar
  }

  @Test func scopesHoldWhatAllWaysBind() throws {
    let grammar = try Self.problem("(B Int (x y C)) (C Int (x n))")
    var scopes: [String: [String]] = [:]
    for (nonterminal, known) in zip(grammar.nonterminals, grammar.variablesInScope()) where !nonterminal.isAuxiliary {
      scopes[nonterminal.name] = known.sorted().map { grammar.variables[$0].name }
    }
    #expect(scopes == ["S": ["n"], "B": ["n", "x", "y"], "C": ["n", "x"]])
  }

  @Test func aVariableThatOneWayDoesNotBindIsAFault() throws {
    let error = try #require(throws: InputError.self) { try Self.problem("(B Int (x y C)) (C Int (y n))") }
    #expect(error.faults.map(\.message) == ["'y' is not bound wherever 'C' is used"])
  }
}
