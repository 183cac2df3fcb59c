public import Grammars

/// The grammars that the repository ships, read from `grammars/`.
public enum Language: String, CaseIterable, Sendable {
  /// Each is the grammar `grammars/<case>.sl`.
  case integers, field, permutations, boolean, bitvectors

  /// The grammar with its modulus set to `modulus` where it has one.
  public func grammar(modulus: Int64? = nil) throws -> Grammar {
    let path = Repository.root + "/grammars/\(rawValue).sl"
    return try SyGuSReader.problem(Repository.bytes(path), file: path, modulus: modulus).grammar
  }
}

/// The shipped languages with loops, lambdas or lists.
public enum StructuredLanguage: String, CaseIterable, Sendable {
  /// Each is the grammar `grammars/<case>.sl`.
  case sequences, lists, transducers, nested

  /// The grammar as its file says.
  public func grammar() throws -> Grammar {
    let path = Repository.root + "/grammars/\(rawValue).sl"
    return try SyGuSReader.problem(Repository.bytes(path), file: path).grammar
  }
}
