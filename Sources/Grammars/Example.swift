/// One observation of the function to be found: inputs and the output.
public struct Example: Hashable, Sendable {
  /// One value per parameter, in order.
  public let inputs: [Value]
  public let output: Value

  public init(inputs: [Value], output: Value) {
    self.inputs = inputs
    self.output = output
  }
}
