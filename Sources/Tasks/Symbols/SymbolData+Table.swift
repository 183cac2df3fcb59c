public import Grammars

extension SymbolData {
  /// The examples as those of a function `xs` from lists to lists: what is split, and what programs are searched on.
  ///
  /// - Throws: `TaskError` where equal inputs have different outputs; data that were read have none.
  public func table() throws(TaskError) -> TaskData { try Self.table(examples.map(\.onLists), name: name) }

  /// Examples on lists as a task of this form.
  ///
  /// - Throws: `TaskError` where equal inputs have different outputs.
  public static func table(_ examples: [Example], name: String) throws(TaskError) -> TaskData {
    try TaskData(name: name, parameters: [.init(name: "xs", sort: .list)], outputSort: .list, examples: examples)
  }
}

extension SequenceExample {
  /// The example with its symbols as lists of numbers.
  public var onLists: Example {
    func list(_ symbols: [Int]) -> Value { .list(symbols.map { Int64($0) }) }
    return Example(inputs: [list(input)], output: list(output))
  }

  /// The example that `onLists` gives this one.
  ///
  /// - Precondition: one input, and both it and the output lists.
  public init(onLists example: Example) {
    self.init(input: example.inputs[0].elements.map { Int($0) }, output: example.output.elements.map { Int($0) })
  }
}
