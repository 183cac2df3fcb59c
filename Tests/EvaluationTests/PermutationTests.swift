import Evaluation
import Grammars
import Testing

@Suite struct PermutationsFormTheSymmetricGroup {
  /// All permutations of `0 ..< degree`.
  private func group(_ degree: Int) -> [Value] {
    func orders(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty ? [[]] : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    return orders(Array(0..<degree)).map { .permutation($0)! }
  }

  private func compose(_ f: Value, _ g: Value) -> Value { (try? Operator.compose.apply(f, g, modulus: nil)) ?? .int(0) }
  private func inverse(_ f: Value) -> Value { (try? Operator.inverse.apply(f, f, modulus: nil)) ?? .int(0) }

  @Test(arguments: [1, 2, 3, 4])
  func lawsHoldForAllMembers(_ degree: Int) {
    let all = group(degree)
    let identity = Value.permutation(Array(0..<degree))!
    #expect(Set(all).count == (1...degree).reduce(1, *))
    for f in all {
      check(compose(f, identity) == f && compose(identity, f) == f, "\(f) with the identity")
      check(compose(f, inverse(f)) == identity && compose(inverse(f), f) == identity, "\(f) and its inverse")
      for g in all {
        check(inverse(compose(f, g)) == compose(inverse(g), inverse(f)), "inverse of \(f) after \(g)")
        for h in all { check(compose(compose(f, g), h) == compose(f, compose(g, h)), "\(f), \(g), \(h)") }
      }
    }
  }

  @Test func compositionSendsEachPointThroughTheSecondThenTheFirst() {
    for degree in [1, 2, 3, 4] {
      for f in group(degree) {
        for g in group(degree) {
          check(compose(f, g).images == (0..<degree).map { f.images[g.images[$0]] }, "\(f) after \(g)")
        }
      }
    }
    for degree in Samples.degrees {
      for pair in Samples.product([.permutation(degree: degree), .permutation(degree: degree)]) {
        let (f, g) = (pair[0], pair[1])
        check(compose(f, g).images == (0..<degree).map { f.images[g.images[$0]] }, "\(f) after \(g)")
        check(inverse(f).images == (0..<degree).map { f.images.firstIndex(of: $0)! }, "inverse of \(f)")
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4])
  func kernelsComputeTheWholeGroupTable(_ degree: Int) {
    let sort = Sort.permutation(degree: degree)
    let pairs = group(degree).flatMap { f in group(degree).map { [f, $0] } }
    let evaluator = BatchEvaluator(language([sort, sort]), inputs: pairs)
    #expect(evaluator.words(of: applied(.compose)) == pairs.map { compose($0[0], $0[1]).word })
    #expect(evaluator.words(of: applied(.inverse)) == pairs.map { inverse($0[0]).word })
    #expect(evaluator.words(of: applied(.equal)) == pairs.map { $0[0] == $0[1] ? 1 : 0 })
    #expect(evaluator.words(of: applied(.distinct)) == pairs.map { $0[0] == $0[1] ? 0 : 1 })
  }

  @Test func missingPermutationsSpread() {
    let sort = Sort.permutation(degree: 5)
    // A choice whose condition divides by zero has no value.
    let even = Term.operation(.even, [.operation(.div, [.variable(1), .variable(1)])])
    let chosen = Term.operation(.ite, [even, .variable(0), .variable(0)])
    let inputs = Samples.product([sort, .int], random: 2)
    for term in [chosen, .operation(.inverse, [chosen]), .operation(.compose, [.variable(0), chosen])] {
      checkAgreement(term, language([sort, .int]), inputs)
      checkAgreement(.operation(.equal, [term, .variable(0)]), language([sort, .int]), inputs)
    }
  }
}
