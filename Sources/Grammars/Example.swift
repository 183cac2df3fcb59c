/// One observation of the function to be found: inputs and the output.
public struct Example: Hashable, Sendable {
  /// One value per parameter, in order.
  public let inputs: [Value]
  /// The value that the function has on these inputs.
  public let output: Value

  /// An observation: the function has this output on these inputs.
  public init(inputs: [Value], output: Value) {
    self.inputs = inputs
    self.output = output
  }
}
