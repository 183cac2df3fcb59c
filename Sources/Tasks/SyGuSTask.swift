import Documents
public import Grammars

/// A SyGuS file whose constraints are examples: a task with a grammar of its own.
public struct SyGuSTask: Sendable {
  /// The examples, under the file's name without folder and ending; the modulus is the grammar's.
  public let task: TaskData
  /// The grammar of the function that is sought.
  public let grammar: Grammar

  /// Bytes of the longest file that is read.
  public static let longestFile = 64 << 20

  /// Whether a path ends as such files do.
  public static func isFile(_ path: String) -> Bool { path.lowercased().hasSuffix(".sl") }

  /// - Throws: `InputError` with every fault of the file, or when it has no constraint; `TaskError` where examples contradict
  ///   each other.
  public init(path: String) throws {
    let problem = try SyGuSReader.problem(readFile(path, limit: Self.longestFile), file: path)
    guard !problem.examples.isEmpty else {
      throw InputError(file: path, message: "the file has no constraint: there is no example to learn from")
    }
    grammar = problem.grammar
    let stem = path.split(separator: "/").last.map { String($0.dropLast(3)) } ?? path
    task = try TaskData(
      name: stem, parameters: grammar.parameters, outputSort: grammar.resultSort, examples: problem.examples,
      modulus: grammar.modulus)
  }
}
