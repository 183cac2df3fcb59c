/// The grammar of a `synth-fun` that has none: all operators of the sort with equal probabilities.
extension GrammarBuilder {
  mutating func useDefault(_ sort: Sort) {
    // Names that neither a parameter nor a definition has.
    func free(_ name: String) -> String {
      let isFree = !terms.isTaken(name) && !parameters.contains { $0.name == name }
      return isFree ? name : free(name + "_")
    }
    let (start, cond) = (free("Start"), free("Cond"))
    let ofSort = parameters.filter { $0.sort == sort }.map { SyGuSPrinter.quoted($0.name) }
    let truths = parameters.filter { $0.sort == .bool }.map { SyGuSPrinter.quoted($0.name) }
    let lost = parameters.filter { $0.sort != sort && $0.sort != .bool }
    for parameter in lost {
      terms.faults.append(
        .init(
          message:
            "no grammar is given, and the default one for \(sort) cannot use the parameter '\(parameter.name)' of sort \(parameter.sort)"
        ))
    }
    guard lost.isEmpty else { return }
    let text: String
    let conditions = "(and \(cond) \(cond)) (or \(cond) \(cond)) (not \(cond)) \(truths.joined(separator: " "))"
    switch sort {
    case .bool:
      text =
        "((\(start) Bool (\(ofSort.joined(separator: " ")) true false (and \(start) \(start)) (or \(start) \(start)) (xor \(start) \(start)) (not \(start)))))"
    case .int:
      text = """
        ((\(start) Int (\(ofSort.joined(separator: " ")) 0 1 (+ \(start) \(start)) (- \(start) \(start)) (* \(start) \(start)) (ite \(cond) \(start) \(start))))
         (\(cond) Bool ((<= \(start) \(start)) (= \(start) \(start)) \(conditions))))
        """
    case .bitVector(let width):
      let zero = Value.bitVector(0, width: width)
      let one = Value.bitVector(1, width: width)
      let operators = [
        "bvadd", "bvsub", "bvmul", "bvudiv", "bvurem", "bvand", "bvor", "bvxor", "bvshl", "bvlshr", "bvashr",
      ].map { "(\($0) \(start) \(start))" }.joined(separator: " ")
      text = """
        ((\(start) \(sort) (\(ofSort.joined(separator: " ")) \(zero) \(one) (bvnot \(start)) (bvneg \(start)) \(operators) (ite \(cond) \(start) \(start))))
         (\(cond) Bool ((= \(start) \(start)) (bvult \(start) \(start)) (bvslt \(start) \(start)) \(conditions))))
        """
    case .list, .pair, .function:
      return terms.faults.append(.init(message: "no grammar is given, and there is no default one for \(sort)"))
    case .permutation where ofSort.isEmpty:
      return terms.faults.append(
        .init(message: "no grammar is given, and the default one for \(sort) needs a parameter of this sort"))
    case .permutation:
      text = "((\(start) \(sort) (\(ofSort.joined(separator: " ")) (compose \(start) \(start)) (inverse \(start)))))"
    }
    var parser = SExpressionParser(SourceText(Array(text.utf8), file: "default grammar"))
    declare(parser.parse()[0], predeclared: nil)
  }
}
