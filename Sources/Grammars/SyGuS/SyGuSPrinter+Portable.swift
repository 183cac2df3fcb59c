public import Documents

extension SyGuSPrinter {
  /// The grammar, without probabilities, and the examples as a file for other SyGuS solvers.
  ///
  /// Levin's own operators become definitions over standard ones: field operators reduce modulo p (the inverse is a
  /// power, 0 for 0, where Levin has no value), permutations of n points become bit vectors of 4n bits.
  /// Macros keep their definitions; named constants are written as their values.
  ///
  /// - Parameter file: The name that messages give the grammar.
  /// - Throws: `InputError` with the names of operators and sorts that have no standard form (loops, lambdas, lists,
  ///   pairs), or with a name of the grammar that one of the definitions needs.
  public func portableProblem(_ examples: [Example], file: String = "grammar") throws(InputError) -> String {
    let portable = SyGuSPrinter(grammar, isPortable: true)
    let uses = self.uses
    let foreign = partsWithoutStandardForm(uses)
    guard foreign.isEmpty else {
      let names = foreign.map { "'\($0)'" }.joined(separator: ", ")
      throw InputError(file: file, message: "no standard form of \(names): other solvers cannot read the grammar")
    }
    var preamble: [String] = []
    var defined: Set<String> = []
    var names: Set<String> = [grammar.name]
    names.formUnion(grammar.parameters.map(\.name))
    names.formUnion(grammar.nonterminals.map(\.name))
    names.formUnion(grammar.definitions.map(\.name))
    for use in uses {
      for line in portable.definition(of: use.op, on: use.sort) where defined.insert(line).inserted {
        let name = String(line.split(separator: " ")[1])
        guard names.insert(name).inserted else {
          throw InputError(file: file, message: "in standard form two things are called '\(name)'")
        }
        preamble.append(line)
      }
    }
    for definition in grammar.definitions {
      let body = portable.text(definition.body, definition.parameters.map(\.name))
      preamble.append(
        "(define-fun \(Self.quoted(definition.name)) \(portable.list(definition.parameters)) \(portable.text(definition.sort)) \(body))"
      )
    }
    return portable.problem(examples, logic: logic, preamble: preamble, withProbabilities: false)
  }

  /// The sorts of inputs, nonterminals and definitions.
  private var sorts: [Sort] {
    var sorts = grammar.parameters.map(\.sort) + grammar.nonterminals.map(\.sort)
    for definition in grammar.definitions { sorts += definition.parameters.map(\.sort) + [definition.sort] }
    return sorts
  }

  private var logic: String { sorts.contains(.int) ? "NIA" : "BV" }

  /// An operator with the sort of its first argument.
  private typealias Use = (op: Operator, sort: Sort)

  /// The operators of productions, then those in bodies of definitions.
  private var uses: [Use] {
    var uses: [Use] = []
    for production in grammar.productions {
      guard case .operation(let op) = production.symbol else { continue }
      uses.append((op, grammar.nonterminals[production.arguments[0]].sort))
    }
    for definition in grammar.definitions { _ = sort(of: definition.body, definition.parameters, adding: &uses) }
    return uses
  }

  /// The sort of a body; its operators are added to `uses`.
  private func sort(of term: Term, _ parameters: [Grammar.Parameter], adding uses: inout [Use]) -> Sort {
    var sorts: [Sort] = []
    for argument in term.arguments { sorts.append(sort(of: argument, parameters, adding: &uses)) }
    switch term {
    case .variable(let index): return parameters[index].sort
    case .constant(let value, _): return value.sort
    case .operation(let op, _):
      guard let result = op.resultSort(of: sorts) else { preconditionFailure("'\(op.head)' does not take \(sorts)") }
      uses.append((op, sorts[0]))
      return result
    case .call(let index, _): return grammar.definitions[index].sort
    case .lambda: preconditionFailure("a definition has no lambda")
    }
  }

  /// Names of operators and sorts that other solvers do not know, and that definitions cannot say; each once.
  private func partsWithoutStandardForm(_ uses: [Use]) -> [String] {
    var parts = uses.filter(\.op.isStructured).map(\.op.symbol)
    if grammar.bindsVariables { parts.append("lambda") }
    parts += sorts.filter { $0 == .list || $0 == .pair }.map(\.description)
    var seen: Set<String> = []
    return parts.filter { seen.insert($0).inserted }
  }

  /// Standard definitions of an operator that only Levin has; none for the others.
  private func definition(of op: Operator, on sort: Sort) -> [String] {
    let p = grammar.modulus ?? 0
    switch op {
    case .even: return ["(define-fun even ((x Int)) Bool (= (mod x 2) 0))"]
    case .fieldAdd: return ["(define-fun ff.add ((x Int) (y Int)) Int (mod (+ x y) \(p)))"]
    case .fieldSubtract: return ["(define-fun ff.sub ((x Int) (y Int)) Int (mod (- x y) \(p)))"]
    case .fieldMultiply: return ["(define-fun ff.mul ((x Int) (y Int)) Int (mod (* x y) \(p)))"]
    case .fieldDivide:
      return inverseByPowers(p) + ["(define-fun ff.div ((x Int) (y Int)) Int (mod (* x (ff.inverse y)) \(p)))"]
    case .compose, .inverse:
      guard case .permutation(let degree) = sort else { return [] }
      return [composition(degree), inversion(degree)]
    default: return []
    }
  }

  /// y^(p-2) by squaring: the inverse of y, and 0 for 0 (Fermat).
  private func inverseByPowers(_ p: Int64) -> [String] {
    var lines = ["(define-fun ff.square ((x Int)) Int (mod (* x x) \(p)))"]
    var (exponent, square) = (p - 2, "y")
    var body: String?
    var number = 0
    while exponent > 0 {
      if exponent & 1 == 1 { body = body.map { "(mod (* \($0) \(square)) \(p))" } ?? square }
      exponent >>= 1
      number += 1
      let name = "ff.power.\(number)"
      if exponent > 0 {
        lines.append("(define-fun \(name) ((y Int)) Int (ff.square \(square)))")
        square = "(\(name) y)"
      }
    }
    return lines + ["(define-fun ff.inverse ((y Int)) Int \(body ?? "y"))"]
  }

  /// f after g: the image of point i is f's at the place that g's image names.
  private func composition(_ degree: Int) -> String {
    let width = 4 * degree
    let fifteen = Value.bitVector(15, width: width)
    let parts = (0..<degree).map { point -> String in
      let shift = Value.bitVector(UInt64(4 * point), width: width)
      let two = Value.bitVector(2, width: width)
      let image = "(bvshl (bvand (bvlshr g \(shift)) \(fifteen)) \(two))"
      return "(bvshl (bvand (bvlshr f \(image)) \(fifteen)) \(shift))"
    }
    return "(define-fun compose ((f (_ BitVec \(width))) (g (_ BitVec \(width)))) (_ BitVec \(width)) \(joined(parts)))"
  }

  private func inversion(_ degree: Int) -> String {
    let width = 4 * degree
    let fifteen = Value.bitVector(15, width: width)
    let parts = (0..<degree).map { point -> String in
      let shift = Value.bitVector(UInt64(4 * point), width: width)
      let two = Value.bitVector(2, width: width)
      return
        "(bvshl \(Value.bitVector(UInt64(point), width: width)) (bvshl (bvand (bvlshr f \(shift)) \(fifteen)) \(two)))"
    }
    return "(define-fun inverse ((f (_ BitVec \(width)))) (_ BitVec \(width)) \(joined(parts)))"
  }

  private func joined(_ parts: [String]) -> String { parts.dropFirst().reduce(parts[0]) { "(bvor \($0) \($1))" } }
}
