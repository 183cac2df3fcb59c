import Documents
public import Grammars

/// A function given by examples: what a search, a mixture or a network is asked to explain.
///
/// - Invariant: at least one example; every example has the sorts of `parameters` and `outputSort`; no two examples
///   have equal inputs and different outputs. Equal examples may repeat (`distinctExamples` drops the repeats).
public struct TaskData: Hashable, Sendable {
  /// The task's name, such as `mod-add`, or what its file is called.
  public let name: String
  /// Names and sorts of the inputs, at least one.
  public let parameters: [Grammar.Parameter]
  /// The sort of every output.
  public let outputSort: Sort
  /// The observations, in the order of the table or the file.
  public let examples: [Example]
  /// The modulus of the arithmetic behind the data; nil when there is none or the file does not say.
  public let modulus: Int64?

  /// A task from its parts, checked against the invariant.
  ///
  /// - Throws: `TaskError.noExamples`, `.wrongSorts` or `.contradiction`, which names both examples.
  /// - Complexity: one pass and one hash table over the examples.
  public init(
    name: String, parameters: [Grammar.Parameter], outputSort: Sort, examples: [Example], modulus: Int64? = nil
  ) throws(TaskError) {
    self.init(
      unchecked: name, parameters: parameters, outputSort: outputSort, examples: examples, modulus: modulus)
    guard !examples.isEmpty else { throw .noExamples(task: name) }
    let sorts = parameters.map(\.sort)
    var seen = ExampleIndex(capacity: examples.count)
    for (index, example) in examples.enumerated() {
      guard example.inputs.map(\.sort) == sorts, example.output.sort == outputSort else {
        throw .wrongSorts(task: name, example: index + 1)
      }
      if let earlier = seen.insert(example, place: index + 1), earlier.output != example.output {
        throw .contradiction(
          task: name, first: earlier.place, second: index + 1, inputs: example.inputs,
          outputs: [earlier.output, example.output])
      }
    }
  }

  /// A task whose parts satisfy the invariant by construction, or are checked by the caller.
  init(
    unchecked name: String, parameters: [Grammar.Parameter], outputSort: Sort, examples: [Example],
    modulus: Int64? = nil
  ) {
    self.name = name
    self.parameters = parameters
    self.outputSort = outputSort
    self.examples = examples
    self.modulus = modulus
  }

  /// The same data, said to be of arithmetic modulo `modulus`, at least 2.
  public func with(modulus: Int64) -> TaskData {
    TaskData(unchecked: name, parameters: parameters, outputSort: outputSort, examples: examples, modulus: modulus)
  }

  /// The examples without repeats, each at its first place.
  public var distinctExamples: [Example] {
    var seen = ExampleIndex(capacity: examples.count)
    return examples.filter { seen.insert($0, place: 1) == nil }
  }

  /// The values that labels may have, in increasing order: those of the inputs where these include all outputs, else the
  /// outputs. A receiver of labels who knows the inputs knows these.
  public var labels: [Value] {
    var outputs = Set<Value>()
    var inputs = Set<Value>()
    for example in examples {
      outputs.insert(example.output)
      for value in example.inputs { inputs.insert(value) }
    }
    return (outputs.isSubset(of: inputs) ? inputs.filter { $0.sort == outputSort } : outputs)
      .sorted { $0.word < $1.word }
  }

  /// SHA-256 of the task as `jsonLines()` writes it, in lowercase hexadecimal: the task's identity in records.
  ///
  /// `sha256sum` of the written file gives the same digits.
  /// - Complexity: writes the task; linear in its size.
  public func digest() -> String { SHA256.hexadecimalDigest(of: uncheckedLines()) }
}

/// Inputs met so far, with the place and the output of their first example.
struct ExampleIndex {
  private var first: [Key: Entry] = [:]

  struct Entry {
    let place: Int
    let output: Value
  }

  /// Inputs of one task, whose sorts agree, so that their words say all; half the time of comparing values.
  private struct Key: Hashable {
    let inputs: [Value]

    static func == (a: Key, b: Key) -> Bool { a.inputs.elementsEqual(b.inputs) { $0.word == $1.word } }
    func hash(into hasher: inout Hasher) { for input in inputs { hasher.combine(input.word) } }
  }

  init(capacity: Int) { first.reserveCapacity(min(capacity, 1 << 20)) }

  /// Enters an example; returns the earlier example of the same inputs, if there is one.
  mutating func insert(_ example: Example, place: Int) -> Entry? {
    let key = Key(inputs: example.inputs)
    if let earlier = first[key] { return earlier }
    first[key] = Entry(place: place, output: example.output)
    return nil
  }
}
