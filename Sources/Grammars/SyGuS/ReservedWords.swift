/// The words that have a meaning of their own in programs, so that nothing else is called by them: no input of a task,
/// in grammars and in task files alike, no nonterminal, no variable of a lambda and no definition.
///
/// They are the reserved words of SMT-LIB, without the names of its commands, what terms read by themselves, and
/// SMT-LIB's operators. Names of operators that only Levin has may be taken: files of others use them for other things.
///
/// - Source: SMT-LIB 2.6, section 3.1.
package enum ReservedWords {
  private static let words: Set<String> = [
    "BINARY", "DECIMAL", "HEXADECIMAL", "NUMERAL", "STRING", "_", "!", "as", "let", "exists", "forall", "match", "par",
    "lambda", "true", "false", "nil", "list", "perm",
  ]

  /// Operators that only Levin has.
  private static let own: Set<Operator> = [
    .even, .fieldAdd, .fieldSubtract, .fieldMultiply, .fieldDivide, .compose, .inverse,
  ]

  private static let all: Set<String> = words.union(
    Operator.plain.filter { !own.contains($0) && !$0.isStructured }.map(\.symbol))

  /// Whether it is a word of the format, or of a kind of value, and no operator.
  static func isWord(_ name: String) -> Bool { words.contains(name) }

  /// Whether nothing else may have this name.
  package static func contains(_ name: String) -> Bool { all.contains(name) }
}
