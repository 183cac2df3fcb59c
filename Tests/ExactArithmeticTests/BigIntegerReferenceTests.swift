import ExactArithmetic
import Testing

/// References to the boxes of integers are counted by functions of ours in every shape that a value can be wrapped in: one
/// count too few frees a number that is still read, which shows as a wrong sum here and as a fault under the address
/// sanitizer; one too many is a leak there.
@Suite struct ReferencesAreCountedInEveryShape {
  private enum One {
    case number(BigInteger)
    case none
  }
  private enum Many {
    case number(BigInteger)
    case word(Int)
    case text(String)
    case pair(BigInteger, BigInteger)
    case none, other
  }
  private indirect enum Tree {
    case leaf(BigInteger?)
    case node(Tree, Tree, BigInteger??)
  }
  private struct Alone { var number: BigInteger }
  private struct Generic<T> { var value: T, optional: T?, nested: T?? }
  private final class Holder {
    var number: BigInteger?
    var alone: Alone?
    init(_ number: BigInteger?) { (self.number, alone) = (number, number.map { Alone(number: $0) }) }
  }
  private struct Thrown: Error { let number: BigInteger }

  /// Large enough for a box with words of its own; `offset` tells what was added to it.
  private static let base = BigInteger(1) << 200
  private func offset(_ number: BigInteger?) -> Int { number.map { Int($0 - Self.base) } ?? 0 }

  @inline(never) private func perhaps(_ draw: Int, _ number: BigInteger) -> BigInteger? { draw == 0 ? nil : number }
  @inline(never) private func nested(_ draw: Int, _ number: BigInteger) -> BigInteger?? {
    if draw == 0 { return nil }
    return .some(perhaps(draw - 1, number))
  }
  @inline(never) private func thrown(_ draw: Int, _ number: BigInteger) throws -> BigInteger {
    if draw == 0 { throw Thrown(number: number) }
    return number
  }

  @Test func optionalsEnumsClassesAndErrorsKeepTheirNumbers() {
    var draws = Draws(seed: 1)
    for _ in 0..<5_000 {
      let k = draws.below(1_000)
      let (first, second) = (draws.below(3), draws.below(3))
      let number = Self.base + BigInteger(k)
      let (optional, doubly) = (perhaps(first, number), nested(second, number))
      let (isThere, isDoublyThere) = (first == 0 ? 0 : k, second == 2 ? k : 0)

      #expect(offset(optional) == isThere && offset(doubly ?? nil) == isDoublyThere)
      var ones: [One] = [.number(number), .none, .number(number + 1)]
      ones.swapAt(0, draws.below(3))
      check(ones.reduce(0) { if case .number(let x) = $1 { $0 + offset(x) } else { $0 } } == 2 * k + 1, "enum of one")
      let many: [Many] = [.number(number), .word(k), .text("\(k)"), .pair(number, number + 2), .none, .other]
      let sum = many.reduce(0) {
        switch $1 {
        case .number(let x): $0 + offset(x)
        case .pair(let x, let y): $0 + offset(x) + offset(y)
        default: $0
        }
      }
      check(sum == 3 * k + 2, "enum of many")
      let tree = Tree.node(.leaf(optional), .node(.leaf(nil), .leaf(number), nil), doubly)
      check(total(tree) == isThere + k + isDoublyThere, "tree")
      let generic = Generic(value: optional, optional: doubly, nested: .some(nil))
      check(offset(generic.value) == isThere && offset(generic.optional ?? nil) == isDoublyThere, "generic")
      let holder = Holder(optional)
      check(offset(holder.alone?.number) == isThere, "class")
      (holder.number, holder.alone) = (number, nil)
      check(offset(holder.number) == k && offset(optional) == isThere, "class, changed")
      let table: [BigInteger: BigInteger?] = [number: optional, number + 1: nil]
      check(offset(table[number] ?? nil) == isThere && table.keys.reduce(0) { $0 + offset($1) } == 2 * k + 1, "table")
      do { check(offset(try thrown(first, number)) == k, "returned") } catch {
        check(offset((error as? Thrown)?.number) == k, "thrown")
      }
      let closure: () -> BigInteger? = { [optional] in optional }
      check(offset(closure()) == isThere, "closure")
    }
  }

  private func total(_ tree: Tree) -> Int {
    switch tree {
    case .leaf(let number): offset(number)
    case .node(let left, let right, let number): total(left) + total(right) + offset(number ?? nil)
    }
  }

  @Test func aCopyKeepsItsNumberWhenTheOtherChanges() {
    var draws = Draws(seed: 2)
    for _ in 0..<5_000 {
      let k = draws.below(1_000)
      // Sums have a box of fixed size, products have not.
      for start in [Self.base + BigInteger(k), Self.base * 3 + BigInteger(k) * 3] {
        var (changed, optional): (BigInteger, BigInteger?) = (start, start)
        let (kept, alsoKept) = (changed, optional)
        changed += 1
        let between = changed
        changed *= 3
        changed.negate()
        optional? -= 5
        check(changed == -(start + 1) * 3 && between == start + 1, "changed")
        check(kept == start && alsoKept == start && optional == start - 5, "kept")
      }
    }
  }

  @Test func tasksShareNumbers() async {
    let shared = (0..<64).map { Self.base + BigInteger($0) }
    let sums = await withTaskGroup(of: BigInteger.self) { group in
      for task in 0..<8 {
        group.addTask {
          var copies = shared
          var sum: BigInteger = 0
          for round in 0..<2_000 {
            let index = (task * 7 + round) % shared.count
            copies[index] = shared[(index + round) % shared.count]
            sum += copies[index] - Self.base
            copies[(index + 1) % shared.count] += 0
          }
          return sum
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let expected = (0..<8).map { task in
      (0..<2_000).reduce(0) { sum, round in sum + ((task * 7 + round) % 64 + round) % 64 }
    }
    #expect(sums.sorted() == expected.map { BigInteger($0) }.sorted())
  }
}
