import Documents

/// Reads sorts, constants and typed terms; gathers faults.
struct TermReader {
  let source: SourceText
  var faults = SourceFaults()
  /// Nullary definitions.
  var constants: [String: Value] = [:]
  private(set) var definitions: [Grammar.Definition] = []
  var definitionNumber: [String: Int] = [:]
  /// Names of definitions with a fault of their own: uses of them are left out, and are no faults beside it.
  private var refused: Set<String> = []
  /// Whether something was left out.
  private(set) var hasOmissions = false
  private(set) var modulus: Int64?
  /// Negative constants of the adopted grammar when it negates; nil otherwise.
  var negatives: Set<Int64>?
  /// The variables of the adopted grammar: what its lambdas bind.
  var variables: [Grammar.Parameter] = []
  /// What operators take, by the names that were used wrongly.
  var expectations: [String: String] = [:]
  /// Where the file defines the modulus.
  private(set) var modulusPlace: Range<Int>?

  init(_ source: SourceText) { self.source = source }

  mutating func fault(_ node: SExpression, _ message: String, hint: String? = nil) {
    faults.append(source.fault(node.range, message, hint: hint))
  }

  /// Knows a definition with a fault. A wrong modulus is read as 2: that is enough to check what is done with it.
  mutating func refuse(_ name: String) {
    if name == "modulus" { setModulus(2, at: nil) } else { refused.insert(name) }
  }

  /// - Parameter place: where the file defines it.
  mutating func setModulus(_ value: Int64, at place: Range<Int>?) {
    (modulus, modulusPlace, constants["modulus"]) = (value, place, .int(value))
  }

  /// Whether a node names a refused definition, and is to be left out.
  mutating func isRefused(_ node: SExpression) -> Bool {
    guard let name = node.symbol, refused.contains(name), definitionNumber[name] == nil else { return false }
    hasOmissions = true
    return true
  }

  mutating func define(_ definition: Grammar.Definition) {
    definitionNumber[definition.name] = definitions.count
    definitions.append(definition)
    expandedSizes.append(expandedSize(definition.body))
  }

  /// Most symbols that a call of a definition may evaluate, calls in it included: they nest as deep as a chain of them is long.
  static let expansionLimit = 10_000
  private var expandedSizes: [Int] = []

  /// Symbols that a term evaluates, those of called definitions included; some number above the limit when more.
  func expandedSize(_ term: Term) -> Int {
    switch term {
    case .variable, .constant: return 1
    case .operation(_, let arguments):
      return arguments.reduce(1) { min($0 + expandedSize($1), Self.expansionLimit + 1) }
    case .call(let index, let arguments):
      return arguments.reduce(min(expandedSizes[index] + 1, Self.expansionLimit + 1)) {
        min($0 + expandedSize($1), Self.expansionLimit + 1)
      }
    case .lambda(_, let body): return expandedSize(body)
    }
  }

  /// Knows the names of a grammar.
  mutating func adopt(_ grammar: Grammar) {
    for definition in grammar.definitions { define(definition) }
    variables = grammar.variables
    if let modulus = grammar.modulus { setModulus(modulus, at: nil) }
    for production in grammar.productions {
      if case .constant(let value, let name?) = production.symbol { constants[name] = value }
    }
    if grammar.productions.contains(where: { $0.symbol == .operation(.negate) }) {
      negatives = Set(
        grammar.productions.compactMap { production -> Int64? in
          guard case .constant(let value, nil) = production.symbol, value.sort == .int, value.word < 0 else {
            return nil
          }
          return value.word
        })
    }
  }

  func definition(_ name: String) -> Int? { definitionNumber[name] }

  /// The definition of this name when it has no parameters: it is written without parentheses.
  func nullaryDefinition(_ name: String) -> Int? {
    definitionNumber[name].flatMap { definitions[$0].parameters.isEmpty ? $0 : nil }
  }

  /// Whether nothing new may take this name. Levin's own operators may be redefined.
  func isTaken(_ name: String) -> Bool {
    constants[name] != nil || definitionNumber[name] != nil || ReservedWords.contains(name)
  }

  /// Operators without indices by symbol; `-` stands for two.
  static let operators: [String: [Operator]] = Dictionary(grouping: Operator.plain, by: \.symbol)

  // MARK: Sorts

  /// A sort: `Int`, `Bool`, `(_ BitVec 8)` (or SyGuS 1's `(BitVec 8)`), `(_ Permutation 5)`.
  mutating func sort(_ node: SExpression) -> Sort? {
    switch node.symbol {
    case "Int": return .int
    case "Bool": return .bool
    case let name?:
      let near = nearestMatch(to: name, among: ["Int", "Bool", "(_ BitVec n)", "(_ Permutation n)"])
      fault(
        node, "unknown sort '\(source.text(node.range))'",
        hint: near.map { "did you mean '\($0)'?" } ?? Self.sorts)
      return nil
    case nil: break
    }
    if var items = node.list {
      if items.first?.symbol == "_" { items.removeFirst() }
      if items.count == 2, items[0].symbol == "List", items[1].symbol == "Int" { return .list }
      if items.count == 3, items[0].symbol == "Pair", items[1].symbol == "Int", items[2].symbol == "Int" {
        return .pair
      }
      if items.count == 2, let size = items[1].numeral.flatMap({ Int($0) }) {
        if items[0].symbol == "BitVec", (1...64).contains(size) { return .bitVector(width: size) }
        if items[0].symbol == "Permutation", (1...15).contains(size) { return .permutation(degree: size) }
      }
    }
    fault(
      node, "unknown sort '\(source.text(node.range))'",
      hint: Self.sorts)
    return nil
  }

  private static let sorts = "sorts: Int, Bool, (_ BitVec 1…64), (_ Permutation 1…15), (List Int), (Pair Int Int)"

  /// `((a Int) (b Int))`.
  mutating func parameters(_ list: [SExpression]) -> [Grammar.Parameter]? {
    var parameters: [Grammar.Parameter] = []
    var isSound = true
    for node in list {
      guard let pair = node.list, pair.count == 2, let name = pair[0].symbol else {
        fault(node, "a parameter (name sort) was expected, not '\(source.text(node.range))'")
        isSound = false
        continue
      }
      guard let sort = sort(pair[1]) else {
        isSound = false
        continue
      }
      if parameters.contains(where: { $0.name == name }) {
        fault(pair[0], "a second parameter '\(name)'")
        isSound = false
      }
      parameters.append(.init(name: name, sort: sort))
    }
    return isSound ? parameters : nil
  }

  // MARK: Constants

  /// A literal; nil (and no fault) when the node is none. A literal out of range is a fault and the inner nil.
  mutating func literal(_ node: SExpression) -> Value?? {
    switch node.kind {
    case .numeral(let digits): return .some(integer(node, digits, negative: false))
    case .decimal:
      fault(node, "'\(source.text(node.range))' is not an integer")
      return .some(nil)
    case .hexadecimal(let digits): return .some(vector(node, digits, radix: 16, width: 4 * digits.utf8.count))
    case .binary(let digits): return .some(vector(node, digits, radix: 2, width: digits.utf8.count))
    case .symbol("true"): return .some(.bool(true))
    case .symbol("false"): return .some(.bool(false))
    case .symbol("nil"): return .some(.list([]))
    case .string:
      fault(node, "strings are not a sort of Levin")
      return .some(nil)
    case .list(let items): return listLiteral(node, items)
    default: return nil
    }
  }

  private mutating func listLiteral(_ node: SExpression, _ items: [SExpression]) -> Value?? {
    if let digits = node.negatedNumeral, !isNegation("-" + digits) {
      return .some(integer(node, digits, negative: true))
    }
    if items.count == 3, items[0].symbol == "_", let name = items[1].symbol, name.hasPrefix("bv"),
      let bits = items[2].numeral
    {
      let digits = name.dropFirst(2)
      let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
      if isNumber, let value = UInt64(digits), let width = Int(bits), (1...64).contains(width),
        value & ~Value.mask(width: width) == 0
      {
        return .some(.bitVector(value, width: width))
      }
      let isInteger = digits.hasPrefix("-") && Int(digits) != nil
      if isNumber || isInteger {
        fault(node, "\(digits) does not fit into \(bits) bits (1 to 64)")
        return .some(nil)
      }
    }
    if items.first?.symbol == "list" {
      var elements: [Int64] = []
      for item in items.dropFirst() {
        guard let value = element(item), value.sort == .int else {
          fault(item, "an integer was expected: lists hold integers")
          return .some(nil)
        }
        elements.append(value.word)
      }
      return .some(.list(elements))
    }
    if items.first?.symbol == "perm" {
      let images = items.dropFirst().compactMap { $0.numeral.flatMap { Int($0) } }
      guard images.count == items.count - 1, let value = Value.permutation(images) else {
        fault(node, "'\(source.text(node.range))' is not a permutation of 0, 1, … (at most 15 points)")
        return .some(nil)
      }
      return .some(value)
    }
    return nil
  }

  /// An element of a list: `(- 3)` is a number there, whether the grammar negates or not.
  private mutating func element(_ node: SExpression) -> Value? {
    if let digits = node.negatedNumeral { return integer(node, digits, negative: true) }
    return literal(node) ?? nil
  }

  /// Whether `(- 3)` is the negation of 3: the grammar whose term is read has that operator and no constant -3. There is no
  /// constant -0, so `(- 0)` always is.
  private func isNegation(_ digits: String) -> Bool {
    guard let known = negatives, let value = Int64(digits) else { return false }
    return value == 0 || !known.contains(value)
  }

  private mutating func integer(_ node: SExpression, _ digits: String, negative: Bool) -> Value? {
    if let value = Int64((negative ? "-" : "") + digits), value != Value.noValueWord { return .int(value) }
    fault(node, "the integer '\(source.text(node.range))' is outside -(2^63 - 1) … 2^63 - 1")
    return nil
  }

  private mutating func vector(_ node: SExpression, _ digits: String, radix: Int, width: Int) -> Value? {
    if width <= 64, let bits = UInt64(digits, radix: radix) { return .bitVector(bits, width: width) }
    fault(node, "a bit vector of \(width) bits; at most 64 are possible")
    return nil
  }
}
