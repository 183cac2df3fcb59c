/// The grammar of a `synth-fun` that has none: all operators of the sort with equal probabilities.
extension GrammarBuilder {
  mutating func useDefault(_ sort: Sort) {
    let ofSort = parameters.filter { $0.sort == sort }.map { SyGuSPrinter.quoted($0.name) }
    let truths = parameters.filter { $0.sort == .bool }.map { SyGuSPrinter.quoted($0.name) }
    let lost = parameters.filter { $0.sort != sort && $0.sort != .bool }
    for parameter in lost {
      terms.faults.append(
        .init(
          message: "no grammar is given, and the default one for \(sort) cannot use the parameter '\(parameter.name)' of sort \(parameter.sort)"
        ))
    }
    guard lost.isEmpty else { return }
    let text: String
    let conditions = "(and Cond Cond) (or Cond Cond) (not Cond) \(truths.joined(separator: " "))"
    switch sort {
    case .bool:
      text = "((Start Bool (\(ofSort.joined(separator: " ")) true false (and Start Start) (or Start Start) (xor Start Start) (not Start))))"
    case .int:
      text = """
        ((Start Int (\(ofSort.joined(separator: " ")) 0 1 (+ Start Start) (- Start Start) (* Start Start) (ite Cond Start Start)))
         (Cond Bool ((<= Start Start) (= Start Start) \(conditions))))
        """
    case .bitVector(let width):
      let zero = Value.bitVector(0, width: width)
      let one = Value.bitVector(1, width: width)
      let operators = [
        "bvadd", "bvsub", "bvmul", "bvudiv", "bvurem", "bvand", "bvor", "bvxor", "bvshl", "bvlshr", "bvashr",
      ].map { "(\($0) Start Start)" }.joined(separator: " ")
      text = """
        ((Start \(sort) (\(ofSort.joined(separator: " ")) \(zero) \(one) (bvnot Start) (bvneg Start) \(operators) (ite Cond Start Start)))
         (Cond Bool ((= Start Start) (bvult Start Start) (bvslt Start Start) \(conditions))))
        """
    case .permutation:
      text = "((Start \(sort) (\(ofSort.joined(separator: " ")) (compose Start Start) (inverse Start))))"
    }
    var parser = SExpressionParser(SourceText(Array(text.utf8), file: "default grammar"))
    declare(parser.parse()[0], predeclared: nil)
  }
}
