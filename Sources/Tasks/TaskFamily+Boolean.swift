import Grammars

extension TaskFamily {
  /// Boolean functions on all 2^n inputs, at their standard numbers of inputs.
  static let boolean: [TaskFamily] = booleanStems.map { $0.instance($0.standard) }

  /// A Boolean family, one function per size.
  private struct BooleanStem: Sendable {
    let name: String
    let formula: String
    let standard: Int
    /// Sizes that exist, in words and as a test.
    let allowed: String
    let allows: @Sendable (Int64) -> Bool
    /// Names of the inputs at a size.
    let inputs: @Sendable (Int) -> [String]
    let function: @Sendable ([Bool], Int) -> Bool

    func instance(_ size: Int) -> TaskFamily {
      let names = inputs(size)
      let function = self.function
      return TaskFamily(
        name: "\(name)-\(size)", formula: formula, summary: "all \(1 << names.count) inputs", source: "folklore",
        size: .fixed, parameterNames: names, count: { _ in 1 << names.count },
        rows: { _ in
          let examples = (0..<(1 << names.count)).map { row in
            let bits = names.indices.map { row >> (names.count - 1 - $0) & 1 == 1 }
            return Example(inputs: bits.map(Value.bool), output: .bool(function(bits, size)))
          }
          return Rows(parameterSort: .bool, outputSort: .bool, examples: examples)
        })
    }
  }

  private static let booleanStems: [BooleanStem] = [
    BooleanStem(
      name: "bool-parity", formula: "x0 xor x1 xor ...", standard: 4, allowed: "1 … 16 inputs",
      allows: { (1...16).contains($0) }, inputs: numbered("x"),
      function: { bits, _ in bits.reduce(false) { $0 != $1 } }),
    BooleanStem(
      name: "bool-majority", formula: "more inputs are true than false", standard: 3,
      allowed: "an odd number of inputs, 1 … 15", allows: { (1...15).contains($0) && $0 % 2 == 1 },
      inputs: numbered("x"), function: { bits, size in bits.count(where: { $0 }) * 2 > size }),
    BooleanStem(
      name: "bool-mux", formula: "d[s0 + 2*s1 + ...]: the data input that the selecting inputs name", standard: 2,
      allowed: "1 … 3 selecting inputs", allows: { (1...3).contains($0) },
      inputs: { numbered("s")($0) + numbered("d")(1 << $0) },
      function: { bits, size in
        let selected = (0..<size).reduce(0) { $0 | (bits[$1] ? 1 << $1 : 0) }
        return bits[size + selected]
      }),
  ]

  private static func numbered(_ letter: String) -> @Sendable (Int) -> [String] {
    { count in (0..<count).map { "\(letter)\($0)" } }
  }

  /// The instance that `name` (`bool-parity-6`) calls for; nil when it is not the name of one.
  static func booleanInstance(named name: String) throws(TaskError) -> TaskFamily? {
    guard let dash = name.lastIndex(of: "-"), let size = Int64(name[name.index(after: dash)...]), size >= 0,
      let stem = booleanStems.first(where: { $0.name == name[..<dash] }), name == "\(stem.name)-\(size)"
    else { return nil }
    guard stem.allows(size) else { throw .noSuchInstance(task: stem.name, inputs: size, allowed: stem.allowed) }
    return stem.instance(Int(size))
  }
}
