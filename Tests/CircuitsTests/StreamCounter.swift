import Circuits
import Grammars
import Networks

/// A gated recurrent network written down by hand that counts the ones of a stream modulo m: what it keeps is known.
///
/// Two groups of m units, one for each symbol of {0, 1}: unit i of the group of the last symbol is near 1 in state i and near -1 in
/// others, the group of the other symbol is 0. So the state is in the sums of units i of both groups, in m - 1 dimensions of 2m, and
/// the last symbol in the rest. The zeros that the network begins with count as state 0.
struct StreamCounter {
  let modulus: Int

  /// - Parameter step: what a 1 adds.
  func subject(on inputs: Inputs, step: Int = 1) throws -> Subject {
    let m = modulus
    var configuration = RecurrentNetwork.Configuration(cell: .gru, vocabulary: 4, outputs: m)
    (configuration.width, configuration.hidden) = (2, 2 * m)
    let network = RecurrentNetwork(configuration)
    var parameters = [Float](repeating: 0, count: network.layout.count)
    func set(_ name: String, _ row: Int, _ column: Int = 0, _ value: Float) {
      let entry = network.layout[name]!
      parameters[entry.offset + row * (entry.shape.count > 1 ? entry.shape[1] : 1) + column] = value
    }
    // Gates r, z, n. A token switches on the units of its group; nothing of the state before is kept as it is.
    let (r, z, n) = (0, 2 * m, 4 * m)
    let sharpness: Float = 4
    for token in 0..<2 {
      set("embed.W_E", token, token, 1)
      for i in 0..<m {
        let unit = token * m + i
        set("rnn.weight_ih", r + unit, token, 20)
        set("rnn.bias_ih", r + unit, 0, -10)
        set("rnn.bias_ih", z + unit, 0, -20)
        let before = token == 0 ? i : (i + m - step % m) % m
        for group in 0..<2 { set("rnn.weight_hh", n + unit, group * m + before, sharpness) }
        // State 0 is above -1/2, as the zeros of the beginning are; others above 1/2.
        set("rnn.bias_hh", n + unit, 0, before == 0 ? sharpness / 2 : -sharpness / 2)
        set("unembed.W_U", unit, i, 4)
      }
    }
    return try Subject(network, parameters: parameters, inputs: inputs)
  }

  /// The m - 1 dimensions that hold the state.
  var stateSubspace: Subspace {
    let m = modulus
    let differences = (1..<m).map { i in
      (0..<2 * m).map { unit in unit % m == i ? 1.0 : unit % m == 0 ? -1.0 : 0.0 }
    }
    return try! Subspace(spannedBy: Matrix(differences), at: "the state")
  }

  /// All streams of a length over {0, 1}.
  static func inputs(length: Int, outputs: Int) -> Inputs {
    let streams = (0..<1 << length).map { number in (0..<length).map { number >> $0 & 1 } }
    return Inputs(
      values: streams.map { [.list($0.map(Int64.init))] }, tokens: streams.flatMap { $0.map(Int32.init) },
      positions: length,
      answers: Dictionary(uniqueKeysWithValues: (0..<outputs).map { (.list([Int64($0)]), Int32($0)) }),
      vocabulary: 4, outputs: outputs...outputs)
  }
}
